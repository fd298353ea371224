import type { FoundStudy, NodeQuery, SearchEnd } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call, events } from '../../api/client.ts';
import { HERE_KEY } from './here-key.ts';

export interface Searching {
  /** Another for each search. */
  readonly run: number;
  readonly studies: readonly FoundStudy[];
  readonly isRunning: boolean;
  /** How it ended; undefined while it runs, before the first, and when it was stopped. */
  readonly end: SearchEnd | undefined;
  readonly failure: unknown;
  readonly wasStopped: boolean;
}

const NOTHING: Searching = { run: 0, studies: [], isRunning: false, end: undefined, failure: undefined, wasStopped: false };

/** A search at a node, whose studies are there as they are found. Another search, and leaving the page, stop it. */
export function useNodeSearch() {
  const [state, setState] = useState<Searching>(NOTHING);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const search = async (nodeId: string, query: NodeQuery): Promise<void> => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    const change = (more: Partial<Searching>): void => {
      if (running.current === mine) setState((before) => ({ ...before, ...more }));
    };
    setState((before) => ({ ...NOTHING, run: before.run + 1, isRunning: true }));
    try {
      const found: FoundStudy[] = [];
      for await (const { name, data } of events('searchNode', { params: { id: nodeId }, body: query, signal: mine.signal })) {
        // The contract gives the shape of both.
        if (name === 'end') change({ end: data as SearchEnd, isRunning: false });
        else change({ studies: [...found.concat(data as FoundStudy)] });
        if (name === 'study') found.push(data as FoundStudy);
      }
      change({ isRunning: false });
    } catch (failure) {
      change(mine.signal.aborted ? { isRunning: false, wasStopped: true } : { isRunning: false, failure });
    }
  };
  return { ...state, studies: useHere(state), search, stop: () => running.current?.abort() };
}

/** What was found, with what of it is here: as the search has told, until something was fetched. */
function useHere({ run, isRunning, studies }: Searching): readonly FoundStudy[] {
  const { data } = useQuery({
    queryKey: [HERE_KEY, isRunning ? 0 : run],
    queryFn: async ({ signal }) => {
      const body = { studyInstanceUids: studies.map(({ studyInstanceUid }) => studyInstanceUid) };
      const { items } = await call('studiesHere', { body, signal });
      return new Map(items.map(({ studyInstanceUid, ...here }) => [studyInstanceUid, here]));
    },
    enabled: !isRunning && studies.length > 0,
    initialData: () =>
      new Map(studies.flatMap(({ studyInstanceUid, here }) => (here === null ? [] : [[studyInstanceUid, here]]))),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return isRunning ? studies : studies.map((study) => ({ ...study, here: data.get(study.studyInstanceUid) ?? null }));
}
