import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** Why somebody is erased: a code, since a text would name them. */
export const ErasureReason = z.enum(['PATIENT', 'CONSENT', 'UNLAWFUL', 'COURT', 'MISTAKE', 'OTHER']);
export type ErasureReason = z.infer<typeof ErasureReason>;

/**
 * What becomes of the copies in the Orthanc beside the server. `PENDING`: not tried yet; `FAILED`: tried, and tried again until it is done; `DONE`: nothing of them is there any more.
 */
export const ErasureElsewhere = z.object({
  state: z.enum(['PENDING', 'FAILED', 'DONE']),
  /** Why it failed last: UNREACHABLE, TIMEOUT, NOT_ALLOWED, ERROR, BAD_ANSWER or CUT. */
  failure: z.string().nullable(),
  /** Studies that were deleted there. */
  studies: z.number().int(),
  /** Studies that somebody else has here under the same UID, of which nothing is deleted there. */
  shared: z.number().int(),
  doneAt: Instant.nullable(),
});
export type ErasureElsewhere = z.infer<typeof ErasureElsewhere>;

export const Erasure = z.object({
  id: Uuid,
  /** Ids that the record had, and those merged into it: the journal knows them by these. */
  records: z.array(Uuid),
  studies: z.number().int(),
  reason: ErasureReason,
  by: z.string().nullable(),
  askedAt: Instant,
  /** Null while it is under way. */
  doneAt: Instant.nullable(),
  /** Files that were deleted. */
  objects: z.number().int().nullable(),
  /** A legal hold, which an older database brought back, keeps it from being done. */
  isHeld: z.boolean(),
  /** Null where no Orthanc was set, or the erasure is not done here yet. */
  orthanc: ErasureElsewhere.nullable(),
});
export type Erasure = z.infer<typeof Erasure>;

/** Somebody who came under an identifier, a name with birth date, or a Study Instance UID of who was erased. */
export const ErasedReturn = z.object({
  id: Uuid,
  patientId: Uuid,
  recordNumber: z.string(),
  erasureId: Uuid,
  foundAt: Instant,
});
export type ErasedReturn = z.infer<typeof ErasedReturn>;

export const erasePatient = defineOperation({
  id: 'erasePatient',
  method: 'POST',
  path: '/api/patients/{id}/erase',
  tag: 'patients',
  permission: 'patients.erase',
  identity: 'always',
  summary:
    'Erase a patient for good: rows, files and what was made of them; asks for proof, and for the record number as it is typed',
  params: IdParams,
  body: z.strictObject({ recordNumber: z.string().trim().min(1).max(64), reason: ErasureReason }),
  responses: { 202: Erasure },
  errors: ['PROOF_REQUIRED', 'LEGAL_HOLD', 'CONFIRMATION_DIFFERS'],
});
export const listErasures = defineOperation({
  id: 'listErasures',
  method: 'GET',
  path: '/api/erasures',
  tag: 'patients',
  permission: 'patients.erase',
  summary: 'Who was erased, by ids, and who of them seems to have come back; the latest 200 of each',
  responses: { 200: z.object({ items: z.array(Erasure), returns: z.array(ErasedReturn) }) },
});
export const noteErasedReturn = defineOperation({
  id: 'noteErasedReturn',
  method: 'POST',
  path: '/api/erasures/returns/{id}/seen',
  tag: 'patients',
  permission: 'patients.erase',
  summary: 'Take note that somebody came back: they stay, and are told of no more',
  params: IdParams,
  responses: { 204: null },
});
export const erasureOperations = [erasePatient, listErasures, noteErasedReturn] as const;
