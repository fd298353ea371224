import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

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
