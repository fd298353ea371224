import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

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
