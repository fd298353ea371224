import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';

/** Nodes that one may search or send to. */
export const usableNodesQuery = queryOptions({
  queryKey: ['usable-nodes'],
  queryFn: ({ signal }) => call('listUsableNodes', { signal }),
  staleTime: 30_000,
});
