import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

export const SCRUB = defineJob({
  name: 'scrub',
  payload: z.strictObject({}),
  report: z.strictObject({ objects: z.number(), bytes: z.number(), damaged: z.number() }),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '* * * * *',
});
