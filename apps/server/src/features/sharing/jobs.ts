import { type ServiceJob, scopeOf, serviceJob } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { TIDY_SHARES } from './job-kinds.ts';
import { removeOld } from './repository.ts';

/** Who opened what stays with its author for a year after its end; the journal keeps it longer. */
const KEPT_MS = 365 * 86_400_000;

export const shareJobs = ({ db, clock }: { readonly db: Db; readonly clock: Clock }): ServiceJob[] => [
  serviceJob(TIDY_SHARES, ['system.manage'], async (by) => ({
    removed: await db.withScope(scopeOf(by), (tx) => removeOld(tx, new Date(clock.now().getTime() - KEPT_MS))),
  })),
];
