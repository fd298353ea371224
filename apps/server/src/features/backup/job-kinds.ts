import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Looks every minute whether a backup is due. */
export const BACKUP = defineJob({
  name: 'backup',
  payload: z.strictObject({}),
  report: z.strictObject({ objects: z.number(), copied: z.number(), bytes: z.number(), damaged: z.number() }),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '* * * * *',
});
