import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Makes every export without identity that waits; sent with each, and each minute for those whose process died and those whose week is over. */
export const RUN_DEID_EXPORTS = defineJob({
  name: 'run-deid-exports',
  payload: z.strictObject({}),
  report: z.strictObject({ ran: z.number() }),
  // A row counts what became of it: this is for a database that is away and processes that are killed.
  retry: { limit: 10, delaySeconds: 1 },
  schedule: '* * * * *',
});
