import { setTimeout as sleep } from 'node:timers/promises';
import type { Study } from '@negatoscope/contract';
import { type Actor, scopeOf } from '../../../access/index.ts';
import { findStudies, findStudiesOf, findTrashed } from '../../../archive/records/studies.ts';
import { studyOf } from '../../../archive/records/study-rows.ts';
import { Doorbell } from '../../../kernel/doorbell.ts';
import { type ReadingDeps, withReaders } from '../reading/index.ts';
import type { StudyChange, StudyChanges } from './hub.ts';

const ALIVE_EVERY_MS = 10_000;
/** Changes of so long are told together: an import touches a study many times. */
const TOGETHER_MS = 700;
const MOST_AT_ONCE = 200;
/** More than a list shows: who listens looks for themselves. */
const MOST_WAITING = 2_000;

interface Told {
  readonly items: readonly Study[];
  /** Ids of studies in scope that went to the trash, or that were told of and are out of scope by now. */
  readonly gone: readonly string[];
}

/** What has changed and was not looked at yet. */
class Waiting {
  readonly studies = new Set<string>();
  readonly patients = new Set<string>();
  hasMissed = false;

  add(change: StudyChange): void {
    if (change === 'missed' || this.studies.size + this.patients.size >= MOST_WAITING) this.miss();
    else if ('studyId' in change) this.studies.add(change.studyId);
    else this.patients.add(change.patientId);
  }

  private miss(): void {
    this.studies.clear();
    this.patients.clear();
    this.hasMissed = true;
  }

  get isEmpty(): boolean {
    return !this.hasMissed && this.studies.size + this.patients.size === 0;
  }

  takeMissed(): boolean {
    const hadMissed = this.hasMissed;
    this.hasMissed = false;
    return hadMissed;
  }

  take(of: 'studies' | 'patients'): string[] {
    const taken = [...this[of]].slice(0, MOST_AT_ONCE);
    for (const id of taken) this[of].delete(id);
    return taken;
  }
}

/** Looks at changes in the scope of who listens, and remembers what it has told, so that what leaves the scope is told of as well. */
function lookFor(deps: Pick<ReadingDeps, 'db' | 'clock'>, actor: Actor) {
  const told = new Set<string>();
  return async (ids: readonly string[], patientIds: readonly string[]): Promise<Told> => {
    const scope = scopeOf(actor);
    const { rows, trashed } = await deps.db.reading(scope, async (tx) => {
      const own = patientIds.length === 0 ? [] : await findStudiesOf(tx, scope, patientIds, MOST_AT_ONCE);
      const rows = await findStudies(tx, scope, [...new Set([...ids, ...own])]);
      const missing = ids.filter((id) => !rows.some((row) => row.id === id));
      return { rows, trashed: missing.length === 0 ? [] : await findTrashed(tx, scope, missing) };
    });
    const items = await withReaders(
      deps,
      actor,
      rows.map((row) => studyOf(row, actor)),
    );
    const here = new Set(items.map(({ id }) => id));
    const gone = new Set([...trashed, ...ids.filter((id) => told.has(id) && !here.has(id))]);
    for (const id of gone) told.delete(id);
    if (told.size < MOST_WAITING) for (const id of here) told.add(id);
    return { items, gone: [...gone] };
  };
}

/** Server-sent events of the studies in an actor's scope: `changed`, `missed` where the listener is to look for itself, `alive`. */
export async function* studyEventsFor(
  deps: Pick<ReadingDeps, 'db' | 'clock'>,
  actor: Actor,
  subscribe: StudyChanges,
): AsyncGenerator<string> {
  const [waiting, bell, look] = [new Waiting(), new Doorbell(), lookFor(deps, actor)];
  const end = subscribe((change) => {
    waiting.add(change);
    bell.ring();
  });
  try {
    yield 'event: alive\ndata: {}\n\n';
    for (;;) {
      await bell.wait(ALIVE_EVERY_MS);
      if (waiting.isEmpty) yield 'event: alive\ndata: {}\n\n';
      else await sleep(TOGETHER_MS, undefined, { ref: false });
      if (waiting.takeMissed()) yield 'event: missed\ndata: {}\n\n';
      while (!waiting.isEmpty && !waiting.hasMissed) {
        const found = await look(waiting.take('studies'), waiting.take('patients'));
        if (found.items.length + found.gone.length > 0) yield `event: changed\ndata: ${JSON.stringify(found)}\n\n`;
      }
    }
  } finally {
    end();
  }
}
