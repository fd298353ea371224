import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';

/** What is open to this person now, read again from time to time: it ends by itself. */
export const ownEmergenciesQuery = queryOptions({
  queryKey: ['emergencies', 'own'],
  queryFn: ({ signal }) => call('listOwnEmergencies', { signal }),
  refetchInterval: 60_000,
});

/** More or less is seen everywhere once something was opened or ended. */
export function emergenciesChanged(): void {
  for (const key of ['emergencies', 'patients', 'patient', 'studies', 'overview'])
    void queryClient.invalidateQueries({ queryKey: [key] });
}
