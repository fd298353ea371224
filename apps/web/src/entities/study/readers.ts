import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';

/** Who may be given studies of a group, or of any where it is undefined. */
const readersQuery = (groupId: string | undefined) =>
  queryOptions({
    queryKey: ['readers', groupId ?? ''],
    queryFn: ({ signal }) => call('listReaders', { query: { groupId }, signal }),
    staleTime: 5 * 60_000,
  });

export function useReadersOf(groupId: string | undefined) {
  const can = useCan();
  return useQuery({ ...readersQuery(groupId), enabled: can('studies.write') }).data?.items ?? [];
}
