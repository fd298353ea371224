import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

export const END_READINGS = defineJob({
  name: 'end-readings',
  payload: z.strictObject({}),
  report: z.strictObject({ studies: z.number() }),
  retry: { limit: 1, delaySeconds: 5 },
  schedule: '* * * * *',
});
