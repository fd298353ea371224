import { type Person, scopeOf } from '../../../access/index.ts';
import { storageFailure } from '../../../kernel/full-disk.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { READ_SPOOL } from '../job-kinds.ts';
import type { AcceptedTools } from './accepted.ts';
import type { SpooledArchive } from './run.ts';

/**
 * Makes archives durable and leaves them to a job. When it returns, they are read whatever happens to this process; when it fails, nothing
 * of them stays. Fails with STORAGE_FULL or UNAVAILABLE.
 */
export async function acceptArchives(
  { db, queue, scratch }: AcceptedTools,
  actor: Person,
  { importId, archives }: { importId: string; archives: readonly SpooledArchive[] },
): Promise<void> {
  const kept = archives.map(({ name, bytes: { id, sizeBytes } }) => ({ id, name, sizeBytes }));
  try {
    await scratch.keep(archives.map(({ bytes }) => bytes));
    await db.withScope(scopeOf(actor), async (tx) => {
      await insertSpools(tx, actor, { importId, kept });
      await queue.send(READ_SPOOL, { importId }, tx);
    });
  } catch (error) {
    // After a commit whose answer was lost the job finds the rows, but no archives, and says that the import was cancelled.
    await scratch.remove(kept.map(({ id }) => id));
    throw storageFailure(error);
  }
}

interface KeptArchive {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
}

const insertSpools = (tx: Tx, actor: Person, { importId, kept }: { importId: string; kept: readonly KeptArchive[] }) =>
  tx.run(
    `INSERT INTO import_spools (id, import_id, place, name, size_bytes, permissions)
     SELECT id, $1::uuid, place - 1, name, size, $5::text[] FROM unnest($2::uuid[], $3::text[], $4::bigint[]) WITH ORDINALITY AS s(id, name, size, place)`,
    [
      importId,
      kept.map(({ id }) => id),
      kept.map(({ name }) => name),
      kept.map(({ sizeBytes }) => sizeBytes),
      [...actor.permissions],
    ],
  );
