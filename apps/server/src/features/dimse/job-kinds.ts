import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Runs every transfer that waits; sent with each, and each minute for those whose next try has come and those whose process died. */
export const RUN_TRANSFERS = defineJob({
  name: 'run-transfers',
  payload: z.strictObject({}),
  report: z.strictObject({ ran: z.number() }),
  // A row counts what became of it: this is for a database that is away and processes that are killed.
  retry: { limit: 10, delaySeconds: 1 },
  schedule: '* * * * *',
});

/** Keeps the log of nodes, and who called unknown, within bounds. */
export const TIDY_NODE_LOG = defineJob({
  name: 'tidy-node-log',
  payload: z.strictObject({}),
  report: z.strictObject({ removed: z.number() }),
  retry: { limit: 3, delaySeconds: 1 },
  schedule: '29 * * * *',
});

export const TELL_COMMITMENTS = defineJob({
  name: 'tell-commitments',
  payload: z.strictObject({}),
  report: z.strictObject({ told: z.number() }),
  retry: { limit: 1, delaySeconds: 5 },
  schedule: '* * * * *',
});
