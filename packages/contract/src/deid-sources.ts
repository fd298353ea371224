import { z } from 'zod';
import { Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { listStudies } from './studies.ts';

/** What of the list of studies: its filters, as the list has them. */
export const DeidFilter = listStudies.query
  .omit({ limit: true, cursor: true, sort: true })
  .extend({ prior: z.boolean().optional() });
export type DeidFilter = z.infer<typeof DeidFilter>;

/** What an export of all that a filter finds would be. */
export const DeidCount = z.object({
  /** That would leave. */
  studies: z.int(),
  patients: z.int(),
  /** Found, but not this person's to export: in somebody's own partition. */
  notYours: z.int(),
  /** Found in the very group that they would go into. */
  alreadyThere: z.int(),
  /** Of one export. */
  mostStudies: z.int(),
  mostPatients: z.int(),
  /** There are more: nothing leaves until the filter finds less. Counted as far as the limit then. */
  isTooMany: z.boolean(),
});
export type DeidCount = z.infer<typeof DeidCount>;

export const countDeidExport = defineOperation({
  id: 'countDeidExport',
  method: 'POST',
  path: '/api/deid/exports/count',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary: 'How many studies of how many patients an export of what a filter finds would have',
  body: z.strictObject({ filter: DeidFilter, targetGroupId: Uuid.optional() }),
  responses: { 200: DeidCount },
});
export const deidSourceOperations = [countDeidExport] as const;
