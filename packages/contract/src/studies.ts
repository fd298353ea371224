import { z } from 'zod';
import { DicomUid, IdParams, Instant, ListQuery, LocalDate, listOf, Partition, Uuid } from './common.ts';
import { MismatchReason } from './imports.ts';
import { defineOperation } from './operation.ts';
import { Patient, ReadingStatus, Sex } from './patients.ts';
import { Reader } from './readings.ts';

/**
 * Images whose own identity contradicts their patient (`OTHER_IDENTITY`), or that carry neither name nor birth date (`NO_IDENTITY`): filed so by a
 * person (`DECIDED`), found so when the patient was edited or merged, or the study moved (`FOUND`), named as a record was that was merged into the patient
 * (`MERGED`), or theirs by nothing but the Patient ID (`SAME_PATIENT_ID`) or the Study Instance UID (`SAME_STUDY_UID`). What names anybody, and
 * the reason, are null for an actor without `patients.identity`.
 */
export const IdentityMismatch = z.object({
  kind: z.enum(['OTHER_IDENTITY', 'NO_IDENTITY']),
  cause: z.enum(['DECIDED', 'FOUND', 'MERGED', 'SAME_PATIENT_ID', 'SAME_STUDY_UID']),
  receivedName: z.string().nullable(),
  receivedPatientId: z.string().nullable(),
  receivedBirthDate: LocalDate.nullable(),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  at: Instant,
});
export type IdentityMismatch = z.infer<typeof IdentityMismatch>;
export const Study = z.object({
  id: Uuid,
  studyInstanceUid: z.string(),
  patient: z.object({
    id: Uuid,
    recordNumber: z.string(),
    externalId: z.string().nullable(),
    lastName: z.string(),
    firstName: z.string(),
    birthDate: LocalDate.nullable(),
    sex: Sex,
    textUncertain: z.boolean(),
  }),
  groupId: Uuid.nullable(),
  studyDate: LocalDate.nullable(),
  studyTime: z.string().nullable(),
  accessionNumber: z.string().nullable(),
  description: z.string().nullable(),
  referrer: z.string().nullable(),
  /** Description, referrer or accession number were read as the patient's `textUncertain` says; writing a description clears it. */
  textUncertain: z.boolean(),
  modalities: z.array(z.string()),
  seriesCount: z.number().int(),
  instanceCount: z.number().int(),
  sizeBytes: z.number().int(),
  status: ReadingStatus,
  receivedAt: Instant,
  firstOpenedAt: Instant.nullable(),
  readAt: Instant.nullable(),
  validatedAt: Instant.nullable(),
  assigneeId: Uuid.nullable(),
  identityMismatch: IdentityMismatch.nullable(),
  updatedAt: Instant,
  /** In the worklist, of what is in progress: who reads it now, who began first before the others, at most twenty. */
  readers: z.array(Reader).optional(),
});
export type Study = z.infer<typeof Study>;
export const Series = z.object({
  id: Uuid,
  seriesInstanceUid: z.string(),
  modality: z.string(),
  seriesNumber: z.number().int().nullable(),
  description: z.string().nullable(),
  bodyPart: z.string().nullable(),
  instanceCount: z.number().int(),
  sizeBytes: z.number().int(),
  /** Images of it carry neither name nor birth date: whose they are is said by nothing in them. */
  nameless: z.boolean(),
});
export type Series = z.infer<typeof Series>;
export const StudyDetail = Study.extend({ series: z.array(Series) });

export const StudySort = z.enum(['studyDate', '-studyDate', 'receivedAt', '-receivedAt', 'patientName', '-patientName']);
export const listStudies = defineOperation({
  id: 'listStudies',
  method: 'GET',
  path: '/api/studies',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'Studies in scope (the worklist)',
  query: ListQuery.extend({
    sort: StudySort.optional(),
    modality: z.string().max(16).optional(),
    from: LocalDate.optional(),
    to: LocalDate.optional(),
    status: ReadingStatus.optional(),
    patientId: Uuid.optional(),
    accessionNumber: z.string().max(64).optional(),
    groupId: Uuid.optional(),
  }),
  responses: { 200: listOf(Study) },
});
export const listModalities = defineOperation({
  id: 'listModalities',
  method: 'GET',
  path: '/api/studies/modalities',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'The modalities of the series in scope, in the order of their codes',
  responses: { 200: z.object({ items: z.array(z.string()) }) },
});
const StudyParams = z.strictObject({ studyInstanceUid: DicomUid });
const GroupQuery = z.strictObject({ groupId: Partition.optional() });
export const getStudy = defineOperation({
  id: 'getStudy',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'One study with its series',
  params: StudyParams,
  query: GroupQuery,
  responses: { 200: StudyDetail },
  errors: ['AMBIGUOUS_UID'],
});
export const updateStudy = defineOperation({
  id: 'updateStudy',
  method: 'PATCH',
  path: '/api/studies/{studyInstanceUid}',
  tag: 'studies',
  permission: 'studies.write',
  identity: { unlessOnly: ['status'] },
  summary: 'Change a study’s reading status, description or patient',
  params: StudyParams,
  query: GroupQuery,
  body: z.strictObject({
    status: ReadingStatus.optional(),
    description: z.string().trim().max(200).nullable().optional(),
    /** The texts are right as they stand; writing a description says so too. */
    textUncertain: z.literal(false).optional(),
    /** Moves the study; `acceptMismatch` as for imports when the images name somebody else. */
    patientId: Uuid.optional(),
    /** Whose it was when the person decided: refused with STALE_UPDATE when somebody has moved it since. */
    fromPatientId: Uuid.optional(),
    acceptMismatch: z.boolean().optional(),
    mismatchReason: MismatchReason.optional(),
  }),
  responses: { 200: StudyDetail },
  errors: ['AMBIGUOUS_UID', 'CONFLICT', 'STALE_UPDATE', 'IDENTITY_MISMATCH'],
});
/** A patient of a move as far as the actor may see them; null when the record is gone, or out of scope. */
const MovePatient = z.object({ id: Uuid, recordNumber: z.string(), lastName: z.string(), firstName: z.string() }).nullable();
export const StudyMove = z.object({
  id: Uuid,
  from: MovePatient,
  to: MovePatient,
  by: z.string().nullable(),
  movedAt: Instant,
  undoneAt: Instant.nullable(),
  /** Until when it may be undone; null once that is over, or another move has followed. */
  undoUntil: Instant.nullable(),
});
export type StudyMove = z.infer<typeof StudyMove>;
export const listStudyMoves = defineOperation({
  id: 'listStudyMoves',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/moves',
  tag: 'studies',
  permission: 'studies.write',
  summary: 'From whom to whom a study was moved, the latest first, at most 50',
  params: StudyParams,
  query: GroupQuery,
  responses: { 200: z.object({ items: z.array(StudyMove) }) },
  errors: ['AMBIGUOUS_UID'],
});
export const undoStudyMove = defineOperation({
  id: 'undoStudyMove',
  method: 'POST',
  path: '/api/study-moves/{id}/undo',
  tag: 'studies',
  permission: 'studies.write',
  identity: 'always',
  summary: 'Undo a move within 30 days, exactly: patient, group and what was marked',
  params: IdParams,
  responses: { 200: StudyDetail },
  errors: ['UNDO_EXPIRED', 'UNDO_SUPERSEDED', 'UNDO_CHANGED', 'UNDO_TARGET_GONE', 'CONFLICT'],
});
export const deleteStudy = defineOperation({
  id: 'deleteStudy',
  method: 'DELETE',
  path: '/api/studies/{studyInstanceUid}',
  tag: 'studies',
  permission: 'trash.move',
  summary: 'Move a study to the trash',
  params: StudyParams,
  query: GroupQuery,
  responses: { 204: null },
  errors: ['AMBIGUOUS_UID'],
});
export const SeriesDisplay = z.object({
  /** Modality values that are black and white in every frame of the series that stores no window; null without a grayscale frame. */
  mapping: z.object({ lower: z.number(), upper: z.number() }).nullable(),
  /** False while the first, middle and last frame stand for the others, which may change the mapping once more. */
  isWhole: z.boolean(),
});
export type SeriesDisplay = z.infer<typeof SeriesDisplay>;
export const getSeriesDisplay = defineOperation({
  id: 'getSeriesDisplay',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/series/{seriesInstanceUid}/display',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'How the frames of a series that store no window are shown, the same for all of them',
  params: StudyParams.extend({ seriesInstanceUid: DicomUid }),
  query: GroupQuery,
  responses: { 200: SeriesDisplay },
  errors: ['AMBIGUOUS_UID'],
});
export const search = defineOperation({
  id: 'search',
  method: 'GET',
  path: '/api/search',
  tag: 'patients',
  permission: 'patients.read',
  summary: 'Patients and studies by one field; prefixes and small typos are found',
  query: z.strictObject({ q: z.string().min(1).max(200), limit: z.coerce.number().int().min(1).max(50).default(10) }),
  responses: { 200: z.object({ patients: z.array(Patient), studies: z.array(Study) }) },
});
export const studyOperations = [
  listStudies,
  listModalities,
  getStudy,
  updateStudy,
  listStudyMoves,
  undoStudyMove,
  deleteStudy,
  getSeriesDisplay,
  search,
] as const;
