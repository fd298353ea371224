/** What names the patient that a row hangs on, of the alias `whose`; for who sees identities. */
export const WHOSE = 'whose.record_number, whose.family_name, whose.given_name, whose.birth_date, whose.sex' as const;

/** Joins the patient that a row hangs on by `key` (an SQL expression) as `whose`; rows of one in the trash, or merged, are out of sight. */
export const joinWhose = <const K extends string>(key: K) =>
  `JOIN patients whose ON whose.id = ${key} AND whose.deleted_at IS NULL AND whose.merged_into IS NULL` as const;

/** The same as a device is told it: the number by which it is to call the patient, and what the name was received as. */
export const WHOSE_TO_DEVICES =
  'coalesce(whose.external_id, whose.record_number) AS patient_number, whose.family_name, whose.given_name, whose.person_name, whose.birth_date, whose.sex' as const;

/** Joins, as `made`, the study in sight that a device has made for the row `R`: of the UID that the row gave it, and of its patient. */
export const joinMadeFor = <const R extends string>(R: R) =>
  `JOIN studies made ON made.study_instance_uid = ${R}.study_instance_uid AND made.patient_id = ${R}.patient_id AND made.deleted_at IS NULL` as const;

/** Whether a study (`studyId`, an SQL expression) is in sight and of this patient still, as an SQL condition. */
export const isStudyOf = <const S extends string, const P extends string>(studyId: S, patientId: P) =>
  `EXISTS (SELECT FROM studies live WHERE live.id = ${studyId} AND live.patient_id = ${patientId} AND live.deleted_at IS NULL)` as const;

/** Whether a study (`studyId`, an SQL expression) is of one of these patients and of a day from one to another, each a parameter that may be null for any, as an SQL condition. */
export const isStudyLike = <const S extends string, const P extends string, const F extends string, const T extends string>(
  studyId: S,
  { patients, from, to }: { readonly patients: P; readonly from: F; readonly to: T },
) =>
  `EXISTS (SELECT FROM studies live WHERE live.id = ${studyId} AND live.deleted_at IS NULL AND (${patients}::uuid[] IS NULL OR live.patient_id = ANY(${patients}))
    AND (${from}::date IS NULL OR live.study_date >= ${from}) AND (${to}::date IS NULL OR live.study_date <= ${to}))` as const;
