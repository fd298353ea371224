import { z } from 'zod';
import { booleanQuery, DicomUid, IdParams, Instant, ListQuery, LocalDate, listOf, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const ReadingStatus = z.enum(['TO_READ', 'IN_PROGRESS', 'VALIDATED', 'ARCHIVED']);
export type ReadingStatus = z.infer<typeof ReadingStatus>;
export const Sex = z.enum(['M', 'F', 'O', 'U']);
export const IdentityStatus = z.enum(['CONFIRMED', 'IDENTITY_REVIEW']);

/** For an actor without `patients.identity`: lastName is the record number, firstName empty, and birthDate, phone, address and externalId null. */
export const Patient = z.object({
  id: Uuid,
  recordNumber: z.string(),
  externalId: z.string().nullable(),
  lastName: z.string(),
  firstName: z.string(),
  birthDate: LocalDate.nullable(),
  sex: Sex,
  phone: z.string().nullable(),
  address: z.string().nullable(),
  status: ReadingStatus,
  identityStatus: IdentityStatus,
  groupId: Uuid.nullable(),
  studyCount: z.number().int(),
  lastStudyAt: LocalDate.nullable(),
  modalities: z.array(z.string()),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Patient = z.infer<typeof Patient>;

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

const text = (max: number) => z.string().trim().max(max);
const Editable = {
  lastName: text(100),
  firstName: text(100),
  birthDate: LocalDate.nullable(),
  sex: Sex,
  phone: text(50).nullable(),
  address: text(500).nullable(),
  externalId: text(64).nullable(),
  groupId: Uuid.nullable(),
};
export const PatientSort = z.enum([
  'name',
  '-name',
  'birthDate',
  '-birthDate',
  'lastStudyAt',
  '-lastStudyAt',
  'recordNumber',
  '-recordNumber',
  'createdAt',
  '-createdAt',
]);
export const listPatients = defineOperation({
  id: 'listPatients',
  method: 'GET',
  path: '/api/patients',
  tag: 'patients',
  permission: 'patients.read',
  summary: 'Patients in scope; `q` ignores accents, case and word order',
  query: ListQuery.extend({
    sort: PatientSort.optional(),
    status: ReadingStatus.optional(),
    groupId: Uuid.optional(),
    birthDate: LocalDate.optional(),
    identityStatus: IdentityStatus.optional(),
  }),
  responses: { 200: listOf(Patient) },
});
export const createPatient = defineOperation({
  id: 'createPatient',
  method: 'POST',
  path: '/api/patients',
  tag: 'patients',
  permission: 'patients.write',
  summary: 'Register a patient',
  body: z.strictObject({
    lastName: Editable.lastName.min(1),
    firstName: Editable.firstName.default(''),
    birthDate: Editable.birthDate.optional(),
    sex: Sex.default('U'),
    phone: Editable.phone.optional(),
    address: Editable.address.optional(),
    externalId: Editable.externalId.optional(),
    groupId: Editable.groupId.optional(),
  }),
  responses: { 201: Patient },
});
export const getPatient = defineOperation({
  id: 'getPatient',
  method: 'GET',
  path: '/api/patients/{id}',
  tag: 'patients',
  permission: 'patients.read',
  summary: 'One patient',
  params: IdParams,
  responses: { 200: Patient },
});
export const updatePatient = defineOperation({
  id: 'updatePatient',
  method: 'PATCH',
  path: '/api/patients/{id}',
  tag: 'patients',
  permission: 'patients.write',
  summary: 'Edit a patient; carries `updatedAt` as it was read',
  params: IdParams,
  body: z.strictObject({
    updatedAt: Instant,
    lastName: Editable.lastName.min(1).optional(),
    firstName: Editable.firstName.optional(),
    birthDate: Editable.birthDate.optional(),
    sex: Sex.optional(),
    phone: Editable.phone.optional(),
    address: Editable.address.optional(),
    externalId: Editable.externalId.optional(),
    groupId: Editable.groupId.optional(),
    status: z.enum(['ARCHIVED', 'TO_READ']).optional(),
  }),
  responses: { 200: Patient },
  errors: ['STALE_UPDATE'],
});
export const deletePatient = defineOperation({
  id: 'deletePatient',
  method: 'DELETE',
  path: '/api/patients/{id}',
  tag: 'patients',
  permission: 'trash.move',
  summary: 'Move a patient to the trash; with images `cascade=true` is needed',
  params: IdParams,
  query: z.strictObject({ cascade: booleanQuery.optional() }),
  responses: { 204: null },
  errors: ['PATIENT_HAS_IMAGES'],
});
export const exportPatient = defineOperation({
  id: 'exportPatient',
  method: 'GET',
  path: '/api/patients/{id}/export',
  tag: 'patients',
  permission: 'exports.create',
  summary: 'The patient’s ZIP (JSON + DICOM), streamed while it is made',
  params: IdParams,
  query: z.strictObject({ anonymize: booleanQuery.optional(), original: booleanQuery.optional() }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['NOT_IMPLEMENTED'],
});
export const exportPatients = defineOperation({
  id: 'exportPatients',
  method: 'POST',
  path: '/api/patients/export',
  tag: 'patients',
  permission: 'exports.create',
  summary: 'A ZIP of several patients',
  body: z.strictObject({
    patientIds: z.array(Uuid).min(1).max(1000),
    studyInstanceUids: z.array(DicomUid).max(5000).optional(),
    anonymize: z.boolean().optional(),
    original: z.boolean().optional(),
  }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['NOT_IMPLEMENTED'],
});
export const getStoredInstance = defineOperation({
  id: 'getStoredInstance',
  method: 'GET',
  path: '/api/patients/images/{sopInstanceUid}',
  tag: 'patients',
  permission: 'exports.create',
  summary: 'The DICOM file as the index has it; `original=true`: as it is stored',
  params: z.strictObject({ sopInstanceUid: DicomUid }),
  query: z.strictObject({ groupId: Uuid.optional(), original: booleanQuery.optional() }),
  responses: { 200: { stream: 'application/dicom' } },
  errors: ['AMBIGUOUS_UID', 'UNPROCESSABLE'],
});

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
    description: text(200).nullable().optional(),
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
export const TrashEntry = z.object({
  id: Uuid,
  kind: z.enum(['patient', 'study']),
  label: z.string(),
  deletedAt: Instant,
  purgeAt: Instant,
});
export const listTrash = defineOperation({
  id: 'listTrash',
  method: 'GET',
  path: '/api/trash',
  tag: 'patients',
  permission: 'trash.move',
  summary: 'What is in the trash',
  query: ListQuery,
  responses: { 200: listOf(TrashEntry) },
});
export const restoreTrash = defineOperation({
  id: 'restoreTrash',
  method: 'POST',
  path: '/api/trash/{id}/restore',
  tag: 'patients',
  permission: 'trash.move',
  summary: 'Take a patient or study back from the trash',
  params: IdParams,
  responses: { 204: null },
});
export const patientOperations = [
  listPatients,
  createPatient,
  getPatient,
  updatePatient,
  deletePatient,
  exportPatient,
  exportPatients,
  getStoredInstance,
  listStudies,
  getStudy,
  updateStudy,
  deleteStudy,
  search,
  listTrash,
  restoreTrash,
] as const;
