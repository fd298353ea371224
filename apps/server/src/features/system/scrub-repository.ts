import type { Tx } from '../../platform/db/database.ts';

export type ObjectKind = 'INSTANCE' | 'VERSION' | 'CONFLICT' | 'METADATA';

/** An object that a row names. */
export interface NamedObject {
  readonly id: string;
  readonly kind: ObjectKind;
  /** Null for metadata of series. */
  readonly size_bytes: number | null;
  /** Null for metadata that was packed before its hash was kept. */
  readonly sha256: Buffer | null;
  /** Of metadata. */
  readonly series_id: string | null;
}

export interface ScrubRow {
  readonly started_at: Date;
  readonly position: string | null;
  readonly objects: number;
  readonly bytes: number;
  readonly damaged: number;
  readonly busy_ms: number;
  readonly awake_ms: number;
  readonly total_objects: number;
  readonly last_started_at: Date | null;
  readonly last_finished_at: Date | null;
  readonly last_objects: number | null;
  readonly last_bytes: number | null;
  readonly last_busy_ms: number | null;
  readonly last_awake_ms: number | null;
}

const FIRST = '00000000-0000-0000-0000-000000000000';
const NAMED = `
  (SELECT id, 'INSTANCE' AS kind, size_bytes, file_sha256 AS sha256, NULL::uuid AS series_id FROM instances WHERE id > $1 ORDER BY id LIMIT $2)
  UNION ALL (SELECT id, 'VERSION', (row->>'size_bytes')::bigint, decode(substr(row->>'file_sha256', 3), 'hex'), NULL FROM instance_versions WHERE id > $1 ORDER BY id LIMIT $2)
  UNION ALL (SELECT id, 'CONFLICT', size_bytes, file_sha256, NULL FROM conflicts WHERE id > $1 AND status IN ('OPEN', 'KEPT') ORDER BY id LIMIT $2)
  UNION ALL (SELECT metadata_object, 'METADATA', NULL, metadata_sha256, id FROM series WHERE metadata_object > $1 ORDER BY metadata_object LIMIT $2)`;

/** The next objects in the order of ids, whatever they are. */
export const nextObjects = (tx: Tx, after: string | null, limit: number): Promise<NamedObject[]> =>
  tx.rows<NamedObject>(`SELECT * FROM (${NAMED}) AS named ORDER BY id LIMIT $2`, [after ?? FIRST, limit], 'scrub-next');

export async function countObjects(tx: Tx): Promise<number> {
  const row = await tx.first<{ n: number }>(
    `SELECT (SELECT count(*) FROM instances) + (SELECT count(*) FROM instance_versions) + (SELECT count(*) FROM conflicts WHERE status IN ('OPEN', 'KEPT'))
       + (SELECT count(*) FROM series WHERE metadata_object IS NOT NULL) AS n`,
  );
  return Number(row?.n ?? 0);
}

export const readState = (tx: Tx): Promise<ScrubRow | undefined> => tx.first<ScrubRow>('SELECT * FROM scrub_state');

/** Begins to read all objects; what the reading before came to is kept as the last one. */
export const beginPass = (tx: Tx, now: Date, total: number): Promise<number> =>
  tx.run(
    `INSERT INTO scrub_state AS s (started_at, total_objects) VALUES ($1, $2)
     ON CONFLICT (single) DO UPDATE SET last_started_at = s.started_at, last_finished_at = $1, last_objects = s.objects, last_bytes = s.bytes,
       last_busy_ms = s.busy_ms, last_awake_ms = s.awake_ms, started_at = $1, position = NULL, objects = 0, bytes = 0, damaged = 0, busy_ms = 0,
       awake_ms = 0, total_objects = $2`,
    [now, total],
  );

export interface Progress {
  readonly position: string;
  readonly objects: number;
  readonly bytes: number;
  readonly damaged: number;
  readonly busyMs: number;
  readonly awakeMs: number;
}

export const notePosition = (tx: Tx, { position, objects, bytes, damaged, busyMs, awakeMs }: Progress): Promise<number> =>
  tx.run(
    `UPDATE scrub_state SET position = $1, objects = objects + $2, bytes = bytes + $3, damaged = damaged + $4, busy_ms = busy_ms + $5, awake_ms = awake_ms + $6`,
    [position, objects, bytes, damaged, Math.round(busyMs), Math.round(awakeMs)],
  );

export const noteMetadataHash = (tx: Tx, objectId: string, sha256: Buffer): Promise<number> =>
  tx.run('UPDATE series SET metadata_sha256 = $2 WHERE metadata_object = $1', [objectId, sha256]);

export interface DamagedRow {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly reason: string;
  readonly found_at: Date;
  readonly study_instance_uid: string | null;
}

/** Damaged objects, the newest first, with the study that each belongs to. */
export const listDamaged = (tx: Tx, limit: number): Promise<DamagedRow[]> =>
  tx.rows<DamagedRow>(
    `SELECT d.id, d.kind, d.reason, d.found_at, coalesce(t.study_instance_uid, c.study_instance_uid) AS study_instance_uid
     FROM damaged_objects d LEFT JOIN instances i ON i.id = d.id LEFT JOIN instance_versions v ON v.id = d.id LEFT JOIN conflicts c ON c.id = d.id
       LEFT JOIN series s ON s.id = coalesce(i.series_id, v.series_id) OR s.metadata_object = d.id LEFT JOIN studies t ON t.id = s.study_id
     ORDER BY d.found_at DESC, d.id LIMIT $1`,
    [limit],
  );

export async function countDamaged(tx: Tx): Promise<number> {
  const row = await tx.first<{ n: number }>('SELECT count(*) AS n FROM damaged_objects', [], 'damaged-count');
  return Number(row?.n ?? 0);
}
