import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

export const PURGE_TRASH = defineJob({
  name: 'purge-trash',
  payload: z.strictObject({}),
  report: z.strictObject({ studies: z.number(), patients: z.number(), objects: z.number() }),
  retry: { limit: 3, delaySeconds: 1 },
  schedule: '41 2 * * *',
});
