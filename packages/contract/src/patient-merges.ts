import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const PatientMerge = z.object({
  id: Uuid,
  /** The record that was merged. */
  from: z.object({ id: Uuid, recordNumber: z.string(), lastName: z.string(), firstName: z.string() }),
  by: z.string().nullable(),
  mergedAt: Instant,
  undoneAt: Instant.nullable(),
  /** Until when it may be undone; null once that is over. */
  undoUntil: Instant.nullable(),
});
export type PatientMerge = z.infer<typeof PatientMerge>;
export const listPatientMerges = defineOperation({
  id: 'listPatientMerges',
  method: 'GET',
  path: '/api/patients/{id}/merges',
  tag: 'conflicts',
  permission: 'identity-review.decide',
  identity: 'always',
  summary: 'The records that were merged into a patient, the latest first, at most 50',
  params: IdParams,
  responses: { 200: z.object({ items: z.array(PatientMerge) }) },
});
export const undoPatientMerge = defineOperation({
  id: 'undoPatientMerge',
  method: 'POST',
  path: '/api/patient-merges/{id}/undo',
  tag: 'conflicts',
  permission: 'identity-review.decide',
  identity: 'always',
  summary: 'Undo a merge within 30 days: studies, identifiers and all that hung there are where they were; what came since stays',
  params: IdParams,
  responses: { 204: null },
  errors: ['UNDO_EXPIRED', 'UNDO_SUPERSEDED', 'UNDO_CHANGED'],
});
