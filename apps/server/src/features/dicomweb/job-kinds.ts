import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

export const MAP_SERIES = defineJob({
  name: 'map-series',
  payload: z.strictObject({}),
  report: z.strictObject({ series: z.number() }),
  retry: { limit: 3, delaySeconds: 1 },
  // It follows packing; what that run did not come to is found now and then.
  schedule: '*/10 * * * *',
});
