import type { Prediction } from '@negatoscope/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import type { StudyRef } from '../../model/dicomweb.ts';

const LOOK_EVERY_MS = 1_000;

const keyOf = ({ studyInstanceUid, groupId }: StudyRef): readonly string[] => ['predictions', studyInstanceUid, groupId ?? ''];

export const isPending = (prediction: Prediction | undefined): boolean =>
  prediction?.status === 'QUEUED' || prediction?.status === 'RUNNING';

/** The newest prediction of a study, looked for again while it has no answer. */
export function usePredictions(
  study: StudyRef,
  mayRead: boolean,
): { readonly latest: Prediction | undefined; readonly isKnown: boolean } {
  const { studyInstanceUid, groupId } = study;
  const { data, isPending: isComing } = useQuery({
    queryKey: keyOf(study),
    queryFn: ({ signal }) => call('listPredictions', { query: { studyInstanceUid, groupId, limit: 1 }, signal }),
    enabled: mayRead,
    refetchInterval: ({ state }) => (isPending(state.data?.items[0]) ? LOOK_EVERY_MS : false),
  });
  return { latest: data?.items[0], isKnown: !isComing };
}

/** What a person asks of the model; `error` of what was asked last. */
export interface Asking {
  readonly isBusy: boolean;
  readonly error: unknown;
  ask(): Promise<void>;
  cancel(id: string): Promise<void>;
  sendOn(id: string, reason: string): Promise<void>;
}

export function useAsking(study: StudyRef): Asking {
  const { studyInstanceUid, groupId } = study;
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const doing = async (work: () => Promise<unknown>): Promise<void> => {
    setIsBusy(true);
    setError(undefined);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: keyOf(study) });
    } catch (failure) {
      setError(failure);
    } finally {
      setIsBusy(false);
    }
  };
  return {
    isBusy,
    error,
    ask: () => doing(() => call('predictStudy', { params: { studyInstanceUid }, query: { groupId }, body: {} })),
    cancel: (id) => doing(() => call('cancelPrediction', { params: { id } })),
    sendOn: (id, reason) => doing(() => call('sendOnPrediction', { params: { id }, body: { reason } })),
  };
}
