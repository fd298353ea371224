import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Reads what was linked since, and warns of what its rules find. */
export const WATCH_JOURNAL = defineJob({
  name: 'watch-audit',
  payload: z.strictObject({}),
  report: z.strictObject({ events: z.number(), warnings: z.number() }),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '* * * * *',
});

/** Puts whom long lists showed in the order of patients, by which it is asked for. */
export const ORDER_JOURNAL = defineJob({
  name: 'order-audit',
  payload: z.strictObject({}),
  report: z.strictObject({ lists: z.number() }),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '* * * * *',
});

/** Makes the reports of days and months that are over. */
export const REPORT_JOURNAL = defineJob({
  name: 'report-audit',
  payload: z.strictObject({}),
  report: z.strictObject({ reports: z.number() }),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '7 * * * *',
});

/** Checks what was linked since, and a piece of the whole chain. */
export const CHECK_CHAIN = defineJob({
  name: 'check-audit-chain',
  payload: z.strictObject({}),
  report: z.strictObject({ events: z.number(), bad: z.number().optional() }),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '*/5 * * * *',
});
