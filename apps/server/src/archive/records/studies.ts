import type { RowScope, Tx } from '../../platform/db/database.ts';
import { type IndexRows, inScope, scopeValues } from '../search/index-list.ts';
import type { ReadingTimes } from './reading-status.ts';
import { type SeriesRow, STUDY_COLUMNS, type StudyRow } from './study-rows.ts';

const FROM = 'studies s JOIN patients p ON p.id = s.patient_id';

/** The studies of a list. */
export const LISTED_STUDIES: IndexRows = {
  name: 'studies',
  columns: STUDY_COLUMNS,
  join: 'studies s ON s.id = wanted.id JOIN patients p ON p.id = s.patient_id',
  where: `s.deleted_at IS NULL AND ${inScope('s', 3)}`,
};

/** The studies of these ids in the order of the ids; one that went meanwhile is left out. */
export const findStudies = (tx: Tx, scope: RowScope, ids: readonly string[]): Promise<StudyRow[]> =>
  tx.rows<StudyRow>(
    `SELECT ${STUDY_COLUMNS} FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
     JOIN studies s ON s.id = wanted.id JOIN patients p ON p.id = s.patient_id
     WHERE s.deleted_at IS NULL AND ${inScope('s', 2)} ORDER BY wanted.place`,
    [ids, ...scopeValues(scope)],
    'studies-by-ids',
  );

/** `is_held` where it stands in the own partition of somebody. */
export type FoundStudy = StudyRow & { readonly is_held: boolean };

/** Every study of this UID in scope: of the actor's own partition first, then of the own group, then the ungrouped, then of other people's own partitions; of one partition when it is named (`none`: of no group). */
export const findByUid = (tx: Tx, scope: RowScope, uid: string, groupId: string | null): Promise<FoundStudy[]> =>
  tx.rows<FoundStudy>(
    `SELECT ${STUDY_COLUMNS}, EXISTS (SELECT FROM groups g WHERE g.id = s.group_id AND g.is_personal) AS is_held FROM ${FROM}
     WHERE s.study_instance_uid = $1 AND s.deleted_at IS NULL AND ${inScope('s', 2)} 
       AND ($5::text IS NULL OR CASE $5 WHEN 'none' THEN s.group_id IS NULL ELSE s.group_id::text = $5 END)
     ORDER BY array_position($3::uuid[], s.group_id), is_held, (s.group_id IS NULL) DESC, s.id`,
    [uid, ...scopeValues(scope), groupId],
    'studies-by-uid',
  );

/**
 * The distinct modalities of the series in scope whose study is not in the trash, in order. Each step looks for the next one behind the last by
 * the index of modalities, so that many series cost no more than many modalities.
 */
export const findModalities = async (tx: Tx, scope: RowScope): Promise<string[]> => {
  const rows = await tx.rows<{ modality: string }>(
    `WITH RECURSIVE met (modality) AS (
       (SELECT e.modality FROM series e WHERE ${inScope('e', 1)} ORDER BY e.modality LIMIT 1)
       UNION ALL
       SELECT (SELECT e.modality FROM series e WHERE e.modality > met.modality AND ${inScope('e', 1)} ORDER BY e.modality LIMIT 1)
       FROM met WHERE met.modality IS NOT NULL)
     SELECT modality FROM met WHERE EXISTS (SELECT FROM series e JOIN studies s ON s.id = e.study_id
       WHERE e.modality = met.modality AND s.deleted_at IS NULL AND ${inScope('e', 1)}) ORDER BY modality`,
    scopeValues(scope),
    'modalities',
  );
  return rows.map(({ modality }) => modality);
};

export const findSeries = (tx: Tx, scope: RowScope, studyId: string): Promise<SeriesRow[]> =>
  tx.rows<SeriesRow>(
    `SELECT id, series_instance_uid, modality, series_number, description, body_part, instance_count, size_bytes FROM series s
     WHERE study_id = $1 AND ${inScope('s', 2)} ORDER BY series_number NULLS LAST, series_instance_uid`,
    [studyId, ...scopeValues(scope)],
    'series-of-study',
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

export const findPatientPartition = (tx: Tx, scope: RowScope, id: string): Promise<{ group_id: string | null } | undefined> =>
  tx.first<{ group_id: string | null }>(
    `SELECT p.group_id FROM patients p WHERE p.id = $1 AND p.deleted_at IS NULL AND p.merged_into IS NULL AND ${inScope('p', 2)}`,
    [id, ...scopeValues(scope)],
  );

export interface StudyChange {
  readonly status: string;
  readonly times: ReadingTimes;
  readonly description: string | null;
}

export const updateStudyRow = (tx: Tx, id: string, change: StudyChange, now: Date): Promise<number> =>
  tx.run(
    `UPDATE studies SET status = $2, first_opened_at = $3, read_at = $4, validated_at = $5, description = $6, updated_at = $7 WHERE id = $1`,
    [id, change.status, change.times.firstOpenedAt, change.times.readAt, change.times.validatedAt, change.description, now],
  );

const MOVES = [
  'UPDATE series SET group_id = $2 WHERE study_id = $1',
  'UPDATE instances SET group_id = $2 WHERE series_id IN (SELECT id FROM series WHERE study_id = $1)',
  'UPDATE instance_metadata SET group_id = $2 WHERE series_id IN (SELECT id FROM series WHERE study_id = $1)',
  'UPDATE instance_versions SET group_id = $2 WHERE series_id IN (SELECT id FROM series WHERE study_id = $1)',
  'UPDATE conflicts SET group_id = $2 WHERE study_id = $1',
  'UPDATE study_moves SET group_id = $2 WHERE study_id = $1',
];

/** Gives a study to another patient; its rows follow into that patient's partition. Fails with 23505 when a UID is there already. */
export async function moveStudy(
  tx: Tx,
  study: Pick<StudyRow, 'id' | 'group_id'>,
  { patientId, groupId, mismatch }: { patientId: string; groupId: string | null; mismatch: object | null },
): Promise<void> {
  await tx.run(
    'UPDATE studies SET patient_id = $2, group_id = $3, identity_mismatch = $4::jsonb, updated_at = now() WHERE id = $1',
    [study.id, patientId, groupId, mismatch === null ? null : JSON.stringify(mismatch)],
  );
  if (groupId !== study.group_id) for (const statement of MOVES) await tx.run(statement, [study.id, groupId]);
}

/** Counts, modalities, last date and status of these patients, from their studies. */
export const refreshPatients = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.run('SELECT ng_refresh_patients($1::uuid[])', [ids]);

export const notifyStudy = (tx: Tx, study: { id: string; patientId: string }): Promise<number> =>
  tx.run("SELECT pg_notify('negatoscope_index', $1)", [JSON.stringify({ kind: 'study', ...study })]);
