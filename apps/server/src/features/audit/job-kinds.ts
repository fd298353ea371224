import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Checks what was linked since, and a piece of the whole chain. */
export const CHECK_CHAIN = defineJob({
  name: 'check-audit-chain',
  payload: z.strictObject({}),
  report: z.strictObject({ events: z.number(), bad: z.number().optional() }),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '*/5 * * * *',
});
