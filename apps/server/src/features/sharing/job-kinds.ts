import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Removes shares that have been over for a year. */
export const TIDY_SHARES = defineJob({
  name: 'tidy-shares',
  payload: z.strictObject({}),
  report: z.strictObject({ removed: z.number() }),
  retry: { limit: 3, delaySeconds: 1 },
  schedule: '41 3 * * *',
});
