import type { listPriors, Prior, ResultOf } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import type { StudyRef } from './dicomweb.ts';

const SHOWN = 100;

/** Other studies of the patient, the one first that is best compared with this one. */
export const priorsQuery = ({ studyInstanceUid, groupId }: StudyRef) => ({
  queryKey: ['priors', studyInstanceUid, groupId ?? ''],
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<ResultOf<typeof listPriors>> =>
    call('listPriors', { params: { studyInstanceUid }, query: { groupId, limit: SHOWN }, signal }),
  staleTime: 60_000,
});

export const refOf = ({ studyInstanceUid, groupId }: Prior): StudyRef => ({ studyInstanceUid, groupId: groupId ?? 'none' });
