import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';

/** Saved views of the worklist: one's own and shared ones. */
export const listViewsQuery = queryOptions({
  queryKey: ['list-views'],
  queryFn: ({ signal }) => call('listListViews', { signal }),
  staleTime: 5 * 60_000,
});
