import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { ChangedSeries } from '../notify.ts';
import type { PatientPlan, StudyPlan } from './batch-lookup.ts';
import { isNameless } from './identity.ts';
import type { IndexableInstance, InstanceSummary } from './received.ts';
import { Recheck } from './retry.ts';

/** One instance that becomes a row. */
export interface Insertion {
  readonly staged: IndexableInstance;
  readonly study: StudyPlan;
}

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];

/** Inserts the patients that are new, locks the others in one order, and takes them out of the trash. */
export async function writePatients(tx: Tx, groupId: string | null, studies: readonly StudyPlan[]): Promise<void> {
  const patients = unique(studies.map((study) => study.patient));
  const known = patients.filter((patient) => !patient.isNew);
  // Whose the files are was decided against these: a name that somebody changes meanwhile decides anew.
  const names = new Map(known.map((one) => [one.id, JSON.stringify([one.familyName, one.givenName, one.birthDate])]));
  await lockRows(tx, { table: 'patients', ids: [...names.keys()], expected: (id, owner) => names.get(id) === owner });
  await insertPatients(tx, groupId, patients);
  const identifiers = patients.flatMap((patient) => [
    ...(patient.isNew ? patient.identifiers : []).map((one) => ({ patient_id: patient.id, ...one })),
    ...(patient.addIdentifier === undefined ? [] : [{ patient_id: patient.id, ...patient.addIdentifier }]),
  ]);
  if (identifiers.length > 0) {
    await tx.run(
      `INSERT INTO patient_identifiers (patient_id, group_id, issuer, value)
       SELECT patient_id, $2::uuid, issuer, value FROM jsonb_to_recordset($1::jsonb) AS r(patient_id uuid, issuer text, value text)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(identifiers), groupId],
    );
  }
  const deleted = known.filter((patient) => patient.wasDeleted).map(({ id }) => id);
  if (deleted.length > 0) await tx.run('UPDATE patients SET deleted_at = NULL WHERE id = ANY($1::uuid[])', [deleted]);
}

async function insertPatients(tx: Tx, groupId: string | null, patients: readonly PatientPlan[]): Promise<void> {
  const rows = patients.flatMap(({ id, insert }) => {
    if (insert === undefined) return [];
    const { received } = insert;
    return {
      id,
      external_id: received.patientId || null,
      family_name: received.familyName,
      given_name: received.givenName,
      person_name: received.personName,
      birth_date: received.birthDate,
      sex: received.sex,
      identity_status: insert.status,
      identity_reason: insert.reason,
      suspect_id: insert.suspectId,
      text_uncertain: received.isUncertain === true,
    };
  });
  if (rows.length === 0) return;
  await tx.run(
    `INSERT INTO patients (id, group_id, external_id, family_name, given_name, person_name, birth_date, sex, identity_status, identity_reason, suspect_id,
       text_uncertain)
     SELECT id, $2::uuid, external_id, family_name, given_name, person_name, birth_date, sex, identity_status, identity_reason, suspect_id, text_uncertain
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, external_id text, family_name text, given_name text, person_name text,
       birth_date date, sex text, identity_status text, identity_reason text, suspect_id uuid, text_uncertain boolean)`,
    [JSON.stringify(rows), groupId],
    'ingest-insert-patients',
  );
}

const LOCKS = {
  patients: `SELECT id, CASE WHEN merged_into IS NULL THEN jsonb_build_array(family_name, given_name, birth_date) END AS owner FROM patients WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
  studies: `SELECT id, to_jsonb(patient_id) AS owner FROM studies WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
} as const;

/** Row locks in the order of ids. Fails with Recheck when a row is gone, or has gone into the trash or another patient. */
async function lockRows(
  tx: Tx,
  { table, ids, expected }: { table: 'patients' | 'studies'; ids: string[]; expected: (id: string, owner: string) => boolean },
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx.rows(LOCKS[table], [unique(ids)], `ingest-lock-${table}`);
  const textOf = (owner: unknown): string => (typeof owner === 'string' ? owner : JSON.stringify(owner));
  if (rows.length !== unique(ids).length || rows.some(({ id, owner: found }) => !expected(id, textOf(found))))
    throw new Recheck();
}

/** Studies, and what the first instance of each says of it. */
interface StudiesWithFirst {
  readonly studies: readonly StudyPlan[];
  readonly first: (study: StudyPlan) => InstanceSummary | undefined;
}

/** Inserts new studies and locks the others; trashed ones come back. */
export async function writeStudies(tx: Tx, groupId: string | null, { studies, first }: StudiesWithFirst): Promise<void> {
  const known = studies.filter((study) => !study.isNew);
  const patientOf = new Map(known.map((study) => [study.id, study.patient.id]));
  await lockRows(tx, { table: 'studies', ids: [...patientOf.keys()], expected: (id, owner) => patientOf.get(id) === owner });
  await insertStudies(tx, groupId, { studies: studies.filter((study) => study.isNew), first });
  const deleted = known.filter((study) => study.wasDeleted).map(({ id }) => id);
  if (deleted.length > 0) await tx.run('UPDATE studies SET deleted_at = NULL WHERE id = ANY($1::uuid[])', [deleted]);
}

async function insertStudies(tx: Tx, groupId: string | null, { studies, first }: StudiesWithFirst): Promise<void> {
  const rows = studies.flatMap((plan) => {
    const summary = first(plan);
    if (summary === undefined) return [];
    const { study } = summary;
    return {
      id: plan.id,
      patient_id: plan.patient.id,
      study_instance_uid: plan.uid,
      study_date: study.studyDate,
      study_time: study.studyTime,
      study_id: study.studyId,
      accession_number: study.accessionNumber,
      description: study.description,
      referrer: study.referrer,
      attributes: JSON.parse(study.attributes) as unknown,
      received_identity: summary.identity,
      text_uncertain: study.isUncertain === true,
    };
  });
  if (rows.length === 0) return;
  await tx.run(
    `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date, study_time, study_id, accession_number, description, referrer, attributes, received_identity,
       text_uncertain)
     SELECT id, $2::uuid, patient_id, study_instance_uid, study_date, study_time, study_id, accession_number, description, referrer, attributes, received_identity,
       text_uncertain
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, patient_id uuid, study_instance_uid text, study_date date, study_time text, study_id text,
       accession_number text, description text, referrer text, attributes jsonb, received_identity jsonb,
       text_uncertain boolean)`,
    [JSON.stringify(rows), groupId],
    'ingest-insert-studies',
  );
}

const seriesKey = (studyId: string, uid: string): string => `${studyId} ${uid}`;

/** Finds and locks, or inserts, the series of the instances; gives the id of each by study and Series Instance UID. */
async function writeSeries(tx: Tx, groupId: string | null, insertions: readonly Insertion[]): Promise<Map<string, string>> {
  const firsts = new Map<string, Insertion>();
  for (const insertion of insertions) {
    const key = seriesKey(insertion.study.id, insertion.staged.summary.seriesInstanceUid);
    if (!firsts.has(key)) firsts.set(key, insertion);
  }
  const known = await tx.rows(
    `SELECT id, study_id, series_instance_uid AS uid FROM series
     WHERE study_id = ANY($1::uuid[]) AND series_instance_uid = ANY($2::text[]) ORDER BY id FOR NO KEY UPDATE`,
    [unique(insertions.map(({ study }) => study.id)), unique(insertions.map(({ staged }) => staged.summary.seriesInstanceUid))],
    'ingest-series',
  );
  const ids = new Map(known.map((row) => [seriesKey(row.study_id, row.uid), row.id]));
  const added = [...firsts].flatMap(([key, insertion]) => (ids.has(key) ? [] : [{ id: newId(), key, ...insertion }]));
  for (const { id, key } of added) ids.set(key, id);
  if (added.length > 0) await insertSeries(tx, groupId, added);
  return ids;
}

/** Inserts series as their first instances describe them, and counts them in their studies. */
async function insertSeries(
  tx: Tx,
  groupId: string | null,
  added: readonly (Insertion & { readonly id: string })[],
): Promise<void> {
  const rows = added.map(({ id, study, staged: { summary } }) => ({
    id,
    study_id: study.id,
    series_instance_uid: summary.seriesInstanceUid,
    modality: summary.series.modality,
    series_number: summary.series.seriesNumber,
    description: summary.series.description,
    body_part: summary.series.bodyPart,
    attributes: JSON.parse(summary.series.attributes) as unknown,
  }));
  await tx.run(
    `INSERT INTO series (id, group_id, study_id, series_instance_uid, modality, series_number, description, body_part, attributes, version)
     SELECT id, $2::uuid, study_id, series_instance_uid, modality, series_number, description, body_part, attributes, 0
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, study_id uuid, series_instance_uid text, modality text, series_number integer,
       description text, body_part text, attributes jsonb)`,
    [JSON.stringify(rows), groupId],
    'ingest-insert-series',
  );
  await tx.run(
    `UPDATE studies SET series_count = series_count + n.added, updated_at = now(),
       modalities = (SELECT array_agg(DISTINCT modality ORDER BY modality) FROM series WHERE study_id = studies.id)
     FROM (SELECT study_id, count(*)::int AS added FROM unnest($1::uuid[]) AS r(study_id) GROUP BY 1) n WHERE studies.id = n.study_id`,
    [rows.map((row) => row.study_id)],
    'ingest-count-series',
  );
}

/** Inserts instances with their metadata and counts them in their series and studies. */
export async function writeInstances(tx: Tx, groupId: string | null, insertions: readonly Insertion[]): Promise<ChangedSeries[]> {
  if (insertions.length === 0) return [];
  const ids = await writeSeries(tx, groupId, insertions);
  const seriesOf = ({ staged, study }: Insertion): string =>
    ids.get(seriesKey(study.id, staged.summary.seriesInstanceUid)) ?? missingSeries();
  const sizes = insertions.map(({ staged }) => staged.sizeBytes);
  // None needs the others' answers: they are sent together.
  await Promise.all([
    insertInstances(tx, groupId, insertions, seriesOf),
    tx.run(
      COUNT_SERIES,
      [insertions.map(seriesOf), sizes, insertions.map(({ staged }) => isNameless(staged.summary.identity))],
      'ingest-count-instances',
    ),
    tx.run(COUNT_STUDIES, [insertions.map(({ study }) => study.id), sizes], 'ingest-count-studies'),
  ]);
  const written = new Map(insertions.map((insertion) => [seriesOf(insertion), insertion.study.id]));
  return [...written].map(([id, studyId]) => ({ id, studyId }));
}

function insertInstances(
  tx: Tx,
  groupId: string | null,
  insertions: readonly Insertion[],
  seriesOf: (insertion: Insertion) => string,
): Promise<number> {
  const column = <V>(value: (staged: IndexableInstance) => V): V[] => insertions.map(({ staged }) => value(staged));
  return tx.run(
    INSERT_INSTANCES,
    [
      groupId,
      column(({ draft }) => draft.id),
      insertions.map(seriesOf),
      column(({ summary }) => summary.sopInstanceUid),
      column(({ summary }) => summary.sopClassUid),
      column(({ summary }) => summary.transferSyntaxUid),
      column(({ summary }) => summary.instanceNumber),
      column(({ summary }) => summary.rows),
      column(({ summary }) => summary.columns),
      column(({ summary }) => summary.frames),
      column(({ summary }) => summary.bitsAllocated),
      column(({ sizeBytes }) => sizeBytes),
      column(({ fileSha256 }) => fileSha256),
      column(({ frameTable }) => frameTable),
      column(({ json }) => json),
    ],
    'ingest-insert-instances',
  );
}

function missingSeries(): never {
  throw new BrokenInvariant('A series was neither found nor inserted.');
}

const INSERT_INSTANCES = `
  WITH r AS (
    SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::int[], $10::int[], $11::smallint[],
      $12::bigint[], $13::bytea[], $14::bytea[], $15::bytea[])
    AS r(id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, rows, columns, frames, bits_allocated,
      size_bytes, file_sha256, frame_table, json)
  ), inserted AS (
    INSERT INTO instances (id, group_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, rows, columns, frames,
      bits_allocated, size_bytes, file_sha256, frame_table)
    SELECT id, $1::uuid, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, rows, columns, frames,
      bits_allocated, size_bytes, file_sha256, frame_table FROM r
  )
  INSERT INTO instance_metadata (instance_id, series_id, group_id, json) SELECT id, series_id, $1::uuid, json FROM r`;

const COUNT_SERIES = `
  UPDATE series SET instance_count = instance_count + n.added, size_bytes = series.size_bytes + n.bytes, version = version + 1, updated_at = now(),
    nameless = nameless OR n.some_nameless
  FROM (SELECT id, count(*)::int AS added, sum(bytes)::bigint AS bytes, bool_or(without_name) AS some_nameless
    FROM unnest($1::uuid[], $2::bigint[], $3::boolean[]) AS r(id, bytes, without_name) GROUP BY 1) n
  WHERE series.id = n.id`;

const COUNT_STUDIES = `
  UPDATE studies SET instance_count = instance_count + n.added, size_bytes = studies.size_bytes + n.bytes, updated_at = now()
  FROM (SELECT id, count(*)::int AS added, sum(bytes)::bigint AS bytes FROM unnest($1::uuid[], $2::bigint[]) AS r(id, bytes) GROUP BY 1) n
  WHERE studies.id = n.id`;
