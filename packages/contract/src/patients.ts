import { z } from 'zod';
import { booleanQuery, DicomUid, IdParams, Instant, ListQuery, LocalDate, listOf, Uuid } from './common.ts';
import { listPatientExports } from './exports-made.ts';
import { defineOperation } from './operation.ts';
import {
  checkExport,
  exportAnonymised,
  exportPatient,
  exportPatients,
  handOverPatient,
  makeMedium,
  patientRecord,
} from './patient-exports.ts';
import { listTrash, restoreTrash } from './trash.ts';

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
  /** Open to this person in an emergency, by nothing else: what would change it or take it along is refused with OPEN_FOR_READING. Left out where it is not so, and in imports and exports. */
  onlyReads: z.boolean().optional(),
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
  errors: ['OPEN_FOR_READING', 'STALE_UPDATE'],
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
  errors: ['OPEN_FOR_READING', 'PATIENT_HAS_IMAGES'],
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
export const patientOperations = [
  listPatients,
  createPatient,
  getPatient,
  updatePatient,
  deletePatient,
  checkExport,
  exportPatient,
  exportAnonymised,
  exportPatients,
  handOverPatient,
  makeMedium,
  patientRecord,
  listPatientExports,
  getStoredInstance,
  listTrash,
  restoreTrash,
] as const;
