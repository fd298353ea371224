import type { FoundStudy, NodeQuery, SearchEnd } from '@negatoscope/contract';
import { useEffect, useRef, useState } from 'react';
import { events } from '../../api/client.ts';

export interface Searching {
  readonly studies: readonly FoundStudy[];
  readonly isRunning: boolean;
  /** How it ended; undefined while it runs, before the first, and when it was stopped. */
  readonly end: SearchEnd | undefined;
  readonly failure: unknown;
  readonly wasStopped: boolean;
}

const NOTHING: Searching = { studies: [], isRunning: false, end: undefined, failure: undefined, wasStopped: false };

/** A search at a node, whose studies are there as they are found. Another search, and leaving the page, stop it. */
export function useNodeSearch() {
  const [state, setState] = useState<Searching>(NOTHING);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const run = async (nodeId: string, query: NodeQuery): Promise<void> => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    const change = (more: Partial<Searching>): void => {
      if (running.current === mine) setState((before) => ({ ...before, ...more }));
    };
    setState({ ...NOTHING, isRunning: true });
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
  return { ...state, run, stop: () => running.current?.abort() };
}
