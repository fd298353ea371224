import { setTimeout as sleep } from 'node:timers/promises';
import type { Annotation } from '@negatoscope/contract';
import type { LiveEvents } from '../../platform/shared-state/index.ts';

/** A live event may be missed: who listens looks by themselves as often as this, which also shows that the connection is there. */
const LOOK_EVERY_MS = 10_000;

/** What has rung: something was drawn, or somebody began or ended to read; undefined where it was time to look. */
export type Rung = 'annotations-changed' | 'reading-changed' | undefined;

/** Wakes who waits for a change of a study. */
export interface Doorbells {
  /** Resolves with the next change of a study, or after a while without one. */
  next(studyId: string): Promise<Rung>;
  close(): void;
}

export function createDoorbells(events: Pick<LiveEvents, 'subscribe'>): Doorbells {
  const waiting = new Map<string, Set<(rung: Rung) => void>>();
  const ends = (['annotations-changed', 'reading-changed'] as const).map((topic) =>
    events.subscribe(topic, (studyId) => {
      const rung = waiting.get(studyId);
      waiting.delete(studyId);
      for (const wake of rung ?? []) wake(topic);
    }),
  );
  const next = (studyId: string): Promise<Rung> => {
    const stop = new AbortController();
    const at = waiting.get(studyId) ?? new Set();
    waiting.set(studyId, at);
    let wake: (rung: Rung) => void = () => undefined;
    const rung = new Promise<Rung>((resolve) => {
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
      for (const end of ends) end();
      for (const at of waiting.values()) for (const wake of at) wake(undefined);
      waiting.clear();
    },
  };
}

interface Changes {
  readonly items: readonly Annotation[];
  readonly seq: number;
}

/**
 * Changes of a study's annotations as server-sent events, `changed` with what a list answers, `alive` where there is nothing; `reading` before it where who
 * reads the study has changed. Each time the study is asked for anew in the scope of who listens; where it is out of reach the answer ends.
 */
export async function* annotationChanges(
  read: (after: number) => Promise<Changes>,
  next: () => Promise<Rung>,
  after: number,
): AsyncGenerator<string> {
  let seq = after;
  let rung: Rung;
  for (;;) {
    // Before it is looked, so that nothing falls between.
    const change = next();
    const found = await read(seq).catch(() => undefined);
    if (found === undefined) return;
    seq = found.seq;
    if (rung === 'reading-changed') yield 'event: reading\ndata: {}\n\n';
    yield found.items.length === 0 ? 'event: alive\ndata: {}\n\n' : `event: changed\ndata: ${JSON.stringify(found)}\n\n`;
    rung = await change;
  }
}
