import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const PatientExport = z.object({
  id: Uuid,
  at: Instant,
  /** A ZIP taken by somebody who works there, or given to the patient or who stands for them; sent to a DICOM node or an Orthanc; files of a study taken one by one, a document (PDF) of it; the record in FHIR. */
  kind: z.enum(['EXPORTED', 'HANDED_OVER', 'SENT', 'FILES', 'DOCUMENT', 'FHIR']),
  by: z.string().nullable(),
  /** 0 of what is no image. */
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
  summary: 'When what the patient has left the server, as what, and by whom, the latest first',
  params: IdParams,
  responses: { 200: z.object({ items: z.array(PatientExport), isWhole: z.boolean() }) },
});
