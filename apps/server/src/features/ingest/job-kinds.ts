import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

const NOTHING = z.strictObject({});
const retry = { limit: 3, delaySeconds: 1 };

export const PACK_SERIES = defineJob({ name: 'pack-series', payload: NOTHING, retry, schedule: '* * * * *' });
export const REMOVE_ORPHANS = defineJob({ name: 'remove-orphans', payload: NOTHING, retry, schedule: '17 * * * *' });
