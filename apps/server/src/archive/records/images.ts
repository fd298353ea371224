import type { Scope } from '../../access/index.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';

/** An image as its dataset names it. */
export interface ImageRef {
  readonly studyId: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/** How many frames an image has, at least 1, and their size in pixels where it says one. */
export interface ImageSize {
  readonly frames: number;
  readonly rows: number | null;
  readonly columns: number | null;
}

/** The size of an image in scope; undefined for one that the study's series doesn't have. */
export async function sizeOfImage(tx: ReadTx, scope: Scope, image: ImageRef): Promise<ImageSize | undefined> {
  const row = await tx.first(
    `SELECT i.frames, i.rows, i.columns FROM instances i JOIN series e ON e.id = i.series_id
     WHERE e.study_id = $1 AND i.sop_instance_uid = $2 AND ${inScope('instances', 'i', 3)} AND e.series_instance_uid = $7`,
    [image.studyId, image.sopInstanceUid, ...scopeValues(scope), image.seriesInstanceUid],
    'image-size',
  );
  return row && { ...row, frames: Math.max(1, row.frames) };
}

/**
 * Holds a study until the transaction ends, against moves, the trash and others who hold it for what hangs on it; gives its partition and its patient as they are then.
 * Undefined when it has gone meanwhile. Ingest waits as well: for short transactions.
 */
export const holdStudy = (tx: Tx, id: string): Promise<{ group_id: string | null; patient_id: string } | undefined> =>
  tx.first('SELECT group_id, patient_id FROM studies WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE', [id], 'hold-study');

/** The images of these UIDs that a study in scope has, with the series that they are in. */
export const imagesOf = (tx: ReadTx, scope: Scope, studyId: string, sopInstanceUids: readonly string[]) =>
  tx.rows(
    `SELECT i.id, i.sop_instance_uid, i.sop_class_uid, i.frames, e.series_instance_uid FROM instances i JOIN series e ON e.id = i.series_id
     WHERE e.study_id = $1 AND i.sop_instance_uid = ANY($2::text[]) AND ${inScope('instances', 'i', 3)} ORDER BY i.sop_instance_uid`,
    [studyId, sopInstanceUids, ...scopeValues(scope)],
    'images-of-study',
  );
