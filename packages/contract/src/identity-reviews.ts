import { z } from 'zod';
import { IdParams, Instant, ListQuery, listOf, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { Patient } from './patients.ts';

export const IdentityReview = z.object({
  id: Uuid,
  patient: Patient,
  suspect: Patient.nullable(),
  /** `EDITED`: images contradict what the patient was made by an edit or a merge. `HELD`: imported by somebody who does not see identities; `suspect` is the record of the same study or Patient ID in their group. */
  reason: z.enum(['CONTRADICTION', 'NO_PATIENT_ID', 'PLACEHOLDER_ID', 'EDITED', 'HELD']),
  createdAt: Instant,
});
export type IdentityReview = z.infer<typeof IdentityReview>;
export const listIdentityReviews = defineOperation({
  id: 'listIdentityReviews',
  method: 'GET',
  path: '/api/identity-review',
  tag: 'conflicts',
  permission: 'identity-review.propose',
  summary: 'Patients whose identity a person must look at',
  query: ListQuery,
  responses: { 200: listOf(IdentityReview) },
});
export const decideIdentityReview = defineOperation({
  id: 'decideIdentityReview',
  method: 'POST',
  path: '/api/identity-review/{id}/decision',
  tag: 'conflicts',
  permission: 'identity-review.decide',
  identity: 'always',
  summary: '`same` moves the studies to the suspect; `different` confirms the new patient; `discard` trashes what is held',
  params: IdParams,
  body: z.strictObject({ decision: z.enum(['same', 'different', 'discard']), patientId: Uuid.optional() }),
  responses: { 204: null },
  errors: ['ALREADY_DECIDED', 'OBJECT_DAMAGED'],
});
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
