/** What names the patient that a row hangs on, of the alias `whose`; for who sees identities. */
export const WHOSE = 'whose.record_number, whose.family_name, whose.given_name, whose.birth_date, whose.sex' as const;

/** Joins the patient that a row hangs on by `key` (an SQL expression) as `whose`; rows of one in the trash, or merged, are out of sight. */
export const joinWhose = <const K extends string>(key: K) =>
  `JOIN patients whose ON whose.id = ${key} AND whose.deleted_at IS NULL AND whose.merged_into IS NULL` as const;

/** Whether a study (`studyId`, an SQL expression) is in sight and of this patient still, as an SQL condition. */
export const isStudyOf = <const S extends string, const P extends string>(studyId: S, patientId: P) =>
  `EXISTS (SELECT FROM studies live WHERE live.id = ${studyId} AND live.patient_id = ${patientId} AND live.deleted_at IS NULL)` as const;
