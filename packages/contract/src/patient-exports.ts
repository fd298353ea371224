import { z } from 'zod';
import { booleanQuery, DicomUid, IdParams, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** Said of `partial` wherever files are gathered into one. */
const PARTIAL =
  'Without it, files that are known to be damaged are OBJECT_DAMAGED; with it the others come, and the manifest names those that are missing';
const ANONYMIZE =
  'Files without identity (PS3.15 Annex E, Basic Profile), under a pseudonym that this one export has; the manifest tells what was done to each and which did not leave';
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
    anonymize: booleanQuery.optional().describe(ANONYMIZE),
    original: booleanQuery.optional(),
    partial: booleanQuery.optional().describe(PARTIAL),
  }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['BAD_REQUEST', 'OBJECT_DAMAGED'],
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
    anonymize: z.boolean().optional().describe(ANONYMIZE),
    original: z.boolean().optional(),
    partial: z.boolean().optional().describe(PARTIAL),
  }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['BAD_REQUEST', 'OBJECT_DAMAGED'],
});
export const exportAnonymised = defineOperation({
  id: 'exportAnonymised',
  method: 'POST',
  path: '/api/patients/export/anonymised',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary: 'A ZIP of files without identity of one or several patients',
  body: z.strictObject({
    patientIds: z.array(Uuid).min(1).max(1000),
    studyInstanceUids: z.array(DicomUid).max(5000).optional(),
    /** Without it the key is thrown away with the answer. */
    projectId: Uuid.optional().describe(
      'The project whose key, options and dates count; NOT_FOUND where one has no such project',
    ),
    partial: z.boolean().optional().describe(PARTIAL),
  }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['OBJECT_DAMAGED', 'PROJECT_KEY_LOST'],
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
/** A disc as an image to be burnt or as files to be copied onto a medium. */
export const MediumForm = z.enum(['ISO', 'ZIP']);
export type MediumForm = z.infer<typeof MediumForm>;
export const makeMedium = defineOperation({
  id: 'makeMedium',
  method: 'POST',
  path: '/api/patients/{id}/medium',
  tag: 'patients',
  permission: 'exports.hand-over',
  summary:
    'A medium for the patient (DICOMDIR, PS3.10, with a page that shows the images without a server): ISO 9660 image or ZIP; who receives it is audited',
  params: IdParams,
  body: z.strictObject({
    recipient: z.string().trim().min(2).max(120).describe('As of a hand-over'),
    form: MediumForm,
    studyInstanceUids: z.array(DicomUid).min(1).max(5000).optional().describe('Without them, all studies'),
    partial: z.boolean().optional().describe(PARTIAL),
  }),
  responses: { 200: { stream: 'application/octet-stream' } },
  errors: ['OBJECT_DAMAGED', 'UNPROCESSABLE', 'STORAGE_FULL'],
});
export const patientRecord = defineOperation({
  id: 'patientRecord',
  method: 'POST',
  path: '/api/patients/{id}/record',
  tag: 'patients',
  permission: 'exports.record',
  summary:
    'Everything of one patient as one ZIP: files as they were received, rows, signed reports as PDF, who saw the record (PDF and CSV), a page to begin with and a manifest with hashes',
  params: IdParams,
  body: z.strictObject({
    locale: z.enum(['fr', 'en']).default('fr'),
    timeZone: z.string().max(60).default('UTC'),
    partial: z.boolean().optional().describe(PARTIAL),
  }),
  responses: { 200: { stream: 'application/zip' } },
  errors: ['BAD_REQUEST', 'OBJECT_DAMAGED'],
});
