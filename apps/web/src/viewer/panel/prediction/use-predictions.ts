import type { BodyOf, giveOpinion, Prediction, validatePrediction } from '@negatoscope/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../../../api/client.ts';
import type { StudyRef } from '../../model/dicomweb.ts';
import { onStudyRung } from '../../model/study-bell.ts';

const LOOK_EVERY_MS = 1_000;
/** Of one study; older ones are in the list of predictions. */
const MOST = 50;

const keyOf = ({ studyInstanceUid, groupId }: StudyRef): readonly string[] => ['predictions', studyInstanceUid, groupId ?? ''];

export const isPending = (prediction: Prediction | undefined): boolean =>
  prediction?.status === 'QUEUED' || prediction?.status === 'RUNNING';

/** The predictions of the film that is looked at, the newest first; those of the study where that film has none. A study whose film is yet to be chosen is about it. */
export function ofFilm(items: readonly Prediction[], sopInstanceUid: string | undefined): readonly Prediction[] {
  const own = items.filter((one) => one.sopInstanceUid === sopInstanceUid || (one.sopInstanceUid === null && isPending(one)));
  return sopInstanceUid === undefined || own.length === 0 ? items : own;
}

/** The predictions of a study, looked for again while one has no answer, and when somebody does something about one. */
export function usePredictions(
  study: StudyRef,
  mayRead: boolean,
): { readonly items: readonly Prediction[]; readonly isKnown: boolean } {
  const { studyInstanceUid, groupId } = study;
  const queries = useQueryClient();
  const { data, isPending: isComing } = useQuery({
    queryKey: keyOf(study),
    queryFn: ({ signal }) => call('listPredictions', { query: { studyInstanceUid, groupId, limit: MOST }, signal }),
    enabled: mayRead,
    refetchInterval: ({ state }) => (state.data?.items.some(isPending) === true ? LOOK_EVERY_MS : false),
  });
  useEffect(() => onStudyRung(study, () => void queries.invalidateQueries({ queryKey: keyOf(study) })), [study, queries]);
  return { items: data?.items ?? [], isKnown: !isComing };
}

/** What a person asks of the model, and says of its answer; `error` of what was asked last. What is done gives whether it was. */
export interface Asking {
  readonly isBusy: boolean;
  readonly error: unknown;
  /** About one film, or about the study's first one. */
  ask(sopInstanceUid: string | undefined): Promise<boolean>;
  cancel(id: string): Promise<boolean>;
  sendOn(id: string, reason: string): Promise<boolean>;
  opine(id: string, body: BodyOf<typeof giveOpinion>): Promise<boolean>;
  decide(id: string, body: BodyOf<typeof validatePrediction>): Promise<boolean>;
}

export function useAsking(study: StudyRef): Asking {
  const { studyInstanceUid, groupId } = study;
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const doing = async (work: () => Promise<unknown>): Promise<boolean> => {
    setIsBusy(true);
    setError(undefined);
    try {
      await work();
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      // Also after a refusal: somebody else may have been first.
      await queries.invalidateQueries({ queryKey: keyOf(study) });
      setIsBusy(false);
    }
  };
  return {
    isBusy,
    error,
    ask: (sopInstanceUid) =>
      doing(() => call('predictStudy', { params: { studyInstanceUid }, query: { groupId }, body: { sopInstanceUid } })),
    cancel: (id) => doing(() => call('cancelPrediction', { params: { id } })),
    sendOn: (id, reason) => doing(() => call('sendOnPrediction', { params: { id }, body: { reason } })),
    opine: (id, body) => doing(() => call('giveOpinion', { params: { id }, body })),
    decide: (id, body) => doing(() => call('validatePrediction', { params: { id }, body })),
  };
}
