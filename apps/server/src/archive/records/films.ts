import type { Scope } from '../../access/index.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';
import { isPersonal } from '../partitions.ts';

/** Films of a study that are looked at for the one that is meant. */
const MOST_FILMS = 32;

/** Where instances of a UID stand that the scope has: of the own partition first, then of the own group, then of no group. `partition` names one of them (`none`: of no group). */
export const placesOfImage = (tx: ReadTx, scope: Scope, sopInstanceUid: string, partition: string | null) =>
  tx.rows(
    `SELECT i.id, i.group_id, e.series_instance_uid, t.study_instance_uid, ${isPersonal('t.group_id')} AS is_held
     FROM instances i JOIN series e ON e.id = i.series_id JOIN studies t ON t.id = e.study_id JOIN patients p ON p.id = t.patient_id
     WHERE i.sop_instance_uid = $1 AND t.deleted_at IS NULL AND p.deleted_at IS NULL AND ${inScope('instances', 'i', 2)}
       AND ($6::text IS NULL OR CASE $6 WHEN 'none' THEN i.group_id IS NULL ELSE i.group_id::text = $6 END)
     ORDER BY array_position($3::uuid[], i.group_id), is_held, (i.group_id IS NULL) DESC, i.id LIMIT 10`,
    [sopInstanceUid, ...scopeValues(scope), partition],
    'places-of-image',
  );

/** Images of a study that is not in the trash: the one of a UID, or all of its series of these modalities, those of X-rays before captures. */
export const filmsOf = (
  tx: ReadTx,
  scope: Scope,
  { studyId, sopInstanceUid, modalities }: { studyId: string; sopInstanceUid: string | null; modalities: readonly string[] },
) =>
  tx.rows(
    `SELECT e.id AS series_id, e.version, e.series_instance_uid, e.modality, i.sop_instance_uid, i.frames
     FROM instances i JOIN series e ON e.id = i.series_id JOIN studies t ON t.id = e.study_id JOIN patients p ON p.id = t.patient_id
     WHERE e.study_id = $1 AND t.deleted_at IS NULL AND p.deleted_at IS NULL AND ${inScope('instances', 'i', 2)}
       AND CASE WHEN $6::text IS NULL THEN e.modality = ANY($7::text[]) ELSE i.sop_instance_uid = $6 END
     ORDER BY (e.modality IN ('SC', 'OT')), e.series_number NULLS LAST, e.id, i.instance_number NULLS LAST, i.id LIMIT ${MOST_FILMS}`,
    [studyId, ...scopeValues(scope), sopInstanceUid, modalities],
    'films-of-study',
  );

/** Whether what hangs on a study by `studyId` (an SQL expression) is in sight: neither the study nor its patient is in the trash. */
export const onLiveStudy = <const S extends string>(studyId: S) =>
  `EXISTS (SELECT FROM studies live JOIN patients whose ON whose.id = live.patient_id
     WHERE live.id = ${studyId} AND live.deleted_at IS NULL AND whose.deleted_at IS NULL)` as const;

/** The same of an image of it, by its SOP Instance UID (an SQL expression). */
export const isFilmThere = <const S extends string, const U extends string>(studyId: S, sopInstanceUid: U) =>
  `(${onLiveStudy(studyId)} AND EXISTS (SELECT FROM series r JOIN instances i ON i.series_id = r.id
     WHERE r.study_id = ${studyId} AND i.sop_instance_uid = ${sopInstanceUid}))` as const;

/**
 * Of whom the film of a study by `studyId` (an SQL expression) is, as a row to be joined: the patient, when it came, its day, their sex, and their whole years on its day. None
 * where the study or its patient is in the trash.
 */
export const whoseFilm = <const S extends string>(studyId: S) =>
  `(SELECT t.patient_id, t.received_at, t.study_date, whose.sex,
      extract(year FROM age(coalesce(t.study_date, (t.received_at AT TIME ZONE 'UTC')::date), whose.birth_date))::int AS age
    FROM studies t JOIN patients whose ON whose.id = t.patient_id
    WHERE t.id = ${studyId} AND t.deleted_at IS NULL AND whose.deleted_at IS NULL)` as const;
