import { setTimeout as sleep } from 'node:timers/promises';
import type { Annotation } from '@negatoscope/contract';
import type { LiveEvents } from '../../platform/shared-state/index.ts';

/** A live event may be missed: who listens looks by themselves as often as this, which also shows that the connection is there. */
const LOOK_EVERY_MS = 10_000;

/** Wakes who waits for a change of a study. */
export interface Doorbells {
  /** Resolves with the next change of a study, or after a while without one. */
  next(studyId: string): Promise<void>;
  close(): void;
}

export function createDoorbells(events: Pick<LiveEvents, 'subscribe'>): Doorbells {
  const waiting = new Map<string, Set<() => void>>();
  const end = events.subscribe('annotations-changed', (studyId) => {
    const rung = waiting.get(studyId);
    waiting.delete(studyId);
    for (const wake of rung ?? []) wake();
  });
  const next = (studyId: string): Promise<void> => {
    const stop = new AbortController();
    const at = waiting.get(studyId) ?? new Set();
    waiting.set(studyId, at);
    let wake: () => void = () => undefined;
    const rung = new Promise<void>((resolve) => {
      wake = resolve;
      at.add(wake);
    });
    const late = sleep(LOOK_EVERY_MS, undefined, { ref: false, signal: stop.signal }).catch(() => undefined);
    return Promise.race([rung, late]).finally(() => {
      stop.abort();
      at.delete(wake);
      if (at.size === 0 && waiting.get(studyId) === at) waiting.delete(studyId);
    });
  };
  return {
    next,
    close: () => {
      end();
      for (const at of waiting.values()) for (const wake of at) wake();
      waiting.clear();
    },
  };
}

interface Changes {
  readonly items: readonly Annotation[];
  readonly seq: number;
}

/**
 * Changes of a study's annotations as server-sent events, `changed` with what a list answers, `alive` where there is nothing. Each time the study is asked for anew in the scope of
 * who listens; where it is out of reach the answer ends.
 */
export async function* annotationChanges(
  read: (after: number) => Promise<Changes>,
  next: () => Promise<void>,
  after: number,
): AsyncGenerator<string> {
  let seq = after;
  for (;;) {
    // Before it is looked, so that nothing falls between.
    const change = next();
    const found = await read(seq).catch(() => undefined);
    if (found === undefined) return;
    seq = found.seq;
    yield found.items.length === 0 ? 'event: alive\ndata: {}\n\n' : `event: changed\ndata: ${JSON.stringify(found)}\n\n`;
    await change;
  }
}
