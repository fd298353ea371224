import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const BackupRun = z.object({
  id: Uuid,
  startedAt: Instant,
  endedAt: Instant.nullable(),
  /** `DAMAGE`: whole, but for objects that were damaged on the server. `CUT`: it ended without a word. */
  outcome: z.enum(['RUNNING', 'DONE', 'DAMAGE', 'FAILED', 'CUT']),
  /** Why it failed, as a code. */
  failure: z.string().nullable(),
  target: z.string(),
  isEncrypted: z.boolean(),
  /** False where the database of DATABASE_URL is backed up by its own tools. */
  hasDatabase: z.boolean(),
  /** Everything that was committed until then is in it. */
  pointAt: Instant.nullable(),
  objects: z.number().int(),
  copiedObjects: z.number().int(),
  copiedBytes: z.number().int(),
  /** What all backups of its target took when it was whole. */
  keptBytes: z.number().int().nullable(),
  damaged: z.number().int(),
});
export type BackupRun = z.infer<typeof BackupRun>;

export const BackupCare = z.object({
  /** How often the server makes one by itself; null when it does not. */
  everyMs: z.number().int().nullable(),
  /** The last one is older than it may be, or there is none. */
  isLate: z.boolean(),
  /** The newest that can be restored. */
  last: BackupRun.nullable(),
  /** The newest ten, whatever came of them. */
  items: z.array(BackupRun),
});
export type BackupCare = z.infer<typeof BackupCare>;

export const backupCare = defineOperation({
  id: 'backupCare',
  method: 'GET',
  path: '/api/system/backups',
  tag: 'system',
  permission: 'system.manage',
  summary: 'When the last backups were made, and how they ended',
  responses: { 200: BackupCare },
});
