import { requirePermission, type Service, type ServiceJob, scopeOf, serviceJob } from '../../access/index.ts';
import { deleteRetired, packSeriesMetadata } from '../../archive/metadata/packing.ts';
import { removeOrphans } from '../../archive/objects/orphans.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import type { Audit } from '../audit/index.ts';
import { findNameless } from './find-nameless.ts';
import { type AcceptedTools, cancelForgotten, readAccepted, removeUnacceptedSpools } from './intake/accepted.ts';
import { FIND_NAMELESS, PACK_SERIES, READ_SPOOL, REMOVE_ORPHANS } from './job-kinds.ts';

export interface IngestJobTools {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly kinds: RowKinds;
  readonly audit: Audit;
}

/** The handlers of this feature's kinds. */
export const ingestJobs = (tools: IngestJobTools & { accepted: AcceptedTools }): ServiceJob[] => [
  serviceJob(PACK_SERIES, ['system.manage'], async (by, _payload, { signal }) => {
    let packed = 0;
    // A batch may be smaller than those that wait: where an import holds a series of it.
    for (let some = 1; some > 0 && !signal.aborted; packed += some) some = await packSeriesMetadata({ ...tools, by });
    return { packed, deleted: await deleteRetired({ ...tools, by }) };
  }),
  serviceJob(READ_SPOOL, ['imports.create'], (by, { importId }, run) => readAccepted({ ...tools.accepted, by }, importId, run)),
  serviceJob(FIND_NAMELESS, ['studies.read'], async (by, _payload, { signal }) => ({
    series: await findNameless({ ...tools, by }, signal),
  })),
  serviceJob(REMOVE_ORPHANS, ['trash.purge', 'imports.create'], async (by) => ({
    removed: await removeOrphans({ ...tools, by }),
    spools: await removeUnacceptedSpools({ ...tools.accepted, by }),
    closed: (await closeStaleImports({ ...tools, by })) + (await cancelForgotten({ ...tools.accepted, by })),
  })),
];

const STALE_IMPORT_MS = 7 * 24 * 3_600_000;

/** Closes imports that their page never finished (a lost tab): what was stored stays. Gives their number. Idempotent. */
export async function closeStaleImports({
  db,
  clock,
  by,
}: Pick<IngestJobTools, 'db' | 'clock'> & { readonly by: Service }): Promise<number> {
  requirePermission(by, 'imports.create');
  const before = new Date(clock.now().getTime() - STALE_IMPORT_MS);
  return db.withScope(scopeOf(by), (tx) =>
    tx.run("UPDATE imports SET status = 'CANCELLED', finished_at = $2 WHERE status = 'RUNNING' AND created_at < $1", [
      before,
      clock.now(),
    ]),
  );
}
