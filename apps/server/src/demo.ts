import { DEFAULT_LEVEL, permissionsOf } from '@negatoscope/contract';
import { demoSet, type GeneratedInstance } from '@negatoscope/testkit';
import type { Actor } from './access/index.ts';
import type { House } from './compose.ts';
import type { IncomingFile } from './features/ingest/index.ts';
import { LOAD_DEMO } from './job-kinds.ts';

const SEED = 'negatoscope';
/** Files of one call: each of its batches is committed and shows in the import's progress. */
const CHUNK = 25;

/** The administrator who asked, as the job sees them: no session, so nothing of theirs is borrowed but the name on the import. */
function administrator(userId: string): Actor {
  const level = DEFAULT_LEVEL.ADMIN;
  return {
    userId,
    role: 'ADMIN',
    level,
    groupId: null,
    permissions: permissionsOf('ADMIN', level),
    sessionId: userId,
    via: 'session',
    ip: '',
  };
}

/** Opens the import that the demonstration set goes into and leaves the work to the job process; gives the import's id. */
export async function startDemo(house: House, actor: Actor): Promise<string> {
  const importId = await house.ingest.openImport(actor, { entrance: 'DEMO' });
  await house.queue.send(LOAD_DEMO, { importId, userId: actor.userId });
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
 * Puts the generated studies through the one pipeline, into the import that was opened for them or into one of its own. Run again
 * after a stop, it finds duplicates and goes on. Gives the number of instances that are stored. Fails with the signal's reason.
 */
export async function loadDemo(
  { ingest, clock }: Pick<House, 'ingest' | 'clock'>,
  job: { userId: string; importId?: string },
  signal?: AbortSignal,
): Promise<number> {
  const actor = administrator(job.userId);
  const importId = job.importId ?? (await ingest.openImport(actor, { entrance: 'DEMO' }));
  const instances = demoSet({ seed: SEED, today: clock.now() })[Symbol.asyncIterator]();
  let stored = 0;
  for (let more = true; more; ) {
    signal?.throwIfAborted();
    const files = chunkOf(instances, CHUNK, () => {
      more = false;
    });
    const results = await ingest.ingestFiles(actor, { entrance: 'DEMO', importId }, files);
    stored += results.filter((result) => result.outcome === 'stored' || result.outcome === 'duplicate').length;
  }
  await ingest.closeImport(actor, importId);
  return stored;
}
