import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../../../api/client.ts';
import { queryClient } from '../../../api/query-client.ts';
import { deidExportsChanged } from '../../../entities/deid/queries.ts';

const KEY = ['deid-held'] as const;

/** Series of an export with files that may show text. */
export const heldSeriesQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: ({ signal }) => call('listDeidHeld', { params: { id }, signal }),
  });

/** Their files, a hundred at a time. */
export const heldFilesQuery = (id: string, seriesId: string) =>
  infiniteQueryOptions({
    queryKey: [...KEY, id, seriesId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call('listDeidHeldFiles', {
        params: { id, seriesId },
        query: pageParam === undefined ? {} : { after: pageParam },
        signal,
      }),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Where in a frame text may be. */
export const suspectedQuery = (id: string, frame: number) =>
  queryOptions({
    queryKey: ['deid-text', id, frame],
    queryFn: ({ signal }) => call('findDeidText', { params: { id }, query: { frame }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export function heldChanged(): void {
  void queryClient.invalidateQueries({ queryKey: KEY });
  deidExportsChanged();
}
