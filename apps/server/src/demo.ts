import type { Permission } from '@negatoscope/contract';
import { demoSet, type GeneratedInstance } from '@negatoscope/testkit';
import type { Person, Service } from './access/index.ts';
import type { IncomingFile, Ingest } from './features/ingest/index.ts';
import { LOAD_DEMO } from './job-kinds.ts';
import type { Clock } from './kernel/clock.ts';
import type { Queue } from './platform/queue/queue.ts';

export interface DemoTools {
  readonly ingest: Pick<Ingest, 'openImport' | 'ingestFiles' | 'closeImport'>;
  readonly queue: Pick<Queue, 'send'>;
  readonly clock: Clock;
}

const SEED = 'negatoscope';
/** Files of one call: each of its batches is committed and shows in the import's progress. */
const CHUNK = 25;

/** What loading it needs: it puts files into the record, where the administrator who asked opened an import for them. */
export const DEMO_PERMISSIONS = ['imports.create', 'patients.identity'] as const satisfies Permission[];

/** Opens the import that the demonstration set goes into and leaves the work to the job process; gives the import's id. */
export async function startDemo(parts: Pick<DemoTools, 'ingest' | 'queue'>, actor: Person): Promise<string> {
  const importId = await parts.ingest.openImport(actor, { entrance: 'DEMO' });
  await parts.queue.send(LOAD_DEMO, { importId });
  return importId;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

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

/**
 * Puts the generated studies through the one pipeline, into the import that was opened for them. Run again after a stop, it finds duplicates and goes on. Gives the number of instances that are stored. Fails with the signal's reason.
 */
export async function loadDemo(
  { ingest, clock }: Pick<DemoTools, 'ingest' | 'clock'>,
  { by, importId }: { by: Service; importId: string },
  signal?: AbortSignal,
): Promise<number> {
  const instances = demoSet({ seed: SEED, today: clock.now() })[Symbol.asyncIterator]();
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
  return stored;
}
