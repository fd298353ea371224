import { type ServiceJob, scopeOf, serviceJob } from '../../access/index.ts';
import { RUN_TRANSFERS, TIDY_NODE_LOG } from './job-kinds.ts';
import { pruneLog } from './log/repository.ts';
import type { TransferPorts } from './transfers/ports.ts';
import { pruneTransfers } from './transfers/repository.ts';
import { runTransfers } from './transfers/run.ts';

const DAY_MS = 86_400_000;
const LOG_DAYS = 90;
const FIGURE_DAYS = 400;
/** Rows of one node. */
const MOST_ROWS = 2_000;

/** The handlers of this feature's kinds. */
export const nodeJobs = (ports: TransferPorts): ServiceJob[] => [
  serviceJob(RUN_TRANSFERS, ['system.manage'], async (by, _payload, run) => ({ ran: await runTransfers(ports, by, run) })),
  serviceJob(TIDY_NODE_LOG, ['system.manage'], async (by) => {
    const { db, clock } = ports;
    const ago = (days: number): Date => new Date(clock.now().getTime() - days * DAY_MS);
    const limits = { before: ago(LOG_DAYS), daysBefore: ago(FIGURE_DAYS).toISOString().slice(0, 10), most: MOST_ROWS };
    const removed = await db.withScope(
      scopeOf(by),
      async (tx) => (await pruneLog(tx, limits)) + (await pruneTransfers(tx, ago(LOG_DAYS))),
    );
    return { removed };
  }),
];
