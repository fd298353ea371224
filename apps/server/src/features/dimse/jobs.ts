import { type ServiceJob, scopeOf, serviceJob } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { TIDY_NODE_LOG } from './job-kinds.ts';
import { pruneLog } from './log/repository.ts';

const DAY_MS = 86_400_000;
const LOG_DAYS = 90;
const FIGURE_DAYS = 400;
/** Rows of one node. */
const MOST_ROWS = 2_000;

/** The handlers of this feature's kinds. */
export const nodeJobs = ({ db, clock }: { readonly db: Db; readonly clock: Clock }): ServiceJob[] => [
  serviceJob(TIDY_NODE_LOG, ['system.manage'], async (by) => {
    const ago = (days: number): Date => new Date(clock.now().getTime() - days * DAY_MS);
    const limits = { before: ago(LOG_DAYS), daysBefore: ago(FIGURE_DAYS).toISOString().slice(0, 10), most: MOST_ROWS };
    return { removed: await db.withScope(scopeOf(by), (tx) => pruneLog(tx, limits)) };
  }),
];
