import type { Study } from '@negatoscope/contract';
import type { InfiniteData } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { queryClient } from '../../../api/query-client.ts';
import type { Page } from '../../../api/use-cursor-list.ts';
import { hideStudies, showStudies } from '../../../entities/study/cached.ts';
import type { FetchPage } from '../use-studies.ts';
import { compare } from './compare.ts';

const SETTLED_MS = 200;

interface Seen {
  readonly scrollTop: number;
  readonly clientHeight: number;
  readonly scrollHeight: number;
}

/** Which pages of a list are in view, from 0: `counts` are the rows of each, all rows being as high as each other. */
export function pagesInView({ scrollTop, clientHeight, scrollHeight }: Seen, counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const [from, to] = [scrollTop, scrollTop + clientHeight].map((at) => (at / Math.max(1, scrollHeight)) * total);
  let before = 0;
  return counts.flatMap((count, page) => {
    const [first, end] = [before, before + count];
    before = end;
    return first < (to ?? 0) && end > (from ?? 0) ? [page] : [];
  });
}

interface Listed {
  readonly key: readonly unknown[];
  readonly fetchPage: FetchPage;
  readonly gridRef: RefObject<HTMLDivElement | null>;
}

const cachedOf = (key: readonly unknown[]) => queryClient.getQueryData<InfiniteData<Page<Study>, string | undefined>>([...key]);

/** Asks for one page anew, from where it began, and brings its rows up to date where they stand. */
async function lookAt({ key, fetchPage }: Listed, page: number): Promise<void> {
  const cached = cachedOf(key);
  const shown = cached?.pages[page];
  if (cached === undefined || shown === undefined) return;
  const now = await fetchPage(cached.pageParams[page]);
  const { gone } = compare(shown.items, now.items, now.nextCursor === null);
  showStudies(now.items);
  hideStudies(gone);
}

/**
 * The pages of a long list that nothing was heard of for a while: they are asked for anew as they come into view. Gives what marks all pages from one on
 * as such, and asks for those that are seen already.
 */
export function useLatePages(latest: RefObject<Listed>): (from: number) => void {
  const late = useRef<{ key: readonly unknown[]; pages: Set<number> }>({ key: [], pages: new Set() });
  const look = useCallback((): void => {
    const { key, gridRef } = latest.current;
    const { pages } = late.current;
    if (pages.size === 0 || gridRef.current === null || late.current.key !== key) return;
    const counts = cachedOf(key)?.pages.map(({ items }) => items.length) ?? [];
    for (const page of pagesInView(gridRef.current, counts))
      if (pages.delete(page)) void lookAt(latest.current, page).catch(() => void pages.add(page));
  }, [latest]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, SETTLED_MS);
    };
    // The list is drawn anew with its filters: what scrolls is heard on its way down.
    document.addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [look]);
  return useCallback(
    (from: number): void => {
      const { key } = latest.current;
      const count = cachedOf(key)?.pages.length ?? 0;
      late.current = { key, pages: new Set(Array.from({ length: Math.max(0, count - from) }, (_, at) => from + at)) };
      look();
    },
    [latest, look],
  );
}
