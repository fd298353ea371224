import { z } from 'zod';
import { DicomUid, IdParams, Instant, ListQuery, listOf, Uuid } from './common.ts';
import { ERROR_CODES, type ErrorCode } from './error-catalog.ts';
import { decideIdentityReview, listIdentityReviews } from './identity-reviews.ts';
import { defineOperation } from './operation.ts';
import { listPatientMerges, undoPatientMerge } from './patient-merges.ts';

/** One side of a conflict: what identifies it to a person who decides. */
export const ConflictSide = z.object({
  patientName: z.string(),
  patientId: z.string().nullable(),
  birthDate: z.string().nullable(),
  studyDate: z.string().nullable(),
  description: z.string().nullable(),
  sizeBytes: z.number().int(),
  receivedAt: Instant,
});
export const Conflict = z.object({
  id: Uuid,
  kind: z.enum(['SAME_UID_OTHER_CONTENT', 'STUDY_PATIENT_MISMATCH']),
  sopInstanceUid: z.string(),
  studyInstanceUid: z.string(),
  status: z.enum(['OPEN', 'KEPT', 'REPLACED', 'DISCARDED']),
  existing: ConflictSide.nullable(),
  incoming: ConflictSide,
  /** The import that brought it; what came together can be decided together. */
  importId: Uuid.nullable(),
  differences: z
    .array(z.object({ tag: z.string(), keyword: z.string(), existing: z.string().nullable(), incoming: z.string().nullable() }))
    .optional(),
  createdAt: Instant,
  decidedAt: Instant.nullable(),
  /** Whether the decision can be taken back now. */
  canUndo: z.boolean(),
  /** Until when; null for what can't be taken back, or without an end. */
  undoUntil: Instant.nullable(),
});
export type Conflict = z.infer<typeof Conflict>;
export const listConflicts = defineOperation({
  id: 'listConflicts',
  method: 'GET',
  path: '/api/conflicts',
  tag: 'conflicts',
  permission: 'conflicts.read',
  summary: 'Instances kept aside',
  query: ListQuery.extend({
    status: z.enum(['OPEN', 'DECIDED']).default('OPEN'),
    importId: Uuid.optional(),
    studyInstanceUid: DicomUid.optional(),
  }),
  responses: { 200: listOf(Conflict) },
});
export const getConflict = defineOperation({
  id: 'getConflict',
  method: 'GET',
  path: '/api/conflicts/{id}',
  tag: 'conflicts',
  permission: 'conflicts.read',
  summary: 'Both sides and their differences',
  params: IdParams,
  responses: { 200: Conflict },
});
export const decideConflict = defineOperation({
  id: 'decideConflict',
  method: 'POST',
  path: '/api/conflicts/{id}/decision',
  tag: 'conflicts',
  permission: 'conflicts.decide',
  identity: 'always',
  summary: 'Keep the stored one, replace it (the old version is kept), or discard the incoming one, which stays 30 days',
  params: IdParams,
  body: z.strictObject({ decision: z.enum(['keep', 'replace', 'discard']) }),
  responses: { 200: Conflict },
  errors: ['ALREADY_DECIDED', 'OBJECT_DAMAGED'],
});
/** What became of each; `code` says why nothing did. */
const EachConflict = z.object({
  items: z.array(z.object({ id: Uuid, code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]).nullable() })),
});
export const decideConflicts = defineOperation({
  id: 'decideConflicts',
  method: 'POST',
  path: '/api/conflicts/decisions',
  tag: 'conflicts',
  permission: 'conflicts.decide',
  identity: 'always',
  summary: 'One decision for several conflicts, each on its own: what fails for one does not stop the others',
  body: z.strictObject({ ids: z.array(Uuid).min(1).max(200), decision: z.enum(['keep', 'replace', 'discard']) }),
  responses: { 200: EachConflict },
});
export const reopenConflict = defineOperation({
  id: 'reopenConflict',
  method: 'POST',
  path: '/api/conflicts/{id}/reopen',
  tag: 'conflicts',
  permission: 'conflicts.decide',
  identity: 'always',
  summary:
    'Take back a decision, and what it changed, within 30 days (without an end where the stored one was kept): the conflict waits again',
  params: IdParams,
  responses: { 200: Conflict },
  errors: ['CONFLICT', 'UNDO_EXPIRED', 'UNDO_SUPERSEDED', 'UNDO_TARGET_GONE'],
});
export const reopenConflicts = defineOperation({
  id: 'reopenConflicts',
  method: 'POST',
  path: '/api/conflicts/reopenings',
  tag: 'conflicts',
  permission: 'conflicts.decide',
  identity: 'always',
  summary: 'Take back several decisions, each on its own: what fails for one does not stop the others',
  body: z.strictObject({ ids: z.array(Uuid).min(1).max(200) }),
  responses: { 200: EachConflict },
});
export const conflictImage = defineOperation({
  id: 'conflictImage',
  method: 'GET',
  path: '/api/conflicts/{id}/image',
  tag: 'conflicts',
  permission: 'conflicts.read',
  summary: 'What one side of a conflict looks like; 406 without an image',
  params: IdParams,
  query: z.strictObject({ side: z.enum(['existing', 'incoming']) }),
  responses: { 200: { stream: 'image/jpeg' } },
  errors: ['NOT_ACCEPTABLE', 'FRAME_UNREADABLE'],
});
export const conflictOperations = [
  listConflicts,
  getConflict,
  decideConflict,
  decideConflicts,
  reopenConflict,
  reopenConflicts,
  conflictImage,
  listIdentityReviews,
  decideIdentityReview,
  listPatientMerges,
  undoPatientMerge,
] as const;
