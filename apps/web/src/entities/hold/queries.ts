import type { LegalHold } from '@negatoscope/contract';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';

/** All legal holds that stand in scope: few, so that lists of any page share them. */
export const holdsQuery = queryOptions({
  queryKey: ['holds'],
  queryFn: ({ signal }) => call('listHolds', { signal }),
  staleTime: 60_000,
});
export const patientHoldsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['holds', patient],
    queryFn: ({ signal }) => call('listHolds', { query: { patient }, signal }),
  });

export const holdsChanged = (): void => void queryClient.invalidateQueries({ queryKey: ['holds'] });

/** Whether a study, or all that its patient has, is held. */
export const isHeld = (
  holds: readonly LegalHold[],
  study: { readonly id: string; readonly patient: { readonly id: string } },
): boolean => holds.some(({ studyId, patientId }) => (studyId === null ? patientId === study.patient.id : studyId === study.id));
