/** A patient in the contract's form, made by PostgreSQL. */
export const patientJson = <const A extends string>(alias: A) =>
  `jsonb_build_object(
  'id', ${alias}.id, 'recordNumber', ${alias}.record_number, 'externalId', ${alias}.external_id, 'lastName', ${alias}.family_name,
  'firstName', ${alias}.given_name, 'birthDate', ${alias}.birth_date, 'sex', ${alias}.sex, 'phone', ${alias}.phone, 'address', ${alias}.address,
  'status', ${alias}.status, 'identityStatus', ${alias}.identity_status, 'textUncertain', ${alias}.text_uncertain, 'groupId', ${alias}.group_id, 'studyCount', ${alias}.study_count,
  'lastStudyAt', ${alias}.last_study_at, 'modalities', ${alias}.modalities,
  'createdAt', to_char(${alias}.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'updatedAt', to_char(${alias}.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))` as const;
