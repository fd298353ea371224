import { Failure } from '../../kernel/failure.ts';
import type { SqlValue, Tx } from '../../platform/db/database.ts';
import type { AnnouncedInstance, FileResult, ResolvedTarget } from './types.ts';

const COUNTED = {
  stored: 'stored',
  duplicate: 'duplicates',
  conflict: 'conflicts',
  rejected: 'rejected',
  ignored: 'ignored',
} as const;

/**
 * Adds files to their import's report, in the transaction that stores them. Makes the import's row when the entrance opened none.
 * Fails with IMPORT_FINISHED when it was closed meanwhile.
 */
export async function writeReport(
  tx: Tx,
  target: ResolvedTarget & { readonly userId: string },
  report: { results: readonly FileResult[]; announced: readonly AnnouncedInstance[] },
): Promise<void> {
  await insertImport(tx, target);
  await insertFiles(tx, target.importId, report.results);
  if (report.announced.length > 0) {
    await tx.run(
      `INSERT INTO import_announced (import_id, sop_instance_uid, file_id)
       SELECT $1::uuid, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
      [target.importId, report.announced.map((one) => one.sopInstanceUid), report.announced.map((one) => one.fileId)],
    );
  }
  await countFiles(tx, target, report.results);
}

/** An entrance without a session of its own (STOW-RS, C-STORE) leaves imports that are done as soon as they are known. */
async function insertImport(tx: Tx, target: ResolvedTarget & { readonly userId: string }): Promise<void> {
  if (target.isOpen) return;
  await tx.run(
    `INSERT INTO imports (id, user_id, group_id, patient_id, accept_mismatch, entrance, status, finished_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'DONE', now()) ON CONFLICT (id) DO NOTHING`,
    [target.importId, target.userId, target.groupId, target.patientId, target.acceptMismatch, target.entrance],
    'ingest-insert-import',
  );
}

export async function insertFiles(tx: Tx, importId: string, results: readonly FileResult[]): Promise<void> {
  const column = (value: (result: FileResult) => SqlValue): SqlValue => results.map(value);
  await tx.run(
    `INSERT INTO import_files (import_id, name, outcome, reason, size_bytes, file_sha256, patient_id, study_instance_uid, series_instance_uid, sop_instance_uid)
     SELECT $1::uuid, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bytea[], $7::uuid[], $8::text[], $9::text[], $10::text[])`,
    [
      importId,
      column((result) => result.name),
      column((result) => result.outcome),
      column((result) => result.reason ?? null),
      column((result) => result.sizeBytes),
      column((result) => (result.sha256 === undefined ? null : Buffer.from(result.sha256, 'hex'))),
      column((result) => result.patientId ?? null),
      column((result) => result.studyInstanceUid ?? null),
      column((result) => result.seriesInstanceUid ?? null),
      column((result) => result.sopInstanceUid ?? null),
    ],
    'ingest-insert-files',
  );
}

/** The import's row comes last in a transaction: batches of one import wait here for the shortest time. */
export async function countFiles(tx: Tx, target: ResolvedTarget, results: readonly FileResult[]): Promise<void> {
  const counts = { stored: 0, duplicates: 0, conflicts: 0, rejected: 0, ignored: 0 };
  for (const { outcome } of results) counts[COUNTED[outcome]] += 1;
  const bytes = results.reduce((sum, result) => sum + result.sizeBytes, 0);
  const changed = await tx.run(
    `UPDATE imports SET received = received + $2, stored = stored + $3, duplicates = duplicates + $4, conflicts = conflicts + $5,
       rejected = rejected + $6, ignored = ignored + $7, bytes = bytes + $8
     WHERE id = $1 AND (status = 'RUNNING' OR $9)`,
    [
      target.importId,
      results.length,
      counts.stored,
      counts.duplicates,
      counts.conflicts,
      counts.rejected,
      counts.ignored,
      bytes,
      !target.isOpen,
    ],
    'ingest-count-files',
  );
  if (changed === 0) throw new Failure('IMPORT_FINISHED');
}
