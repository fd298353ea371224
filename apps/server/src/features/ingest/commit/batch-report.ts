import { Failure } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { AnnouncedInstance, FileResult, ResolvedTarget } from '../types.ts';

const COUNTED = {
  stored: 'stored',
  duplicate: 'duplicates',
  conflict: 'conflicts',
  rejected: 'rejected',
  ignored: 'ignored',
} as const;

/** Imports are counted in one order, whatever company each has: two transactions never wait for each other. */
const byImport = (a: ReportPart, b: ReportPart): number => (a.target.importId < b.target.importId ? -1 : 1);

/** What one request adds to the report of its import. */
export interface ReportPart {
  readonly target: ResolvedTarget & { readonly userId: string | null };
  readonly results: readonly FileResult[];
  readonly announced: readonly AnnouncedInstance[];
}

/**
 * Adds files to the reports of their imports, in the transaction that stores them. Makes an import's row when the entrance opened none.
 * Fails with IMPORT_FINISHED when one was closed meanwhile.
 */
export async function writeReports(tx: Tx, parts: readonly ReportPart[]): Promise<void> {
  const files = parts.flatMap(({ target, results }) => results.map((result) => ({ importId: target.importId, result })));
  const opened = parts.filter(({ target }) => target.isOpen).sort(byImport);
  // None needs the others' answers: they are sent together, and done in this order.
  await Promise.all([
    countUnopened(
      tx,
      parts.filter(({ target }) => !target.isOpen),
    ),
    insertFiles(tx, files),
    ...parts.map((part) => insertAnnounced(tx, part)),
    ...opened.map(({ target, results }) => countFiles(tx, target, results)),
  ]);
}

async function insertAnnounced(tx: Tx, { target, announced }: ReportPart): Promise<void> {
  if (announced.length === 0) return;
  await tx.run(
    `INSERT INTO import_announced (import_id, sop_instance_uid, file_id)
       SELECT $1::uuid, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
    [target.importId, announced.map((one) => one.sopInstanceUid), announced.map((one) => one.fileId)],
  );
}

/** An entrance without a session of its own (STOW-RS, C-STORE) leaves imports that are done as soon as they are known. */
async function countUnopened(tx: Tx, parts: readonly ReportPart[]): Promise<void> {
  if (parts.length === 0) return;
  const sorted = [...parts].sort(byImport);
  const rows = sorted.map(({ target, results }) => ({
    id: target.importId,
    user_id: target.userId,
    group_id: target.groupId,
    patient_id: target.patientId,
    on_mismatch: target.onMismatch,
    accept_mismatch: target.acceptMismatch,
    mismatch_reason: target.mismatchReason,
    entrance: target.entrance,
    ...countsOf(results),
  }));
  await tx.run(
    `INSERT INTO imports (id, user_id, group_id, patient_id, on_mismatch, accept_mismatch, mismatch_reason, entrance, status, finished_at, received, stored, duplicates, conflicts, rejected, ignored, bytes)
     SELECT id, user_id, group_id, patient_id, on_mismatch, accept_mismatch, mismatch_reason, entrance, 'DONE', now(), received, stored, duplicates, conflicts, rejected, ignored, bytes
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, user_id uuid, group_id uuid, patient_id uuid, on_mismatch text, accept_mismatch boolean,
       mismatch_reason text, entrance text,
       received integer, stored integer, duplicates integer, conflicts integer, rejected integer, ignored integer, bytes bigint)
     ON CONFLICT (id) DO UPDATE SET received = imports.received + excluded.received, stored = imports.stored + excluded.stored,
       duplicates = imports.duplicates + excluded.duplicates, conflicts = imports.conflicts + excluded.conflicts,
       rejected = imports.rejected + excluded.rejected, ignored = imports.ignored + excluded.ignored, bytes = imports.bytes + excluded.bytes`,
    [JSON.stringify(rows)],
    'ingest-count-unopened',
  );
}

function countsOf(results: readonly FileResult[]) {
  const counts = { stored: 0, duplicates: 0, conflicts: 0, rejected: 0, ignored: 0 };
  for (const { outcome } of results) counts[COUNTED[outcome]] += 1;
  const bytes = results.reduce((sum, result) => sum + result.sizeBytes, 0);
  return { received: results.length, ...counts, bytes };
}

export async function insertFiles(tx: Tx, files: readonly { importId: string; result: FileResult }[]): Promise<void> {
  const column = <V>(value: (result: FileResult) => V): V[] => files.map(({ result }) => value(result));
  await tx.run(
    `INSERT INTO import_files (import_id, name, outcome, reason, size_bytes, file_sha256, patient_id, study_instance_uid, series_instance_uid, sop_instance_uid)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bytea[], $7::uuid[], $8::text[], $9::text[], $10::text[])`,
    [
      files.map(({ importId }) => importId),
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
  const counts = countsOf(results);
  const changed = await tx.run(
    `UPDATE imports SET received = received + $2, stored = stored + $3, duplicates = duplicates + $4, conflicts = conflicts + $5,
       rejected = rejected + $6, ignored = ignored + $7, bytes = bytes + $8, spool_read = spool_read + $9
     WHERE id = $1 AND status = 'RUNNING'`,
    [
      target.importId,
      counts.received,
      counts.stored,
      counts.duplicates,
      counts.conflicts,
      counts.rejected,
      counts.ignored,
      counts.bytes,
      target.isSpooled === true ? counts.received : 0,
    ],
    'ingest-count-files',
  );
  if (changed === 0) throw new Failure('IMPORT_FINISHED');
}
