import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

const NOTHING = z.strictObject({});
const retry = { limit: 3, delaySeconds: 1 };

export const PACK_SERIES = defineJob({
  name: 'pack-series',
  payload: NOTHING,
  report: z.strictObject({ packed: z.number(), deleted: z.number() }),
  retry,
  schedule: '* * * * *',
});
export const REMOVE_ORPHANS = defineJob({
  name: 'remove-orphans',
  payload: NOTHING,
  report: z.strictObject({ removed: z.number(), spools: z.number(), closed: z.number() }),
  retry,
  schedule: '17 * * * *',
});
/** What is left of the time before names were noted: an index without rows once all is looked at. */
export const FIND_NAMELESS = defineJob({
  name: 'find-nameless',
  payload: NOTHING,
  report: z.strictObject({ series: z.number() }),
  retry,
  schedule: '41 * * * *',
});
/** A full disk or a lost database is waited for, an hour and a half in all. */
export const READ_SPOOL = defineJob({
  name: 'read-spool',
  payload: z.strictObject({ importId: z.uuid() }),
  report: z.strictObject({ importId: z.uuid(), outcome: z.string(), archives: z.number().optional() }),
  retry: { limit: 8, delaySeconds: 10 },
});
