import { z } from 'zod';
import { booleanQuery, DicomUid, IdParams, Instant, ListQuery, LocalDate, listOf, Partition, Uuid } from './common.ts';
import { MismatchReason } from './imports.ts';
import { defineOperation } from './operation.ts';
import { Patient, ReadingStatus } from './patients.ts';
import { Study, StudyDetail } from './study-shapes.ts';
import { URGENCIES } from './work-shapes.ts';

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
    /** `OPEN`: to read or in progress. */
    status: z.enum([...ReadingStatus.options, 'OPEN']).optional(),
    patientId: Uuid.optional(),
    accessionNumber: z.string().max(64).optional(),
    groupId: Uuid.optional(),
    /** `PRESSING`: urgent or at once. */
    urgency: z.enum([...URGENCIES, 'PRESSING']).optional(),
    /** `me`: one's own; `none`: nobody's. */
    assignee: z.union([z.enum(['me', 'none']), Uuid]).optional(),
    label: Uuid.optional(),
    /** Older images that nobody is to read: only these, or without them. */
    prior: booleanQuery.optional(),
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
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID', 'CONFLICT', 'STALE_UPDATE', 'IDENTITY_MISMATCH'],
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
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID'],
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
export const WaveformTraces = z.object({
  /** `samples`: every one; `extremes`: the least and the greatest of as many runs as there are pairs. */
  kind: z.enum(['samples', 'extremes']),
  /** Channel by channel, in the unit of each; null where nothing was measured. */
  values: z.array(z.array(z.number().nullable())),
});
export type WaveformTraces = z.infer<typeof WaveformTraces>;
export const getWaveform = defineOperation({
  id: 'getWaveform',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/series/{seriesInstanceUid}/instances/{sopInstanceUid}/waveforms/{index}',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'A part of a waveform: its values, or the extremes of as many runs as are asked for',
  params: StudyParams.extend({
    seriesInstanceUid: DicomUid,
    sopInstanceUid: DicomUid,
    index: z.coerce.number().int().min(0).max(63),
  }),
  query: GroupQuery.extend({
    from: z.coerce.number().int().min(0).default(0),
    count: z.coerce.number().int().min(1).max(4_294_967_295),
    runs: z.coerce.number().int().min(1).max(10_000).default(2500),
  }),
  responses: { 200: WaveformTraces },
  errors: ['AMBIGUOUS_UID', 'NOT_ACCEPTABLE', 'HELD_BACK', 'OBJECT_DAMAGED'],
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
  getWaveform,
  search,
] as const;
