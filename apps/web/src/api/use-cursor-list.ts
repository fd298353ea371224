import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly totalIsExact: boolean;
}
export interface CursorList<T> {
  readonly rows: readonly T[];
  readonly total: number | undefined;
  readonly totalIsExact: boolean;
  readonly isLoading: boolean;
  /** The rows are those of the previous filters while the next ones load. */
  readonly isPrevious: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly more: () => void;
  readonly reload: () => void;
}

interface CursorListOptions {
  /** The list is read again as often while it is looked at; not at all when left out. */
  readonly refreshMs?: number;
  /** How long its rows are kept while one is elsewhere. */
  readonly keptMs?: number;
}
/** A longer list is read again page by page: less often, so that nobody costs the server more than this many pages each time. */
const PAGES_A_REFRESH = 3;

/** A list of any length, read page by page; the previous list stays while the next one loads. */
export function useCursorList<T>(
  queryKey: QueryKey,
  fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  { refreshMs, keptMs }: CursorListOptions = {},
): CursorList<T> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: undefined as string | undefined, // The first page has no cursor; later ones do.
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Stands still while the page is hidden; coming back to it reads at once.
    refetchInterval: ({ state }) =>
      refreshMs === undefined ? false : refreshMs * Math.ceil((state.data?.pages.length ?? 1) / PAGES_A_REFRESH),
    ...(keptMs === undefined ? {} : { gcTime: keptMs }),
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const first = query.data?.pages[0];
  return {
    rows,
    total: first?.total,
    totalIsExact: first?.totalIsExact ?? true,
    isLoading: query.isPending && query.error === null,
    isPrevious: query.isPlaceholderData,
    error: query.data === undefined ? query.error : null,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    more: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
    reload: () => void query.refetch(),
  };
}

/** What of a list shows in a `DataList`. */
export const listProps = <T>({ rows, total, isLoading, isPrevious, hasMore, more }: CursorList<T>) => ({
  rows,
  total,
  isLoading,
  isPrevious,
  hasMore,
  onMore: more,
});
