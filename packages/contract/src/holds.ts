import { z } from 'zod';
import { DicomUid, IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** What keeps a patient, or one study, from being moved to the trash, replaced or erased. Its reason and who placed it are told to who may lift it. */
export const LegalHold = z.object({
  id: Uuid,
  patientId: Uuid,
  /** Null where all that the patient has is held. */
  studyId: Uuid.nullable(),
  studyInstanceUid: DicomUid.nullable(),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  placedAt: Instant,
});
export type LegalHold = z.infer<typeof LegalHold>;

const Reason = z.string().trim().min(3).max(500);
export const listHolds = defineOperation({
  id: 'listHolds',
  method: 'GET',
  path: '/api/holds',
  tag: 'patients',
  permission: 'patients.read',
  summary: 'Legal holds that stand, of what is in scope, the latest 1,000',
  query: z.strictObject({ patient: Uuid.optional() }),
  responses: { 200: z.object({ items: z.array(LegalHold) }) },
});
export const placeHold = defineOperation({
  id: 'placeHold',
  method: 'POST',
  path: '/api/holds',
  tag: 'patients',
  permission: 'holds.manage',
  identity: 'always',
  summary: 'Hold a patient with all there is of them, or one study',
  body: z.strictObject({ patientId: Uuid, studyId: Uuid.optional(), reason: Reason }),
  responses: { 201: LegalHold },
  errors: ['CONFLICT'],
});
export const liftHold = defineOperation({
  id: 'liftHold',
  method: 'POST',
  path: '/api/holds/{id}/lift',
  tag: 'patients',
  permission: 'holds.manage',
  identity: 'always',
  summary: 'Let go of what is held',
  params: IdParams,
  body: z.strictObject({ reason: Reason }),
  responses: { 204: null },
});
export const holdOperations = [listHolds, placeHold, liftHold] as const;
