import type { Traces } from '@negatoscope/dicom';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import type { StudyRef } from '../model/dicomweb.ts';

export interface WaveformPart {
  readonly study: StudyRef;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /** Place of the group in its sequence, from 0. */
  readonly index: number;
  /** Moments of the group. */
  readonly from: number;
  readonly count: number;
}

export type TracesState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'here'; readonly traces: Traces; readonly part: Pick<WaveformPart, 'index' | 'from' | 'count'> };

/** Pairs of extremes: more than a screen has columns. */
const RUNS = 2500;

/** A part of a waveform: all its values while they are few, the extremes of runs where they are many. What was shown stays until the next is here. */
export function useTraces({ study, seriesInstanceUid, sopInstanceUid, index, from, count }: WaveformPart): {
  readonly state: TracesState;
  readonly retry: () => void;
} {
  const [state, setState] = useState<TracesState>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const { studyInstanceUid, groupId } = study;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after a failure.
  useEffect(() => {
    const abort = new AbortController();
    const query = { from, count, runs: RUNS, ...(groupId !== undefined && { groupId }) };
    const params = { studyInstanceUid, seriesInstanceUid, sopInstanceUid, index: String(index) };
    call('getWaveform', { params, query, signal: abort.signal }).then(
      ({ kind, values }) => {
        if (abort.signal.aborted) return;
        const traces = { kind, values: values.map((own) => Float64Array.from(own, (value) => value ?? Number.NaN)) };
        setState({ kind: 'here', traces, part: { index, from, count } });
      },
      () => {
        if (!abort.signal.aborted) setState({ kind: 'failed' });
      },
    );
    return () => abort.abort();
  }, [studyInstanceUid, groupId, seriesInstanceUid, sopInstanceUid, index, from, count, attempt]);
  return {
    state,
    retry: () => {
      setState({ kind: 'loading' });
      setAttempt((number) => number + 1);
    },
  };
}
