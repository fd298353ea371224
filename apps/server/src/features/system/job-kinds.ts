import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

export const SCRUB = defineJob({
  name: 'scrub',
  payload: z.strictObject({}),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '* * * * *',
});
