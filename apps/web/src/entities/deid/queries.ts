import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';

/** Projects into which files leave without identity, the newest first. */
export const deidProjectsQuery = queryOptions({
  queryKey: ['deid-projects'],
  queryFn: ({ signal }) => call('listDeidProjects', { signal }),
});
/** One's own exports without identity, the newest first. */
export const deidExportsQuery = queryOptions({
  queryKey: ['deid-exports'],
  queryFn: ({ signal }) => call('listDeidExports', { signal }),
});

export const deidExportsChanged = (): void => void queryClient.invalidateQueries({ queryKey: deidExportsQuery.queryKey });
