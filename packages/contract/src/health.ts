import { z } from 'zod';
import { defineOperation } from './operation.ts';

export const health = defineOperation({
  id: 'health',
  method: 'GET',
  path: '/api/health',
  tag: 'system',
  permission: 'public',
  summary: 'Whether each part answers',
  responses: {
    200: z.object({
      /** `READ_ONLY`: everything that is stored is read, and nothing new is taken until there is room on the disk. */
      status: z.enum(['OK', 'READ_ONLY']),
      database: z.string(),
      /** `FULL`: there is no room for more. */
      objects: z.enum(['OK', 'FULL']),
      queue: z.string(),
      /** `UNAVAILABLE`: limits and live events go by the database, and nothing stands still; `UNUSED`: no REDIS_URL. */
      redis: z.enum(['OK', 'UNAVAILABLE', 'UNUSED']),
      /** Stored objects that are known to be damaged. */
      damagedObjects: z.number().int(),
      /** Stored objects that have no file of their own yet, for want of room: they are read from the journal that they were written to. */
      waitingObjects: z.number().int(),
      version: z.string(),
    }),
  },
  errors: ['UNAVAILABLE'],
});
