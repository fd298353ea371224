import type { Permission } from '@negatoscope/contract';
import { clinicDay, demoSet, type GeneratedInstance } from '@negatoscope/testkit';
import type { Service } from '../access/index.ts';
import type { IncomingFile } from '../features/ingest/index.ts';
import { once } from '../kernel/once.ts';
import { type DayParts, playClinicDay } from './day.ts';

const SEED = 'negatoscope';
/** Files of one call: each of its batches is committed and shows in the import's progress. */
const CHUNK = 25;

/** What loading it needs: it puts files into the record, where the administrator who asked opened an import for them. */
export const DEMO_PERMISSIONS = ['imports.create', 'patients.identity'] as const satisfies Permission[];

/** `count` instances of the set as files of one call; `onEnd` runs when there are no more. */
async function* chunkOf(
  instances: AsyncIterator<GeneratedInstance>,
  count: number,
  onEnd: () => void,
): AsyncGenerator<IncomingFile> {
  for (let taken = 0; taken < count; taken += 1) {
    const next = await instances.next();
    if (next.done === true) return onEnd();
    yield { name: next.value.fileName, stream: once(next.value.bytes) };
  }
}

/** The small hospital, then the films of a clinic's day. */
async function* bothSets(today: Date): AsyncGenerator<GeneratedInstance> {
  yield* demoSet({ seed: SEED, today });
  yield* clinicDay({ seed: SEED, today });
}

/**
 * Puts the generated studies through the one pipeline, into the import that was opened for them, and plays a clinic's day with some of them. Run again after a stop, it finds duplicates and goes on. Gives the number of instances that are stored. Fails with the signal's reason.
 */
export async function loadDemo(
  parts: DayParts,
  { by, importId }: { by: Service; importId: string },
  signal?: AbortSignal,
): Promise<number> {
  const { ingest, clock, identity } = parts;
  const instances = bothSets(clock.now());
  let stored = 0;
  for (let more = true; more; ) {
    signal?.throwIfAborted();
    const files = chunkOf(instances, CHUNK, () => {
      more = false;
    });
    const results = await ingest.ingestFiles(by, { entrance: 'DEMO', importId }, files);
    stored += results.filter((result) => result.outcome === 'stored' || result.outcome === 'duplicate').length;
  }
  await ingest.closeImport(by, importId);
  const id = await identity.oldestAdministrator();
  const administrator = id === undefined ? undefined : await identity.personOf(id);
  if (administrator !== undefined) await playClinicDay(parts, { administrator, seed: SEED }, signal);
  return stored;
}
