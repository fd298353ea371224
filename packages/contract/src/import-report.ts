import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
import { FILE_REASON_CODES } from './file-reasons.ts';

export const FileOutcome = z.enum(['stored', 'duplicate', 'conflict', 'rejected', 'ignored']);
export type FileOutcome = z.infer<typeof FileOutcome>;
export const ImportedFile = z.object({
  name: z.string(),
  outcome: FileOutcome,
  reason: z.enum(FILE_REASON_CODES).optional(),
  sizeBytes: z.number().int(),
  sha256: z.string().optional(),
  studyInstanceUid: z.string().optional(),
  seriesInstanceUid: z.string().optional(),
  sopInstanceUid: z.string().optional(),
});
export type ImportedFile = z.infer<typeof ImportedFile>;
export const ImportStatus = z.enum(['RUNNING', 'DONE', 'CANCELLED']);
export const ImportReport = z.object({
  id: Uuid,
  status: ImportStatus,
  received: z.number().int(),
  stored: z.number().int(),
  duplicates: z.number().int(),
  conflicts: z.number().int(),
  rejected: z.number().int(),
  ignored: z.number().int(),
  bytes: z.number().int(),
  patients: z.array(z.object({ id: Uuid, recordNumber: z.string() })),
  studies: z.array(z.object({ studyInstanceUid: z.string(), groupId: Uuid.nullable() })),
  /** Under whom files of this import were found that are here already; `isOther`: not whom the import, or the files themselves, name. */
  alreadyUnder: z.array(z.object({ id: Uuid, recordNumber: z.string(), files: z.number().int(), isOther: z.boolean() })),
  files: z.array(ImportedFile),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
});
export type ImportReport = z.infer<typeof ImportReport>;
