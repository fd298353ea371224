import type { Person } from '../access/index.ts';
import type { Ingest } from '../features/ingest/index.ts';
import { LOAD_DEMO } from '../job-kinds.ts';
import type { Queue } from '../platform/queue/queue.ts';

/** Opens the import that the demonstration set goes into and leaves the work to the job process; gives the import's id. */
export async function startDemo(
  parts: { ingest: Pick<Ingest, 'openImport'>; queue: Pick<Queue, 'send'> },
  actor: Person,
): Promise<string> {
  const importId = await parts.ingest.openImport(actor, { entrance: 'DEMO' });
  await parts.queue.send(LOAD_DEMO, { importId });
  return importId;
}
