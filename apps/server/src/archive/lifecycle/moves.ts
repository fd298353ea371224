import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { namePartsOf } from '../records/study-rows.ts';

export type MoveRow = FoundBy<typeof findMoves>;

const ALL_MD5 = `(SELECT md5(coalesce(string_agg(i.id::text, '' ORDER BY i.id), '')) FROM instances i JOIN series r ON r.id = i.series_id WHERE r.study_id = s.id)`;
/** Names the very instances of a study `s` that came from somewhere: those of the UIDs `made` the server made of it itself, and they are of whoever it is. */
const broughtMd5 = <const M extends string>(made: M) =>
  `(SELECT md5(coalesce(string_agg(i.id::text, '' ORDER BY i.id), '')) FROM instances i JOIN series r ON r.id = i.series_id
    WHERE r.study_id = s.id AND i.sop_instance_uid <> ALL(${made}::text[]))` as const;

/** Notes what a move is about to change: patient, group and mark of the study as they are. */
export const insertMove = (
  tx: Tx,
  move: {
    id: string;
    studyId: string;
    patientId: string;
    groupId: string | null;
    actorId: string;
    now: Date;
    made: readonly string[];
  },
): Promise<number> =>
  tx.run(
    `INSERT INTO study_moves (id, group_id, study_id, from_patient_id, to_patient_id, from_group_id, mismatch_before, instances_md5, moved_by, moved_at)
     SELECT $1::uuid, s.group_id, s.id, s.patient_id, $3::uuid, s.group_id, s.identity_mismatch, ${broughtMd5('$6')}, $4::uuid, $5::timestamptz
     FROM studies s WHERE s.id = $2`,
    [move.id, move.studyId, move.patientId, move.actorId, move.now, move.made],
  );

const person = <const A extends string>(alias: A) =>
  `CASE WHEN ${alias}.id IS NOT NULL THEN jsonb_build_object('id', ${alias}.id, 'recordNumber', ${alias}.record_number,
    'lastName', ${alias}.family_name, 'firstName', ${alias}.given_name) END` as const;

/** The last moves of a study; a patient out of scope is as one that is gone. */
export const findMoves = (tx: ReadTx, studyId: string) =>
  tx.rows(
    `SELECT m.id, ${person('f')} AS "from", ${person('t')} AS "to", (${namePartsOf('m.moved_by')}) AS by, m.moved_at, m.undone_at
     FROM study_moves m LEFT JOIN patients f ON f.id = m.from_patient_id LEFT JOIN patients t ON t.id = m.to_patient_id
     WHERE m.study_id = $1 ORDER BY m.id DESC LIMIT 50`,
    [studyId],
    'study-moves',
  );

export const findMove = (tx: ReadTx, id: string) =>
  tx.first('SELECT study_id, group_id, from_patient_id, to_patient_id, from_group_id FROM study_moves WHERE id = $1', [id]);

/**
 * What decides whether a move can still be undone; the locks of both patients and of the study are held. `has_from`: whether the record that the study
 * came from can take it back. `has_changed`: whether instances came, went or were replaced since, but for what the server itself makes (`made`);
 * a move of an earlier version named these, too.
 */
export const undoState = (tx: ReadTx, id: string, made: readonly string[]) =>
  tx.first(
    `SELECT m.moved_at, m.undone_at IS NOT NULL AS undone, m.mismatch_before,
       NOT EXISTS (SELECT FROM study_moves o WHERE o.study_id = m.study_id AND o.id > m.id AND o.undone_at IS NULL) AS is_latest,
       EXISTS (SELECT FROM patients p WHERE p.id = m.from_patient_id AND p.deleted_at IS NULL AND p.merged_into IS NULL
         AND p.group_id IS NOT DISTINCT FROM m.from_group_id) AS has_from,
       m.instances_md5 NOT IN (${broughtMd5('$2')}, ${ALL_MD5}) AS has_changed
     FROM study_moves m JOIN studies s ON s.id = m.study_id WHERE m.id = $1`,
    [id, made],
  );

export const markUndone = (tx: Tx, undo: { id: string; actorId: string; now: Date }): Promise<number> =>
  tx.run('UPDATE study_moves SET undone_by = $2, undone_at = $3 WHERE id = $1', [undo.id, undo.actorId, undo.now]);
