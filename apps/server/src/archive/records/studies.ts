import { type Actor, isAmbiguous, requireMoreThanReading, type Scope, scopeOf } from '../../access/index.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { Db, ReadTx, Tx } from '../../platform/db/database.ts';
import { statement } from '../../platform/db/statements.ts';
import { inScope, scopeValues } from '../in-scope.ts';
import { isPersonal } from '../partitions.ts';
import { type IndexListRequest, listedBy, listOf } from '../search/index-list.ts';
import { inGroup } from '../write/in-group.ts';
import { SERIES_OF_STUDY, type SeriesRow, STUDIES_BY_IDS, STUDY_COLUMNS, type StudyRow } from './study-rows.ts';

const FROM = 'studies s JOIN patients p ON p.id = s.patient_id';

const LISTED = {
  columns: STUDY_COLUMNS,
  join: 'studies s ON s.id = wanted.id JOIN patients p ON p.id = s.patient_id',
  where: `s.deleted_at IS NULL AND ${inScope('studies', 's', 3)}`,
} as const;

/** One page of the studies that the transaction's actor may see. */
export function studyList(request: IndexListRequest, scope: Scope) {
  const { finder, values } = listOf(request, scope);
  return statement(
    finder === 'ng_list' ? listedBy('ng_list', LISTED) : listedBy('ng_search', LISTED),
    values,
    `${finder}-studies`,
  );
}

/** The same in a transaction of its own, planned once a connection: whatever is looked for, these are a few rows by their ids, and the planner takes longer than they do. */
export async function askStudies(db: Pick<Db, 'asking'>, request: IndexListRequest, scope: Scope) {
  const [rows = []] = await db.asking(scope, [studyList(request, scope)], 'once');
  return rows;
}

/** The studies of these ids in the order of the ids; one that went meanwhile is left out. */
export const findStudies = (tx: ReadTx, scope: Scope, ids: readonly string[]): Promise<StudyRow[]> =>
  tx.rows(STUDIES_BY_IDS, [ids, ...scopeValues(scope)], 'studies-by-ids');

/** Every study of this UID in scope: of the actor's own partition first, then of the own group, then the ungrouped, then of other people's own partitions; of one partition when it is named (`none`: of no group). `is_held` where it stands in the own partition of somebody. */
export const findByUid = (tx: ReadTx, scope: Scope, uid: string, groupId: string | null) =>
  tx.rows(
    `SELECT ${STUDY_COLUMNS}, ${isPersonal('s.group_id')} AS is_held FROM ${FROM}
     WHERE s.study_instance_uid = $1 AND s.deleted_at IS NULL AND ${inScope('studies', 's', 2)} 
       AND ($6::text IS NULL OR CASE $6 WHEN 'none' THEN s.group_id IS NULL ELSE s.group_id::text = $6 END)
     ORDER BY array_position($3::uuid[], s.group_id), is_held, (s.group_id IS NULL) DESC, s.id`,
    [uid, ...scopeValues(scope), groupId],
    'studies-by-uid',
  );

/**
 * The one study that a UID means to this actor: of the own group first, then of the ungrouped. To administrators, who see every partition, and to who has it in
 * several groups, several are AMBIGUOUS_UID until they name one. Fails with NOT_FOUND for one out of scope.
 */
export async function requireStudy(tx: ReadTx, actor: Actor, uid: string, groupId: string | undefined): Promise<StudyRow> {
  const found = await findByUid(tx, scopeOf(actor), uid, groupId ?? null);
  if (isAmbiguous(scopeOf(actor), found)) throw new Failure('AMBIGUOUS_UID');
  if (found[0] === undefined) throw notFound();
  return found[0];
}

/** The same for who will change it, or take it along. Fails with OPEN_FOR_READING as well. */
export async function requireStudyToWrite(tx: ReadTx, actor: Actor, uid: string, groupId: string | undefined): Promise<StudyRow> {
  const study = await requireStudy(tx, actor, uid, groupId);
  requireMoreThanReading(actor, study.group_id);
  return study;
}

/**
 * The distinct modalities of the series in scope whose study is not in the trash, in order. Each step looks for the next one behind the last by
 * the index of modalities, so that many series cost no more than many modalities.
 */
export const findModalities = async (tx: ReadTx, scope: Scope): Promise<string[]> => {
  const rows = await tx.rows(
    `WITH RECURSIVE met (modality) AS (
       (SELECT e.modality FROM series e WHERE ${inScope('series', 'e', 1)} ORDER BY e.modality LIMIT 1)
       UNION ALL
       SELECT (SELECT e.modality FROM series e WHERE e.modality > met.modality AND ${inScope('series', 'e', 1)} ORDER BY e.modality LIMIT 1)
       FROM met WHERE met.modality IS NOT NULL)
     SELECT modality FROM met WHERE EXISTS (SELECT FROM series e JOIN studies s ON s.id = e.study_id
       WHERE e.modality = met.modality AND s.deleted_at IS NULL AND ${inScope('series', 'e', 1)}) ORDER BY modality`,
    scopeValues(scope),
    'modalities',
  );
  return rows.flatMap(({ modality }) => modality ?? []);
};

/** Where a study of the scope is that is not in the trash; undefined when there is none. */
export const findStudyPlace = (tx: ReadTx, scope: Scope, id: string) =>
  tx.first(
    `SELECT s.id, s.study_instance_uid, s.group_id, s.patient_id FROM studies s WHERE s.id = $1 AND s.deleted_at IS NULL AND ${inScope('studies', 's', 2)}`,
    [id, ...scopeValues(scope)],
    'study-place',
  );

/** Which of these studies are in the trash of the scope: what is not in scope, or was removed for good, is not told of. */
export const findTrashed = async (tx: ReadTx, scope: Scope, ids: readonly string[]): Promise<string[]> =>
  (
    await tx.rows(
      `SELECT s.id FROM studies s WHERE s.id = ANY($1::uuid[]) AND s.deleted_at IS NOT NULL AND ${inScope('studies', 's', 2)}`,
      [ids, ...scopeValues(scope)],
      'studies-trashed',
    )
  ).map(({ id }) => id);

/** Studies in scope of some patients, at most `limit`. */
export const findStudiesOf = async (tx: ReadTx, scope: Scope, patientIds: readonly string[], limit: number): Promise<string[]> =>
  (
    await tx.rows(
      `SELECT s.id FROM studies s WHERE s.patient_id = ANY($1::uuid[]) AND s.deleted_at IS NULL AND ${inScope('studies', 's', 2)} ORDER BY s.id LIMIT $6`,
      [patientIds, ...scopeValues(scope), limit],
      'studies-of-patients',
    )
  ).map(({ id }) => id);

/** By which UIDs a series of the scope is asked for; undefined where there is none, or its study is in the trash. */
export const findSeriesPath = (tx: ReadTx, scope: Scope, seriesId: string) =>
  tx.first(
    `SELECT s.series_instance_uid, t.study_instance_uid FROM series s JOIN studies t ON t.id = s.study_id
     WHERE s.id = $1 AND t.deleted_at IS NULL AND ${inScope('series', 's', 2)}`,
    [seriesId, ...scopeValues(scope)],
    'series-path',
  );

export const findSeries = (tx: ReadTx, scope: Scope, studyId: string): Promise<SeriesRow[]> =>
  tx.rows(SERIES_OF_STUDY, [studyId, ...scopeValues(scope)], 'series-of-study');

/** The same of several studies, each with the study that it is of. */
export const findSeriesOfAll = (tx: ReadTx, scope: Scope, studyIds: readonly string[]) =>
  tx.rows(
    `SELECT s.study_id, s.id, s.series_instance_uid, s.modality, s.series_number, s.description, s.body_part, s.instance_count, s.size_bytes, s.nameless
     FROM series s WHERE s.study_id = ANY($1::uuid[]) AND ${inScope('series', 's', 2)}
     ORDER BY s.study_id, s.series_number NULLS LAST, s.series_instance_uid`,
    [studyIds, ...scopeValues(scope)],
    'series-of-studies',
  );

/** Locks patients (in the order of their ids), then the study: the order that every writer takes. False when the study has moved or gone. */
export async function lockStudy(tx: Tx, study: Pick<StudyRow, 'id' | 'patient_id'>, others: readonly string[]): Promise<boolean> {
  const patients = [...new Set([study.patient_id, ...others])].sort();
  await tx.run('SELECT 1 FROM patients WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [patients]);
  const row = await tx.first('SELECT 1 FROM studies WHERE id = $1 AND patient_id = $2 AND deleted_at IS NULL FOR UPDATE', [
    study.id,
    study.patient_id,
  ]);
  return row !== undefined;
}

export const findPatientPartition = (tx: ReadTx, scope: Scope, id: string): Promise<{ group_id: string | null } | undefined> =>
  tx.first(
    `SELECT p.group_id FROM patients p WHERE p.id = $1 AND p.deleted_at IS NULL AND p.merged_into IS NULL AND ${inScope('patients', 'p', 2)}`,
    [id, ...scopeValues(scope)],
  );

/** Whose studies are, by UID, in a partition; one in the trash is nobody's. `is_marked`: whether its images carry another identity than their patient's. */
export const findOwners = (tx: ReadTx, uids: readonly string[], groupId: string | null) => {
  const { where } = inGroup('s.group_id', groupId, 2);
  return tx.rows(
    `SELECT s.study_instance_uid, p.id AS patient_id, p.record_number, coalesce(s.identity_mismatch->>'kind', 'OTHER_IDENTITY') <> 'NO_IDENTITY' AND s.identity_mismatch IS NOT NULL AS is_marked
     FROM studies s JOIN patients p ON p.id = s.patient_id
     WHERE s.study_instance_uid = ANY($1::text[]) AND ${where} AND s.deleted_at IS NULL`,
    [uids, groupId],
  );
};

/** Which of these SOP Instance UIDs are stored in a partition. */
export async function storedAmong(tx: ReadTx, uids: readonly string[], groupId: string | null): Promise<ReadonlySet<string>> {
  const { where } = inGroup('group_id', groupId, 2);
  const rows = await tx.rows(
    `SELECT sop_instance_uid AS uid FROM instances WHERE sop_instance_uid = ANY($1::text[]) AND ${where}`,
    [uids, groupId],
  );
  return new Set(rows.map(({ uid }) => uid));
}
