import type { Notice } from '@negatoscope/contract';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';

/** What one is told of, the latest first. */
export const noticesQuery = queryOptions({
  queryKey: ['notices', 'all'],
  queryFn: ({ signal }) => call('listNotices', { query: {}, signal }),
  staleTime: 60_000,
});

/** The same of one kind. */
export const noticesOf = (kind: Notice['kind']) =>
  queryOptions({
    queryKey: ['notices', kind],
    queryFn: ({ signal }) => call('listNotices', { query: { kind }, signal }),
  });

export const refreshNotices = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['notices'] });

/** Marks some as read, or all; every window of this person hears of it. */
export async function markRead(ids?: readonly string[]): Promise<void> {
  await call('readNotices', { body: ids === undefined ? {} : { ids: [...ids] } }).catch(() => undefined);
  await refreshNotices();
}
