import { z } from 'zod';
import { DicomUid, Instant, ListQuery, LocalDate, listOf, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { Patient, ReadingStatus, Sex } from './patients.ts';

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
  }),
  groupId: Uuid.nullable(),
  studyDate: LocalDate.nullable(),
  studyTime: z.string().nullable(),
  accessionNumber: z.string().nullable(),
  description: z.string().nullable(),
  referrer: z.string().nullable(),
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
  updatedAt: Instant,
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
const StudyParams = z.strictObject({ studyInstanceUid: DicomUid });
const GroupQuery = z.strictObject({ groupId: Uuid.optional() });
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
  summary: 'Change a study’s reading status, description or patient',
  params: StudyParams,
  query: GroupQuery,
  body: z.strictObject({
    status: ReadingStatus.optional(),
    description: z.string().trim().max(200).nullable().optional(),
    patientId: Uuid.optional(),
  }),
  responses: { 200: StudyDetail },
  errors: ['AMBIGUOUS_UID', 'CONFLICT'],
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
export const studyOperations = [listStudies, getStudy, updateStudy, deleteStudy, getSeriesDisplay, search] as const;
