import type { Series, Study } from '@negatoscope/contract';
import type { z } from 'zod';
import type { Scope } from '../../access/scope.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { inScope, scopeValues } from '../in-scope.ts';
import { isPersonal } from '../partitions.ts';
import { keptValue } from '../write/replace.ts';
import { patientJson } from './patient-json.ts';
import { nameOf } from './study-rows.ts';

/** JSON is made by the database in the contract's names, so that an export says the same as the API. */
const instant = <const C extends string>(column: C) =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` as const;

const MISMATCH = 's.identity_mismatch';
/** Images that name somebody else than their patient leave with that mark. */
const MISMATCH_JSON = `CASE WHEN ${MISMATCH} IS NOT NULL THEN jsonb_build_object(
  'kind', coalesce(${MISMATCH}->>'kind', 'OTHER_IDENTITY'), 'cause', coalesce(${MISMATCH}->>'cause', 'DECIDED'),
  'receivedName', btrim(concat_ws(' ', ${MISMATCH} #>> '{received,familyName}', ${MISMATCH} #>> '{received,givenName}')),
  'receivedPatientId', nullif(${MISMATCH} #>> '{received,patientId}', ''), 'receivedBirthDate', ${MISMATCH} #>> '{received,birthDate}',
  'reason', ${MISMATCH}->>'reason', 'by', (${nameOf(`(${MISMATCH}->>'userId')::uuid`)}),
  'at', ${instant("(s.identity_mismatch->>'at')::timestamptz")}) END` as const;

const STUDY_JSON =
  `jsonb_build_object('id', s.id, 'studyInstanceUid', s.study_instance_uid, 'patient', jsonb_build_object('id', p.id,
  'recordNumber', p.record_number, 'externalId', p.external_id, 'lastName', p.family_name, 'firstName', p.given_name,
  'birthDate', p.birth_date, 'sex', p.sex, 'textUncertain', p.text_uncertain), 'groupId', s.group_id, 'studyDate', s.study_date, 'studyTime', s.study_time,
  'accessionNumber', s.accession_number, 'description', s.description, 'referrer', s.referrer, 'textUncertain', s.text_uncertain, 'modalities', s.modalities,
  'seriesCount', s.series_count, 'instanceCount', s.instance_count, 'sizeBytes', s.size_bytes, 'status', s.status,
  'receivedAt', ${instant('s.received_at')}, 'firstOpenedAt', ${instant('s.first_opened_at')}, 'readAt', ${instant('s.read_at')},
  'validatedAt', ${instant('s.validated_at')}, 'assigneeId', s.assignee_id, 'identityMismatch', ${MISMATCH_JSON}, 'updatedAt', ${instant('s.updated_at')})` as const;

export type ExportedPatient = FoundBy<typeof findPatients>;
/** Who is to read it, how soon, and its labels are this site's own business: they leave in no export. */
type LeavingStudy = Omit<Study, 'assigneeName' | 'urgency' | 'isPrior' | 'workVersion' | 'labels'>;
export interface ExportedStudy {
  readonly json: LeavingStudy;
  readonly patient_id: string;
}

export const findPatients = (tx: ReadTx, scope: Scope, ids: readonly string[]) =>
  tx.rows(
    `SELECT ${patientJson('p')} AS json FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place) JOIN patients p ON p.id = wanted.id
     WHERE p.deleted_at IS NULL AND p.merged_into IS NULL AND ${inScope('patients', 'p', 2)} ORDER BY wanted.place`,
    [ids, ...scopeValues(scope)],
  );

/** Patients of the scope page by page, with the record that each of them is now, without who is in the trash. */
export const patientsAfter = (tx: ReadTx, scope: Scope, after: string | null, limit: number) =>
  tx.rows(
    `SELECT p.id, s.id AS stands_id, s.group_id, s.record_number AS number FROM patients p JOIN patients s ON s.id = coalesce(p.merged_into, p.id)
     WHERE ($1::uuid IS NULL OR p.id > $1) AND s.deleted_at IS NULL AND ${inScope('patients', 'p', 3)} ORDER BY p.id LIMIT $2`,
    [after, limit, ...scopeValues(scope)],
  );

/** A patient of the scope and the records that were merged into theirs, by their ids; none where there is no such patient. */
export const findRecords = async (tx: ReadTx, scope: Scope, id: string): Promise<string[]> =>
  (
    await tx.rows(
      `SELECT r.id FROM patients p JOIN patients r ON r.id = p.id OR r.merged_into = p.id
       WHERE p.id = $1 AND p.deleted_at IS NULL AND p.merged_into IS NULL AND ${inScope('patients', 'p', 2)}`,
      [id, ...scopeValues(scope)],
    )
  ).map(({ id: record }) => record);

export async function findStudies(
  tx: ReadTx,
  scope: Scope,
  patientIds: readonly string[],
  uids: readonly string[] | undefined,
): Promise<ExportedStudy[]> {
  const rows = await tx.rows(
    `SELECT s.patient_id, ${STUDY_JSON} AS json FROM studies s JOIN patients p ON p.id = s.patient_id
     WHERE s.patient_id = ANY($1::uuid[]) AND s.deleted_at IS NULL AND ${inScope('studies', 's', 2)} AND ($6::text[] IS NULL OR s.study_instance_uid = ANY($6))
     ORDER BY s.study_date NULLS LAST, s.id`,
    [patientIds, ...scopeValues(scope), uids ?? null],
  );
  return rows.map(({ patient_id, json }) => {
    const mark = json.identityMismatch;
    return { patient_id, json: { ...json, identityMismatch: mark && { ...mark, at: keptValue(mark.at) } } };
  });
}

export type ExportedSeries = z.infer<typeof Series>;
export const findSeries = (tx: ReadTx, scope: Scope, studyId: string): Promise<ExportedSeries[]> =>
  tx.rows(
    `SELECT id, series_instance_uid AS "seriesInstanceUid", modality, series_number AS "seriesNumber", description, body_part AS "bodyPart",
       instance_count AS "instanceCount", size_bytes AS "sizeBytes", nameless
     FROM series s WHERE study_id = $1 AND ${inScope('series', 's', 2)} ORDER BY series_number NULLS LAST, id`,
    [studyId, ...scopeValues(scope)],
  );

export type ExportedInstance = FoundBy<typeof findInstances>;

/** Up to 1,000 instances of a series after the id `after`, so that a series of any length costs the same memory. */
export const findInstances = (tx: ReadTx, scope: Scope, seriesId: string, after: string | null) =>
  tx.rows(
    `SELECT id, sop_instance_uid, size_bytes, file_sha256, received_at FROM instances i
     WHERE series_id = $1 AND ($2::uuid IS NULL OR id > $2) AND ${inScope('instances', 'i', 3)} ORDER BY id LIMIT 1000`,
    [seriesId, after, ...scopeValues(scope)],
  );

/** How many of the objects `ids` are instances of these studies. */
export const countInstancesAmong = async (
  tx: ReadTx,
  scope: Scope,
  { ids, studyIds }: { ids: readonly string[]; studyIds: readonly string[] },
): Promise<number> => {
  const row = await tx.first(
    `SELECT count(*)::int AS count FROM instances i JOIN series e ON e.id = i.series_id
     WHERE i.id = ANY($1::uuid[]) AND e.study_id = ANY($2::uuid[]) AND ${inScope('instances', 'i', 3)}`,
    [ids, studyIds, ...scopeValues(scope)],
  );
  return row?.count ?? 0;
};

/** `is_held`: whether it stands in the own partition of somebody who imported it without seeing identities. */
export type StoredInstance = FoundBy<typeof findStored>;

/** Every instance of this UID in scope that is not in the trash: of the own partition first, then of the own group, then the ungrouped. */
export const findStored = (tx: ReadTx, scope: Scope, uid: string, groupId: string | null) =>
  tx.rows(
    `SELECT i.id, i.size_bytes, i.file_sha256, s.id AS study_id, s.patient_id, i.group_id,
       ${isPersonal('i.group_id')} AS is_held
     FROM instances i JOIN series e ON e.id = i.series_id JOIN studies s ON s.id = e.study_id
     WHERE i.sop_instance_uid = $1 AND s.deleted_at IS NULL AND ${inScope('instances', 'i', 2)} AND ($6::uuid IS NULL OR i.group_id = $6)
     ORDER BY array_position($3::uuid[], i.group_id), is_held, (i.group_id IS NULL) DESC, i.id`,
    [uid, ...scopeValues(scope), groupId],
    'instance-by-uid',
  );

/** Which of these studies there are, wherever: what was erased or purged is none of them. */
export const findThere = async (tx: ReadTx, ids: readonly string[]): Promise<string[]> =>
  (await tx.rows('SELECT s.id FROM studies s WHERE s.id = ANY($1::uuid[])', [ids])).map(({ id }) => id);
