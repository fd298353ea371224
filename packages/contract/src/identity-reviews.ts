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
  errors: ['OPEN_FOR_READING', 'ALREADY_DECIDED', 'OBJECT_DAMAGED'],
});
