import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

export const ATTACH_FILMS = defineJob({
  name: 'attach-films',
  payload: z.strictObject({}),
  report: z.strictObject({ attached: z.number() }),
  retry: { limit: 1, delaySeconds: 5 },
  schedule: '* * * * *',
});
