import { type IdentityMismatch, personOnPage, type Series, type Study, type StudyLabel } from '@negatoscope/contract';
import { isKnownCode } from '@negatoscope/dicom';
import type { z } from 'zod';
import { type Actor, isForReading, seesIdentity } from '../../access/index.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import { inScope } from '../in-scope.ts';

/** What ingest, a move or an edit notes of images that name somebody else than their patient, or nobody. Older ones have no kind and cause. */
export interface Mismatch {
  readonly kind?: 'OTHER_IDENTITY' | 'NO_IDENTITY';
  readonly cause?: IdentityMismatch['cause'];
  readonly received: {
    readonly familyName: string;
    readonly givenName: string;
    readonly patientId: string;
    readonly birthDate: string | null;
  };
  readonly reason: string | null;
  /** Who decided, in the two parts of the name; null once the account is gone. */
  readonly by: readonly string[] | null;
  readonly at: string;
}

/** The name of a person of this server, as a scalar subquery. */
export const nameOf = <const I extends string>(id: I) =>
  `SELECT btrim(u.first_name || ' ' || u.last_name) FROM users u WHERE u.id = ${id}` as const;

/** The same in its two parts, the last name first, for who names people as the page does (`personOfParts`). */
export const namePartsOf = <const I extends string>(id: I) =>
  `SELECT ARRAY[u.last_name, u.first_name] FROM users u WHERE u.id = ${id}` as const;

export const personOfParts = (parts: readonly string[] | null): string | null =>
  parts === null ? null : personOnPage({ lastName: parts[0] ?? '', firstName: parts[1] ?? '' });

/** The labels of a study, each its id, colour and name, as a scalar subquery. */
const labelsOf = <const I extends string>(id: I) =>
  `SELECT coalesce(array_agg(l.id || ' ' || l.color || ' ' || l.name ORDER BY l.name, l.id), '{}') FROM study_labels sl JOIN labels l ON l.id = sl.label_id WHERE sl.study_id = ${id}` as const;

/** The same as a PN value (PS3.5 6.2.1). */
export const personNameOf = <const I extends string>(id: I) =>
  `SELECT btrim(translate(u.last_name, '^=\\', '   ')) || '^' || btrim(translate(u.first_name, '^=\\', '   ')) FROM users u WHERE u.id = ${id}` as const;

export const STUDY_COLUMNS =
  `s.id, s.study_instance_uid, s.group_id, s.patient_id, p.record_number AS p_record_number, p.external_id, p.family_name, p.given_name,
  p.birth_date, p.sex, p.text_uncertain AS p_text_uncertain, s.text_uncertain, s.study_date, s.study_time, s.accession_number, s.description, s.referrer, s.modalities, s.series_count,
  s.instance_count, s.size_bytes, s.status, s.received_at, s.first_opened_at, s.read_at, s.validated_at, s.updated_at,
  s.assignee_id, CASE WHEN s.assignee_id IS NOT NULL THEN (${nameOf('s.assignee_id')}) END AS assignee_name, s.urgency, s.is_prior, s.work_version, (${labelsOf('s.id')}) AS labels,
  CASE WHEN s.identity_mismatch IS NOT NULL THEN s.identity_mismatch || jsonb_build_object('by', (${namePartsOf("(s.identity_mismatch->>'userId')::uuid")})) END AS identity_mismatch` as const;
/** Studies of a scope by ids, in the order of the ids. */
export const STUDIES_BY_IDS = `SELECT ${STUDY_COLUMNS} FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
     JOIN studies s ON s.id = wanted.id JOIN patients p ON p.id = s.patient_id
     WHERE s.deleted_at IS NULL AND ${inScope('studies', 's', 2)} ORDER BY wanted.place` as const;
export type StudyRow = RowOf<typeof STUDIES_BY_IDS>;

export const SERIES_OF_STUDY =
  `SELECT id, series_instance_uid, modality, series_number, description, body_part, instance_count, size_bytes, nameless FROM series s
     WHERE study_id = $1 AND ${inScope('series', 's', 2)} ORDER BY series_number NULLS LAST, series_instance_uid` as const;
export type SeriesRow = RowOf<typeof SERIES_OF_STUDY>;

const instantOf = (value: Date | null): string | null => value?.toISOString() ?? null;

function mismatchOf(mismatch: Mismatch | null, identity: boolean): Study['identityMismatch'] {
  if (mismatch === null) return null;
  const { received, reason, by, kind = 'OTHER_IDENTITY', cause = 'DECIDED' } = mismatch;
  const at = new Date(mismatch.at).toISOString();
  if (!identity)
    return { kind, cause, receivedName: null, receivedPatientId: null, receivedBirthDate: null, reason: null, by: null, at };
  return {
    kind,
    cause,
    receivedName: personOnPage({ lastName: received.familyName, firstName: received.givenName }),
    receivedPatientId: received.patientId || null,
    receivedBirthDate: received.birthDate,
    reason,
    by: personOfParts(by),
    at,
  };
}

/** A colour is known by the table's own check. */
function labelOf(text: string): StudyLabel {
  const [id = '', color = ''] = text.split(' ', 2);
  return { id, color: color as StudyLabel['color'], name: text.slice(id.length + color.length + 2) };
}

const patientOf = (row: StudyRow, identity: boolean): Study['patient'] => ({
  id: row.patient_id,
  recordNumber: row.p_record_number,
  externalId: identity ? row.external_id : null,
  lastName: identity ? row.family_name : row.p_record_number,
  firstName: identity ? row.given_name : '',
  birthDate: identity ? row.birth_date : null,
  sex: row.sex,
  textUncertain: identity && row.p_text_uncertain,
});

/** The study as the API shows it; to who sees no identities nothing in it names a person, and there is no free text, which may. */
export function studyOf(row: StudyRow, actor: Actor): Study {
  const identity = seesIdentity(actor);
  return {
    id: row.id,
    studyInstanceUid: row.study_instance_uid,
    patient: patientOf(row, identity),
    groupId: row.group_id,
    ...(isForReading(actor, row.group_id) ? { onlyReads: true } : {}),
    studyDate: row.study_date,
    studyTime: row.study_time,
    accessionNumber: identity ? row.accession_number : null,
    description: identity ? row.description : null,
    referrer: identity ? row.referrer : null,
    textUncertain: identity && row.text_uncertain,
    modalities: identity ? row.modalities : row.modalities.filter(isKnownCode),
    seriesCount: row.series_count,
    instanceCount: row.instance_count,
    sizeBytes: row.size_bytes,
    status: row.status,
    receivedAt: row.received_at.toISOString(),
    firstOpenedAt: instantOf(row.first_opened_at),
    readAt: instantOf(row.read_at),
    validatedAt: instantOf(row.validated_at),
    assigneeId: row.assignee_id,
    assigneeName: identity ? row.assignee_name : null,
    urgency: row.urgency,
    isPrior: row.is_prior,
    workVersion: row.work_version,
    labels: identity ? (row.labels ?? []).map(labelOf) : [],
    identityMismatch: mismatchOf(row.identity_mismatch, identity),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** The series as the API shows it; without `identity` no free text. */
export const seriesOf = (row: SeriesRow, identity: boolean): z.infer<typeof Series> => ({
  id: row.id,
  seriesInstanceUid: row.series_instance_uid,
  modality: identity || isKnownCode(row.modality) ? row.modality : 'OT',
  seriesNumber: row.series_number,
  description: identity ? row.description : null,
  bodyPart: identity || (row.body_part !== null && isKnownCode(row.body_part)) ? row.body_part : null,
  instanceCount: row.instance_count,
  sizeBytes: row.size_bytes,
  nameless: row.nameless,
});
