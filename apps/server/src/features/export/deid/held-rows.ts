import type { DeidHeldFile, DeidMask } from '@negatoscope/contract';
import { namePartsOf } from '../../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

const COLUMNS =
  `h.instance_id, h.series_id, h.study_id, h.group_id, h.sop_instance_uid, h.file_sha256, h.because, h.rows, h.columns, h.frames, h.version, h.decision,
  h.masks, h.decided_at, (${namePartsOf('h.decided_by')}) AS by_name` as const;

export type HeldRow = FoundBy<typeof findHeldFile>;

export const findHeldFile = (tx: ReadTx, id: string) =>
  tx.first(`SELECT ${COLUMNS} FROM deid_held_files h WHERE h.instance_id = $1`, [id]);

/** What was decided of these instances. */
export const findHeldAmong = (tx: ReadTx, ids: readonly string[]): Promise<HeldRow[]> =>
  tx.rows(`SELECT ${COLUMNS} FROM deid_held_files h WHERE h.instance_id = ANY ($1::uuid[])`, [ids]);

export const findHeldFiles = (
  tx: ReadTx,
  { seriesId, studyIds, after, limit }: { seriesId: string; studyIds: readonly string[]; after: string | null; limit: number },
): Promise<HeldRow[]> =>
  tx.rows(
    `SELECT ${COLUMNS} FROM deid_held_files h WHERE h.series_id = $1 AND h.study_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR h.instance_id > $3)
     ORDER BY h.instance_id LIMIT $4`,
    [seriesId, studyIds, after, limit],
  );

/** By series; those that wait first. */
export const countHeld = (tx: ReadTx, studyIds: readonly string[], limit: number) =>
  tx.rows(
    `SELECT h.study_id, h.series_id, count(*)::int AS files, (count(*) FILTER (WHERE h.decision IS NULL))::int AS waiting FROM deid_held_files h
     WHERE h.study_id = ANY ($1::uuid[]) GROUP BY h.study_id, h.series_id ORDER BY bool_and(h.decision IS NOT NULL), h.study_id, h.series_id LIMIT $2`,
    [studyIds, limit],
  );

/** Whether somebody has thought better of what was said of a file of these studies, since then. */
export const hasChanged = async (tx: ReadTx, studyIds: readonly string[], since: Date): Promise<boolean> =>
  (await tx.first(
    'SELECT h.instance_id FROM deid_held_files h WHERE h.study_id = ANY ($1::uuid[]) AND h.decided_at >= $2 AND h.version > 1 LIMIT 1',
    [studyIds, since],
  )) !== undefined;

export interface NewHeld {
  readonly instanceId: string;
  readonly seriesId: string;
  readonly studyId: string;
  readonly groupId: string | null;
  readonly sopInstanceUid: string;
  readonly sha256: Buffer;
  readonly because: DeidHeldFile['because'];
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
}
/** What waits already goes on waiting, and what was decided stays so, unless another file has taken the place of the one that was looked at. */
export const holdFiles = (tx: Tx, files: readonly NewHeld[], now: Date): Promise<number> =>
  tx.run(
    `INSERT INTO deid_held_files AS h (instance_id, series_id, study_id, group_id, sop_instance_uid, file_sha256, because, rows, columns, frames, held_at)
     SELECT t.*, $11::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bytea[], $7::text[], $8::int[], $9::int[], $10::int[]) AS t
     ON CONFLICT (instance_id) DO UPDATE SET file_sha256 = excluded.file_sha256, because = excluded.because, rows = excluded.rows, columns = excluded.columns,
       frames = excluded.frames, held_at = excluded.held_at, version = h.version + 1, decision = NULL, masks = '[]', decided_by = NULL, decided_at = NULL
     WHERE h.file_sha256 <> excluded.file_sha256`,
    [
      files.map(({ instanceId }) => instanceId),
      files.map(({ seriesId }) => seriesId),
      files.map(({ studyId }) => studyId),
      files.map(({ groupId }) => groupId),
      files.map(({ sopInstanceUid }) => sopInstanceUid),
      files.map(({ sha256 }) => sha256),
      files.map(({ because }) => because),
      files.map(({ rows }) => rows),
      files.map(({ columns }) => columns),
      files.map(({ frames }) => frames),
      now,
    ],
  );

export interface Decided {
  readonly decision: NonNullable<DeidHeldFile['decision']>;
  readonly masks: readonly DeidMask[];
  readonly userId: string;
  readonly now: Date;
}
/** Nothing where somebody else was first. */
export const decideFile = (tx: Tx, id: string, version: number, { decision, masks, userId, now }: Decided): Promise<number> =>
  tx.run(
    `UPDATE deid_held_files SET decision = $3, masks = $4::jsonb, decided_by = $5, decided_at = $6, version = version + 1
     WHERE instance_id = $1 AND version = $2`,
    [id, version, decision, JSON.stringify(masks), userId, now],
  );

/** All others of a series of one size about which nobody has decided. */
export const decideSeries = (
  tx: Tx,
  { seriesId, rows, columns }: { seriesId: string; rows: number; columns: number },
  { decision, masks, userId, now }: Decided,
): Promise<number> =>
  tx.run(
    `UPDATE deid_held_files SET decision = $4, masks = $5::jsonb, decided_by = $6, decided_at = $7, version = version + 1
     WHERE series_id = $1 AND rows = $2 AND columns = $3 AND decision IS NULL`,
    [seriesId, rows, columns, decision, JSON.stringify(masks), userId, now],
  );
