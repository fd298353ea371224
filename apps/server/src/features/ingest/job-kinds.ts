import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

const NOTHING = z.strictObject({});
const retry = { limit: 3, delaySeconds: 1 };

export const PACK_SERIES = defineJob({ name: 'pack-series', payload: NOTHING, retry, schedule: '* * * * *' });
export const REMOVE_ORPHANS = defineJob({ name: 'remove-orphans', payload: NOTHING, retry, schedule: '17 * * * *' });
/** A full disk or a lost database is waited for, an hour and a half in all. */
export const READ_SPOOL = defineJob({
  name: 'read-spool',
  payload: z.strictObject({ importId: z.uuid() }),
  retry: { limit: 8, delaySeconds: 10 },
});
