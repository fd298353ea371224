import { DEFAULT_LEVEL, permissionsOf } from '@negatoscope/contract';
import { demoSet } from '@negatoscope/testkit';
import type { House } from './compose.ts';
import type { Actor } from './features/access/index.ts';
import type { IncomingFile } from './features/ingest/index.ts';

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
  await house.queue.send('load-demo', { importId, userId: actor.userId });
  return importId;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Puts the generated studies through the one pipeline. Run again after a stop, it finds duplicates and goes on. */
export async function loadDemo(house: Pick<House, 'ingest' | 'clock'>, job: { importId: string; userId: string }): Promise<void> {
  const actor = administrator(job.userId);
  const target = { entrance: 'DEMO', importId: job.importId } as const;
  const instances = demoSet({ seed: SEED, today: house.clock.now() });
  for (let done = false; !done; ) {
    async function* chunk(): AsyncGenerator<IncomingFile> {
      for (let count = 0; count < CHUNK; count += 1) {
        const next = await instances.next();
        if (next.done === true) {
          done = true;
          return;
        }
        yield { name: next.value.fileName, stream: once(next.value.bytes) };
      }
    }
    await house.ingest.ingestFiles(actor, target, chunk());
  }
  await house.ingest.closeImport(actor, job.importId);
}
