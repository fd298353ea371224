import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

export const MAP_SERIES = defineJob({
  name: 'map-series',
  payload: z.strictObject({}),
  retry: { limit: 3, delaySeconds: 1 },
  schedule: '* * * * *',
});
