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
  /** The name was written in another character set than its file declares, and is read by a guess that nobody has looked at; false without `patients.identity`. */
  textUncertain: z.boolean(),
  groupId: Uuid.nullable(),
  studyCount: z.number().int(),
  lastStudyAt: LocalDate.nullable(),
  modalities: z.array(z.string()),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Patient = z.infer<typeof Patient>;

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
  identity: 'always',
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
  identity: { unlessOnly: ['updatedAt', 'status'] },
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
    /** The name is right as it stands; writing one says so too. */
    textUncertain: z.literal(false).optional(),
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
/** Said of `partial` wherever files are gathered into one. */
const PARTIAL =
  'Without it, files that are known to be damaged are OBJECT_DAMAGED; with it the others come, and the manifest names those that are missing';
export const checkExport = defineOperation({
  id: 'checkExport',
  method: 'GET',
  path: '/api/patients/{id}/export/check',
  tag: 'patients',
  permission: 'exports.create',
  summary: 'How many files of the patient’s ZIP are known to be damaged',
  params: IdParams,
  responses: { 200: z.object({ damaged: z.number().int() }) },
});
export const exportPatient = defineOperation({
  id: 'exportPatient',
  method: 'GET',
  path: '/api/patients/{id}/export',
  tag: 'patients',
  permission: 'exports.create',
  summary: 'The patient’s ZIP (JSON + DICOM), streamed while it is made',
  params: IdParams,
  query: z.strictObject({
    anonymize: booleanQuery.optional(),
    original: booleanQuery.optional(),
    partial: booleanQuery.optional().describe(PARTIAL),
  }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['NOT_IMPLEMENTED', 'OBJECT_DAMAGED'],
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
    partial: z.boolean().optional().describe(PARTIAL),
  }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['NOT_IMPLEMENTED', 'OBJECT_DAMAGED'],
});
export const handOverPatient = defineOperation({
  id: 'handOverPatient',
  method: 'POST',
  path: '/api/patients/{id}/hand-over',
  tag: 'patients',
  permission: 'exports.hand-over',
  summary: 'The patient’s ZIP for the patient, or for who stands for them; who receives it is audited',
  params: IdParams,
  body: z.strictObject({
    /** Who is given the images, as a person would write it: a name, or how they are related to the patient. */
    recipient: z.string().trim().min(2).max(120),
    partial: z.boolean().optional().describe(PARTIAL),
  }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['OBJECT_DAMAGED'],
});
export const PatientExport = z.object({
  id: Uuid,
  at: Instant,
  /** Taken by somebody who works there, given to the patient or who stands for them, or sent to a DICOM node or an Orthanc. */
  kind: z.enum(['EXPORTED', 'HANDED_OVER', 'SENT']),
  by: z.string().nullable(),
  studies: z.number().int(),
  /** To whom it was given, as it was written; where it was sent. */
  recipient: z.string().nullable(),
});
export type PatientExport = z.infer<typeof PatientExport>;
export const listPatientExports = defineOperation({
  id: 'listPatientExports',
  method: 'GET',
  path: '/api/patients/{id}/exports',
  tag: 'patients',
  permission: 'audit.own-patients',
  summary: 'When the patient’s images left by a ZIP or to a DICOM node, and by whom, the latest first',
  params: IdParams,
  responses: { 200: z.object({ items: z.array(PatientExport), isWhole: z.boolean() }) },
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
  checkExport,
  exportPatient,
  exportPatients,
  handOverPatient,
  listPatientExports,
  getStoredInstance,
  listTrash,
  restoreTrash,
] as const;
