import type { ImportedFile, ImportReport, listImports, QueryOf, ResultOf } from '@negatoscope/contract';
import { findOwners } from '../../../archive/records/studies.ts';
import { notFound } from '../../../kernel/failure.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor, TOTAL_CAP } from '../../../kernel/list.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { RowOf } from '../../../platform/db/statements.ts';
import type { FileResult, ImportTarget, ResolvedTarget } from '../types.ts';

type ImportRow = RowOf<`SELECT ${typeof COLUMNS} FROM imports WHERE id = $1`>;

const COLUMNS = 'id, status, received, stored, duplicates, conflicts, rejected, ignored, bytes, created_at, finished_at';

const summaryOf = ({ created_at, finished_at, ...row }: ImportRow) => ({
  ...row,
  createdAt: created_at.toISOString(),
  finishedAt: finished_at?.toISOString() ?? null,
});

/** Opens an import that files are then added to. */
export async function openImport(tx: Tx, userId: string, target: ResolvedTarget): Promise<ResolvedTarget> {
  await tx.run(
    `INSERT INTO imports (id, user_id, group_id, patient_id, on_mismatch, accept_mismatch, mismatch_reason, entrance)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      target.importId,
      userId,
      target.groupId,
      target.patientId,
      target.onMismatch,
      target.acceptMismatch,
      target.mismatchReason,
      target.entrance,
    ],
  );
  return { ...target, isOpen: true };
}

/** What the contract shows of a file. */
export function publicFile(result: FileResult): ImportedFile {
  const { name, outcome, reason, sizeBytes, sha256, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = result;
  const optional = { reason, sha256, studyInstanceUid, seriesInstanceUid, sopInstanceUid };
  return { name, outcome, sizeBytes, ...definedOnly(optional) };
}

/** The report of an import of the scope. Fails with NOT_FOUND. */
export async function readReport(tx: ReadTx, id: string, withFiles: boolean): Promise<ImportReport> {
  const row = await tx.first(`SELECT ${COLUMNS} FROM imports WHERE id = $1`, [id]);
  if (row === undefined) throw notFound();
  const { patients, alreadyUnder } = await ownersOf(tx, id);
  const studies = await tx.rows(
    `SELECT DISTINCT f.study_instance_uid AS "studyInstanceUid", i.group_id AS "groupId" FROM import_files f JOIN imports i ON i.id = f.import_id
     WHERE f.import_id = $1 AND f.outcome IN ('stored', 'duplicate') AND f.study_instance_uid IS NOT NULL ORDER BY 1`,
    [id],
  );
  return { ...summaryOf(row), patients, studies, alreadyUnder, files: withFiles ? await readFiles(tx, id) : [] };
}

/** Whose the studies of an import's files are now: one may have been moved since. */
async function ownersOf(tx: ReadTx, id: string): Promise<Pick<ImportReport, 'patients' | 'alreadyUnder'>> {
  const named = await tx.rows(
    `SELECT f.study_instance_uid AS uid, count(*) FILTER (WHERE f.outcome IN ('duplicate', 'conflict'))::int AS present,
       bool_or(f.outcome IN ('stored', 'duplicate')) AS is_there, i.patient_id AS wanted, i.group_id
     FROM import_files f JOIN imports i ON i.id = f.import_id
     WHERE f.import_id = $1 AND f.study_instance_uid IS NOT NULL AND f.outcome IN ('stored', 'duplicate', 'conflict') GROUP BY 1, 4, 5`,
    [id],
  );
  const [first] = named;
  if (first === undefined) return { patients: [], alreadyUnder: [] };
  const uids = named.map(({ uid }) => uid);
  const owners = new Map((await findOwners(tx, uids, first.group_id)).map((owner) => [owner.study_instance_uid, owner]));
  const patients = new Map<string, ImportReport['patients'][number]>();
  const already = new Map<string, ImportReport['alreadyUnder'][number]>();
  for (const { uid, present, is_there: isThere, wanted } of named) {
    const owner = owners.get(uid);
    if (owner === undefined) continue;
    const { patient_id: patientId, record_number: recordNumber } = owner;
    if (isThere) patients.set(patientId, { id: patientId, recordNumber });
    if (present === 0) continue;
    const before = already.get(patientId) ?? { id: patientId, recordNumber, files: 0, isOther: false };
    const isOther = before.isOther || owner.is_marked || (wanted !== null && wanted !== patientId);
    already.set(patientId, { ...before, files: before.files + present, isOther });
  }
  return { patients: sorted(patients.values()), alreadyUnder: sorted(already.values()) };
}

const sorted = <T extends { readonly recordNumber: string }>(patients: Iterable<T>): T[] =>
  [...patients].sort((a, b) => (a.recordNumber < b.recordNumber ? -1 : 1));

async function readFiles(tx: ReadTx, id: string): Promise<ImportedFile[]> {
  const rows = await tx.rows(
    `SELECT name, outcome, reason, size_bytes, file_sha256, study_instance_uid, series_instance_uid, sop_instance_uid
     FROM import_files WHERE import_id = $1 ORDER BY id`,
    [id],
  );
  return rows.map((row) => ({
    name: row.name,
    outcome: row.outcome,
    sizeBytes: row.size_bytes,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.file_sha256 === null ? {} : { sha256: row.file_sha256.toString('hex') }),
    ...(row.study_instance_uid === null ? {} : { studyInstanceUid: row.study_instance_uid }),
    ...(row.series_instance_uid === null ? {} : { seriesInstanceUid: row.series_instance_uid }),
    ...(row.sop_instance_uid === null ? {} : { sopInstanceUid: row.sop_instance_uid }),
  }));
}

/** One's own imports, newest first; administrators list their own too. */
export async function listOwnImports(
  tx: Tx,
  userId: string,
  query: QueryOf<typeof listImports>,
): Promise<ResultOf<typeof listImports>> {
  const [time, after] = query.cursor === undefined ? [null, null] : decodeCursor(query.cursor, anInstant, aUuid);
  const rows = await tx.rows(
    `SELECT ${COLUMNS} FROM imports WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), id) < ($2::timestamptz, $3::uuid))
     ORDER BY date_trunc('milliseconds', created_at) DESC, id DESC LIMIT $4`,
    [userId, time, after, query.limit + 1],
  );
  const counted = await tx.first('SELECT count(*) AS n FROM (SELECT FROM imports WHERE user_id = $1 LIMIT $2) AS counted', [
    userId,
    TOTAL_CAP,
  ]);
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  const total = counted?.n ?? 0;
  return {
    items: page.map(summaryOf),
    nextCursor: last === undefined ? null : encodeCursor([last.created_at.toISOString(), last.id]),
    total,
    totalIsExact: total < TOTAL_CAP,
  };
}

/** Without what a client left out: an absent option is no undefined one. */
export const definedOnly = <T extends object>(body: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as never; // Only undefined is dropped.

export const uploadTarget = (fields: Omit<ImportTarget, 'entrance'>): ImportTarget => ({ entrance: 'UPLOAD', ...fields });
