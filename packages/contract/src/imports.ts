import { z } from 'zod';
import { booleanQuery, IdParams, ListQuery, listOf, Uuid } from './common.ts';
import { ImportedFile, ImportReport } from './import-report.ts';
import { defineOperation } from './operation.ts';
import { Patient } from './patients.ts';

/** What becomes of files that carry another identity than the chosen patient's: refused, filed as if nobody had been chosen, or kept apart for the identity review. */
export const OnMismatch = z.enum(['reject', 'owner', 'apart']);
export type OnMismatch = z.infer<typeof OnMismatch>;
/** Why images of another identity are attached to a patient all the same; stays with the study. */
export const MismatchReason = z.string().trim().min(5).max(500);
/** `acceptMismatch` attaches them all the same: needs `patientId`, `mismatchReason` and the permission `identity-review.decide`. */
export const ImportTargetFields = z.strictObject({
  patientId: Uuid.optional(),
  groupId: Uuid.optional(),
  onMismatch: OnMismatch.optional(),
  acceptMismatch: z.boolean().optional(),
  mismatchReason: MismatchReason.optional(),
});
export const importPatients = defineOperation({
  id: 'importPatients',
  method: 'POST',
  path: '/api/patients/import',
  tag: 'imports',
  permission: 'imports.create',
  summary: 'Import any number of files and ZIPs in one request',
  rawBody: 'multipart/form-data',
  responses: { 200: ImportReport, 202: ImportReport },
  errors: ['MALFORMED_MULTIPART', 'TOO_LARGE', 'STORAGE_FULL', 'GROUP_REQUIRED'],
});
export const createImport = defineOperation({
  id: 'createImport',
  method: 'POST',
  path: '/api/imports',
  tag: 'imports',
  permission: 'imports.create',
  identity: { unlessOnly: ['groupId', 'onMismatch'] },
  summary: 'Open an import to which batches of files are then sent',
  body: ImportTargetFields,
  responses: { 201: ImportReport },
  errors: ['GROUP_REQUIRED'],
});
/** Identity as the header of a file carries it: attributes (0010,0010), (0010,0020), (0010,0021) and (0010,0030). */
export const HeaderIdentity = z.strictObject({
  personName: z.string().max(1000),
  patientId: z.string().max(256),
  issuer: z.string().max(256),
  birthDate: z.string().max(64),
});
export type HeaderIdentity = z.infer<typeof HeaderIdentity>;
export const identifyImport = defineOperation({
  id: 'identifyImport',
  method: 'POST',
  path: '/api/imports/identify',
  tag: 'imports',
  permission: 'imports.create',
  identity: 'always',
  summary:
    'Whose files are before they are sent: whether an identity contradicts the chosen patient or names nobody, and whose record it would be filed in',
  body: z.strictObject({
    patientId: Uuid.optional(),
    groupId: Uuid.optional(),
    identities: z.array(HeaderIdentity).min(1).max(200),
  }),
  responses: {
    200: z.object({
      items: z.array(z.object({ contradicts: z.boolean(), namesNobody: z.boolean(), owner: Patient.nullable() })),
    }),
  },
  errors: ['GROUP_REQUIRED'],
});
export const addImportFiles = defineOperation({
  id: 'addImportFiles',
  method: 'POST',
  path: '/api/imports/{id}/files',
  tag: 'imports',
  permission: 'imports.create',
  summary: 'Send one batch of files; answers the outcome of each',
  params: IdParams,
  rawBody: 'multipart/form-data',
  responses: { 200: z.object({ files: z.array(ImportedFile) }) },
  errors: ['MALFORMED_MULTIPART', 'TOO_LARGE', 'IMPORT_FINISHED', 'STORAGE_FULL'],
});
export const knownFiles = defineOperation({
  id: 'knownFiles',
  method: 'POST',
  path: '/api/imports/{id}/known',
  tag: 'imports',
  permission: 'imports.create',
  summary:
    'Which of these files (SHA-256, lower-case hex) are already stored where this import goes; they are noted as duplicates',
  params: IdParams,
  body: z.strictObject({
    files: z
      .array(
        z.strictObject({
          name: z.string().max(1000),
          sizeBytes: z.number().int().min(0),
          sha256: z.string().regex(/^[0-9a-f]{64}$/),
        }),
      )
      .max(1000),
  }),
  responses: { 200: z.object({ known: z.array(z.string()) }) },
});
export const finishImport = defineOperation({
  id: 'finishImport',
  method: 'POST',
  path: '/api/imports/{id}/finish',
  tag: 'imports',
  permission: 'imports.create',
  summary: 'Close the import; `cancelled` keeps what was acknowledged',
  params: IdParams,
  body: z.strictObject({ cancelled: z.boolean().default(false) }),
  responses: { 200: ImportReport },
});
export const listImports = defineOperation({
  id: 'listImports',
  method: 'GET',
  path: '/api/imports',
  tag: 'imports',
  permission: 'imports.create',
  summary: 'One’s imports, newest first',
  query: ListQuery,
  responses: { 200: listOf(ImportReport.omit({ files: true, patients: true, studies: true, alreadyUnder: true })) },
});
export const getImport = defineOperation({
  id: 'getImport',
  method: 'GET',
  path: '/api/imports/{id}',
  tag: 'imports',
  permission: 'imports.create',
  summary: 'Report of an import',
  params: IdParams,
  query: z.strictObject({ files: booleanQuery.optional() }),
  responses: { 200: ImportReport },
});
export const importEvents = defineOperation({
  id: 'importEvents',
  method: 'GET',
  path: '/api/imports/{id}/events',
  tag: 'imports',
  permission: 'imports.create',
  summary: 'Progress of an import as server-sent events',
  params: IdParams,
  responses: { 200: { stream: 'text/event-stream' } },
});

export const importOperations = [
  importPatients,
  createImport,
  identifyImport,
  addImportFiles,
  knownFiles,
  finishImport,
  listImports,
  getImport,
  importEvents,
] as const;
