import type { RowKinds } from '../../archive/kinds.ts';
import { deleteRetired, packSeriesMetadata } from '../../archive/metadata/packing.ts';
import { removeOrphans } from '../../archive/objects/orphans.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import { type Job, job } from '../../platform/queue/job.ts';
import { type AcceptedTools, cancelForgotten, readAccepted, removeUnacceptedSpools } from './accepted.ts';
import { PACK_SERIES, READ_SPOOL, REMOVE_ORPHANS } from './job-kinds.ts';

export interface IngestJobTools {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly kinds: RowKinds;
}

const PACK_BATCH = 100;

/** The handlers of this feature's kinds. */
export const ingestJobs = (tools: IngestJobTools & { accepted: AcceptedTools }): Job[] => [
  job(PACK_SERIES, async (_payload, { signal }) => {
    let packed = 0;
    for (let some = PACK_BATCH; some === PACK_BATCH && !signal.aborted; packed += some)
      some = await packSeriesMetadata(tools, PACK_BATCH);
    return { packed, deleted: await deleteRetired(tools) };
  }),
  job(READ_SPOOL, ({ importId }, run) => readAccepted(tools.accepted, importId, run)),
  job(REMOVE_ORPHANS, async () => ({
    removed: await removeOrphans(tools),
    spools: await removeUnacceptedSpools(tools.accepted),
    closed: (await closeStaleImports(tools)) + (await cancelForgotten(tools.accepted)),
  })),
];

const STALE_IMPORT_MS = 7 * 24 * 3_600_000;

/** Closes imports that their page never finished (a lost tab): what was stored stays. Gives their number. Idempotent. */
export function closeStaleImports({ db, clock }: Pick<IngestJobTools, 'db' | 'clock'>): Promise<number> {
  const before = new Date(clock.now().getTime() - STALE_IMPORT_MS);
  return db.withSystem((tx) =>
    tx.run("UPDATE imports SET status = 'CANCELLED', finished_at = $2 WHERE status = 'RUNNING' AND created_at < $1", [
      before,
      clock.now(),
    ]),
  );
}
