import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { keptValue } from '../write/replace.ts';

/** An instance that was kept aside; its id is also that of its object. `can_undo`: whether the decision can be taken back now. */
export type ConflictRow = FoundBy<typeof findConflict>;

/** For so long a decision that changed something can be taken back. What was discarded stays a day longer, so that no undoing meets its deletion. */
export const UNDO_DAYS = 30;
const IN_TIME = `decided_at > now() - interval '${UNDO_DAYS} days'` as const;
/** Keeping the stored one deletes nothing, and can be taken back for ever. */
const IS_UNDOABLE = `coalesce(CASE status WHEN 'KEPT' THEN true WHEN 'DISCARDED' THEN object_until > now() AND ${IN_TIME}
  WHEN 'REPLACED' THEN ${IN_TIME} AND EXISTS (SELECT FROM instances i WHERE i.id = conflicts.id) END, false)` as const;

const COLUMNS =
  `id, group_id, kind, study_id, existing_instance_id, study_instance_uid, sop_instance_uid, size_bytes, status, json, created_at, decided_at,
  import_id, ${IS_UNDOABLE} AS can_undo` as const;

/** A conflict of the transaction's scope. */
export const findConflict = (tx: ReadTx, id: string) => tx.first(`SELECT ${COLUMNS} FROM conflicts WHERE id = $1`, [id]);

/** The same, locked for a decision. */
export const lockConflict = (tx: Tx, id: string): Promise<ConflictRow | undefined> =>
  tx.first(`SELECT ${COLUMNS} FROM conflicts WHERE id = $1 FOR UPDATE`, [id]);

/** SHA-256 of the file that was kept aside. */
export const conflictHash = async (tx: ReadTx, id: string): Promise<Buffer | undefined> =>
  (await tx.first('SELECT file_sha256 FROM conflicts WHERE id = $1', [id]))?.file_sha256;

export interface ConflictFilter {
  readonly isOpen: boolean;
  readonly importId: string | null;
  readonly studyInstanceUid: string | null;
}

const LISTED =
  "(status = 'OPEN') = $1 AND ($2::uuid IS NULL OR import_id = $2::uuid) AND ($3::text IS NULL OR study_instance_uid = $3)";

/** Conflicts of the transaction's scope, newest first, after the id `after`; and how many there are. */
export async function listConflicts(
  tx: ReadTx,
  { isOpen, importId, studyInstanceUid }: ConflictFilter,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ rows: ConflictRow[]; total: number }> {
  const wanted = [isOpen, importId, studyInstanceUid] as const;
  const rows = await tx.rows(
    `SELECT ${COLUMNS} FROM conflicts WHERE ${LISTED} AND ($4::uuid IS NULL OR id < $4::uuid) ORDER BY id DESC LIMIT $5`,
    [...wanted, after, limit],
  );
  const counted = await tx.first(`SELECT count(*) AS n FROM conflicts WHERE ${LISTED}`, wanted);
  return { rows, total: counted?.n ?? 0 };
}

/** What stands on the other side of a conflict, and where its header is. */
export interface ExistingRow {
  readonly id: string;
  readonly size_bytes: number;
  readonly received_at: Date;
  readonly json: Buffer | null;
  readonly metadata_object: string | null;
  readonly stored_version: Buffer | null;
}

type Sides = Pick<ConflictRow, 'id' | 'existing_instance_id' | 'study_id'>;

/**
 * What stands on the other side: the stored instance of the same UID (its old version once it was replaced), or any instance of the
 * study that the patient contradicts.
 */
export async function findExisting(tx: ReadTx, { id, existing_instance_id, study_id }: Sides): Promise<ExistingRow | undefined> {
  const same = await tx.first(
    `SELECT i.id, i.size_bytes, i.received_at, m.json, s.metadata_object, NULL::bytea AS stored_version
     FROM instances i JOIN series s ON s.id = i.series_id LEFT JOIN instance_metadata m ON m.instance_id = i.id
     WHERE i.id <> $1 AND (i.id = $2 OR ($2::uuid IS NULL AND s.study_id = $3)) ORDER BY i.id LIMIT 1`,
    [id, existing_instance_id, study_id],
  );
  if (same !== undefined || existing_instance_id === null) return same;
  const version = await tx.first(
    `SELECT id, (row->>'size_bytes')::bigint AS size_bytes, (row->>'received_at')::timestamptz AS received_at, NULL::bytea AS json,
       NULL::uuid AS metadata_object, json AS stored_version FROM instance_versions WHERE id = $1`,
    [existing_instance_id],
  );
  if (version === undefined) return undefined;
  return { ...version, size_bytes: keptValue(version.size_bytes), received_at: keptValue(version.received_at) };
}

/** What an image of a conflict needs: its object, and the study and series that it names. `is_there`: whether the object that was kept aside is still there. */
export type ConflictImageRow = FoundBy<typeof findConflictImage>;

export const findConflictImage = (tx: ReadTx, id: string) =>
  tx.first(
    `SELECT c.id, c.group_id, c.study_id, s.patient_id, c.existing_instance_id, c.series_instance_uid, c.study_instance_uid, c.size_bytes,
       (c.status <> 'DISCARDED' OR coalesce(c.object_until > now(), false)) AS is_there
     FROM conflicts c LEFT JOIN studies s ON s.id = c.study_id WHERE c.id = $1`,
    [id],
  );

/** The object of the other side. */
export async function findExistingObject(
  tx: ReadTx,
  { id, existing_instance_id, study_id }: Sides,
): Promise<{ id: string; sizeBytes: number } | undefined> {
  const found = await tx.first(
    `SELECT i.id, i.size_bytes AS "sizeBytes" FROM instances i JOIN series s ON s.id = i.series_id
     WHERE i.id <> $1 AND (i.id = $2 OR ($2::uuid IS NULL AND s.study_id = $3))
     UNION ALL SELECT v.id, (v.row->>'size_bytes')::bigint FROM instance_versions v WHERE v.id = $2 ORDER BY 1 LIMIT 1`,
    [id, existing_instance_id, study_id],
  );
  return found && { id: found.id, sizeBytes: keptValue(found.sizeBytes) };
}

export const closeConflict = (
  tx: Tx,
  id: string,
  { status, actorId }: { status: 'KEPT' | 'REPLACED' | 'DISCARDED'; actorId: string },
): Promise<number> =>
  tx.run(
    `UPDATE conflicts SET status = $2, decided_by = $3, decided_at = now(),
       object_until = CASE WHEN $2 = 'DISCARDED' THEN now() + interval '${UNDO_DAYS} days' + interval '1 day' END WHERE id = $1`,
    [id, status, actorId],
  );

/** A decision is taken back. */
export const openConflictAgain = (tx: Tx, id: string): Promise<number> =>
  tx.run("UPDATE conflicts SET status = 'OPEN', decided_by = NULL, decided_at = NULL, object_until = NULL WHERE id = $1", [id]);

/**
 * What decides whether a decision that changed something can be taken back. `in_time`: the time for taking it back is not over, and what was discarded
 * is there. `waits`: the same file came again, and waits itself.
 */
export const undoingOf = (tx: ReadTx, id: string) =>
  tx.first(
    `SELECT c.status = 'KEPT' OR (c.${IN_TIME} AND (c.status <> 'DISCARDED' OR coalesce(c.object_until > now(), false))) AS in_time,
       EXISTS (SELECT FROM conflicts o WHERE o.sop_instance_uid = c.sop_instance_uid AND o.file_sha256 = c.file_sha256
         AND o.group_id IS NOT DISTINCT FROM c.group_id AND o.id <> c.id AND o.status = 'OPEN') AS waits
     FROM conflicts c WHERE c.id = $1`,
    [id],
  );
