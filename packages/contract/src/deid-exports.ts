import { z } from 'zod';
import { DicomUid, IdParams, Instant, Uuid } from './common.ts';
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
  patients: z.int(),
  /** Files; null until they were counted. */
  total: z.int().nullable(),
  done: z.int(),
  /** Files that did not leave. */
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
  summary: 'Make a ZIP without identity in the background: kept for a week, for who asked',
  body: z.strictObject({
    patientIds: z.array(Uuid).min(1).max(1000),
    studyInstanceUids: z.array(DicomUid).max(5000).optional(),
    projectId: Uuid.optional(),
  }),
  responses: { 202: DeidExport },
  errors: ['PROJECT_KEY_LOST', 'UNPROCESSABLE'],
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
