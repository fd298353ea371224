import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Sent when an erasure is asked for; by the clock for those that an older database has brought back, or a hold has let go of. */
export const ERASE = defineJob({
  name: 'erase-patients',
  payload: z.strictObject({}),
  report: z.strictObject({ patients: z.number(), objects: z.number(), held: z.number(), beside: z.number() }),
  retry: { limit: 5, delaySeconds: 5 },
  schedule: '*/10 * * * *',
});

export const FIND_RETURNED = defineJob({
  name: 'find-returned',
  payload: z.strictObject({}),
  report: z.strictObject({ looked: z.number(), found: z.number() }),
  retry: { limit: 3, delaySeconds: 5 },
  schedule: '*/5 * * * *',
});

/** What a person has been told is due, and has asked to be moved to the trash. */
export const RETAIN = defineJob({
  name: 'retain',
  payload: z.strictObject({
    day: z.iso.date(),
    most: z.number().int().positive(),
    /** Of the rules that the dry run was told by: others move nothing. */
    changedAt: z.iso.datetime().nullable().optional(),
  }),
  report: z.strictObject({ studies: z.number() }),
  retry: { limit: 3, delaySeconds: 5 },
});
