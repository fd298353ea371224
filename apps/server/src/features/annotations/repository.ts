import type { AnnotationEdit } from '@negatoscope/contract';
import type { Scope } from '../../access/index.ts';
import { inPartition, partitionValues } from '../../archive/in-scope.ts';
import { nameOf } from '../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

const COLUMNS = `a.id, a.series_instance_uid, a.sop_instance_uid, a.frame, a.kind, a.geometry, a.label, a.is_deleted, a.version,
  a.author_id, (${nameOf('a.author_id')}) AS author_name, a.created_at, a.changed_at, a.seq` as const;

export type AnnotationRow = FoundBy<typeof findAnnotation>;
export type EditRow = FoundBy<typeof findEdits>;

/** What of a study has changed since `after`, in that order, with what was deleted; from 0 on all that is there now. */
export const findAnnotations = (tx: ReadTx, scope: Scope, studyId: string, after: number): Promise<AnnotationRow[]> =>
  tx.rows(
    `SELECT ${COLUMNS} FROM annotations a WHERE ${inPartition('a', 1)} AND a.study_id = $4 AND a.seq > $5 AND ($5 > 0 OR NOT a.is_deleted)
     ORDER BY a.seq`,
    [...partitionValues(scope), studyId, after],
    'annotations-since',
  );

export const findAnnotation = (tx: ReadTx, scope: Scope, studyId: string, id: string) =>
  tx.first(
    `SELECT ${COLUMNS} FROM annotations a WHERE ${inPartition('a', 1)} AND a.study_id = $4 AND a.id = $5`,
    [...partitionValues(scope), studyId, id],
    'annotation-by-id',
  );

/** How many annotations a person has in a study beside one, deleted ones too, and how many coordinates they have together. */
export const countOthers = (tx: ReadTx, { studyId, id, authorId }: { studyId: string; id: string; authorId: string }) =>
  tx.first(
    `SELECT count(*)::int AS annotations, coalesce(sum(jsonb_array_length(geometry->'points')), 0)::int AS coordinates
     FROM annotations WHERE study_id = $1 AND id <> $2 AND author_id = $3`,
    [studyId, id, authorId],
  );

/** How many edits an annotation has, refused ones too. */
export const countEdits = async (tx: ReadTx, studyId: string, id: string): Promise<number> =>
  (await tx.first('SELECT count(*)::int AS n FROM annotation_edits WHERE study_id = $1 AND annotation_id = $2', [studyId, id]))
    ?.n ?? 0;

/** An edit that came before, by the id that its client gave it. */
export const findEdit = (tx: ReadTx, studyId: string, editId: string) =>
  tx.first('SELECT annotation_id, author_id, version FROM annotation_edits WHERE study_id = $1 AND id = $2', [studyId, editId]);

const MOST_EDITS = 200;

/** Edits of an annotation, the latest first, as long as their coordinates together are at most `most`. */
export const findEdits = (tx: ReadTx, scope: Scope, { studyId, id, most }: { studyId: string; id: string; most: number }) =>
  tx.rows(
    `SELECT a.id, a.base_version, a.version, a.geometry, a.label, a.is_deleted, a.author_id, (${nameOf('a.author_id')}) AS author_name, a.made_at
     FROM (SELECT e.*, sum(jsonb_array_length(e.geometry->'points')) OVER (ORDER BY e.made_at DESC, e.version DESC NULLS FIRST, e.id) AS coordinates
           FROM annotation_edits e WHERE ${inPartition('e', 1)} AND e.study_id = $4 AND e.annotation_id = $5
           ORDER BY e.made_at DESC, e.version DESC NULLS FIRST, e.id LIMIT ${MOST_EDITS}) a
     WHERE a.coordinates <= $6
     ORDER BY a.made_at DESC, a.version DESC NULLS FIRST, a.id`,
    [...partitionValues(scope), studyId, id, most],
  );

/** Where an edit is written: the study is held, and this is its partition. */
export interface HeldStudy {
  readonly studyId: string;
  readonly groupId: string | null;
}
type Change = AnnotationEdit & { readonly id: string; readonly now: Date };

export const insertAnnotation = (tx: Tx, { studyId, groupId }: HeldStudy, change: Change): Promise<number> =>
  tx.run(
    `INSERT INTO annotations (study_id, id, group_id, series_instance_uid, sop_instance_uid, frame, kind, geometry, label, author_id, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $11)`,
    [
      studyId,
      change.id,
      groupId,
      change.seriesInstanceUid,
      change.sopInstanceUid,
      change.frame,
      change.kind,
      JSON.stringify(change.geometry),
      change.label,
      change.authorId,
      change.now,
    ],
  );

export const updateAnnotation = (tx: Tx, { studyId }: HeldStudy, change: Change): Promise<number> =>
  tx.run(
    `UPDATE annotations SET geometry = $3::jsonb, label = $4, is_deleted = $5, version = version + 1, changed_at = $6, seq = nextval('annotation_seq')
     WHERE study_id = $1 AND id = $2`,
    [studyId, change.id, JSON.stringify(change.geometry), change.label, change.isDeleted, change.now],
  );

/** Keeps an edit; `version` is what it made, null where it was refused. */
export const insertEdit = (tx: Tx, { studyId, groupId }: HeldStudy, change: Change, version: number | null): Promise<number> =>
  tx.run(
    `INSERT INTO annotation_edits (study_id, id, group_id, annotation_id, base_version, version, geometry, label, is_deleted, author_id, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11)`,
    [
      studyId,
      change.editId,
      groupId,
      change.id,
      change.baseVersion,
      version,
      JSON.stringify(change.geometry),
      change.label,
      change.isDeleted,
      change.authorId,
      change.now,
    ],
  );
