import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const ObjectCare = z.object({
  damaged: z.number().int(),
  /** The newest hundred. */
  items: z.array(
    z.object({
      id: Uuid,
      kind: z.enum(['INSTANCE', 'VERSION', 'CONFLICT', 'METADATA', 'DERIVED']),
      reason: z.enum(['MISSING', 'SIZE', 'HASH', 'UNREADABLE']),
      foundAt: Instant,
      studyInstanceUid: z.string().nullable(),
    }),
  ),
  /** Every object is to be read within so many days. */
  days: z.number().int(),
  /** The reading that is under way; null before the first. */
  current: z
    .object({
      startedAt: Instant,
      objects: z.number().int(),
      totalObjects: z.number().int(),
      /** Share of a core while it reads, 0 to 1. */
      share: z.number(),
      isLate: z.boolean(),
    })
    .nullable(),
  /** The last whole reading. */
  last: z
    .object({ startedAt: Instant, finishedAt: Instant, objects: z.number().int(), bytes: z.number().int(), share: z.number() })
    .nullable(),
});
export type ObjectCare = z.infer<typeof ObjectCare>;
export const objectCare = defineOperation({
  id: 'objectCare',
  method: 'GET',
  path: '/api/system/objects',
  tag: 'system',
  permission: 'system.manage',
  summary: 'How far the reading of all stored objects is, and which are damaged',
  responses: { 200: ObjectCare },
});
