import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** What is sealed with a key of this server that is outside its database. */
export const KeyCare = z.object({
  items: z.array(
    z.object({
      /** Keys of projects without identity; secrets of applications that people sign in with. */
      kind: z.enum(['PROJECT', 'FACTOR']),
      total: z.number().int(),
      /** So many of them this server's key does not open: it is another than they were sealed with. */
      lost: z.number().int(),
    }),
  ),
});
export type KeyCare = z.infer<typeof KeyCare>;

export const keyCare = defineOperation({
  id: 'keyCare',
  method: 'GET',
  path: '/api/system/keys',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Whether this server’s key opens what was sealed with it',
  responses: { 200: KeyCare },
});
