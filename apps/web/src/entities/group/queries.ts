import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';

/** The groups (sites) that one sees. */
export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: ({ signal }) => call('listGroups', { query: { limit: 200 }, signal }),
});
