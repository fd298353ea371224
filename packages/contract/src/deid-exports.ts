import { z } from 'zod';
import { DicomUid, IdParams, Instant, Uuid } from './common.ts';
import { DEID_FORMS, MOST_DEID_PATIENTS, MOST_DEID_STUDIES } from './deid-choices.ts';
import { DeidFilter } from './deid-sources.ts';
import { defineOperation } from './operation.ts';

export const DEID_EXPORT_STATUSES = ['WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'] as const;
/** Why nothing came of an export: the right was lost, what was asked for is gone, the project's key or the disk fails, or it failed again and again. */
export const DEID_EXPORT_CODES = [
  'FORBIDDEN',
  'NOT_FOUND',
  'PROJECT_KEY_LOST',
  'OBJECT_DAMAGED',
  'STORAGE_FULL',
  'UNAVAILABLE',
  'INTERNAL',
] as const;
export const DeidExport = z.object({
  id: Uuid,
  /** Null for one that is of no project. */
  project: z.object({ id: Uuid, name: z.string() }).nullable(),
  status: z.enum(DEID_EXPORT_STATUSES),
  code: z.enum(DEID_EXPORT_CODES).nullable(),
  form: z.enum(DEID_FORMS),
  /** Into which group it comes; its name is null where that is gone. */
  target: z.object({ id: Uuid, name: z.string().nullable() }).nullable(),
  patients: z.int(),
  /** Files; null until they were counted. */
  total: z.int().nullable(),
  done: z.int(),
  /** Of these, files that the group had already. */
  unchanged: z.int(),
  /** Files that did not leave, or that the group did not take. */
  refused: z.int(),
  /** Of those, files that wait for a person, and files about which somebody has decided since it ended. */
  waiting: z.int(),
  decided: z.int(),
  sizeBytes: z.int().nullable(),
  createdAt: Instant,
  endedAt: Instant.nullable(),
  /** Until when it can be downloaded. */
  expiresAt: Instant.nullable(),
});
export type DeidExport = z.infer<typeof DeidExport>;
/** By its place in the ZIP, and why it is not there; a thousand at most, all are in the manifest. */
export const DeidRefused = z.object({ path: z.string(), because: z.string() });
export const DeidExportDetails = DeidExport.extend({ refusals: z.array(DeidRefused) });
export type DeidExportDetails = z.infer<typeof DeidExportDetails>;

export const listDeidExports = defineOperation({
  id: 'listDeidExports',
  method: 'GET',
  path: '/api/deid/exports',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary: 'One’s own exports without identity of the last week, the newest first',
  responses: { 200: z.object({ items: z.array(DeidExport) }) },
});
export const startDeidExport = defineOperation({
  id: 'startDeidExport',
  method: 'POST',
  path: '/api/deid/exports',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary:
    'Export patients, or what a filter of the list of studies finds now, without identity in the background: as a ZIP, kept for a week for who asked, or into a group',
  body: z
    .strictObject({
      patientIds: z.array(Uuid).min(1).max(MOST_DEID_PATIENTS).optional(),
      studyInstanceUids: z.array(DicomUid).max(MOST_DEID_STUDIES).optional(),
      /** In place of patients and studies. */
      filter: DeidFilter.optional(),
      projectId: Uuid.optional(),
      form: z.enum(DEID_FORMS).default('DICOM'),
      /** With the form `GROUP`: into which; the project is needed as well, so that what comes again is known again. */
      targetGroupId: Uuid.optional(),
    })
    .refine(({ patientIds, filter }) => (patientIds === undefined) !== (filter === undefined), {
      path: ['patientIds'],
      message: 'Either patients or a filter.',
    })
    .refine(({ form, targetGroupId }) => (form === 'GROUP') === (targetGroupId !== undefined), {
      path: ['targetGroupId'],
      message: 'A group, and only with the form GROUP.',
    })
    .refine(({ form, projectId }) => form !== 'GROUP' || projectId !== undefined, {
      path: ['projectId'],
      message: 'What goes into a group is of a project.',
    }),
  responses: { 202: DeidExport },
  errors: ['OPEN_FOR_READING', 'PROJECT_KEY_LOST', 'UNPROCESSABLE', 'FORBIDDEN'],
});
export const getDeidExport = defineOperation({
  id: 'getDeidExport',
  method: 'GET',
  path: '/api/deid/exports/{id}',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary: 'One export without identity, and which files did not leave and why',
  params: IdParams,
  responses: { 200: DeidExportDetails },
});
export const cancelDeidExport = defineOperation({
  id: 'cancelDeidExport',
  method: 'POST',
  path: '/api/deid/exports/{id}/cancel',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary: 'Stop an export; one that has ended stays as it is',
  params: IdParams,
  responses: { 200: DeidExport },
});
export const downloadDeidExport = defineOperation({
  id: 'downloadDeidExport',
  method: 'GET',
  path: '/api/deid/exports/{id}/file',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary: 'The ZIP, for who asked for it, as long as they may see all that is in it',
  params: IdParams,
  responses: { 200: { stream: 'application/zip' } },
});
export const deidExportOperations = [
  listDeidExports,
  startDeidExport,
  getDeidExport,
  cancelDeidExport,
  downloadDeidExport,
] as const;
