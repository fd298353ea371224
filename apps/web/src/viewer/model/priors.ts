import type { listPriors, ResultOf } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { SHOWN_PRIORS } from './beside.ts';
import type { StudyRef } from './dicomweb.ts';

/** Other studies of the patient, the one first that is best compared with this one. */
export const priorsQuery = ({ studyInstanceUid, groupId }: StudyRef) => ({
  queryKey: ['priors', studyInstanceUid, groupId ?? ''],
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<ResultOf<typeof listPriors>> =>
    call('listPriors', { params: { studyInstanceUid }, query: { groupId, limit: SHOWN_PRIORS }, signal }),
  staleTime: 60_000,
});
