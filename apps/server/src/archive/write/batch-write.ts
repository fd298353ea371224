import type { Tx } from '../../platform/db/database.ts';
import type { PatientPlan, StudyPlan } from './batch-lookup.ts';
import { addSeries, findSeries, type Insertion, type SeriesIds } from './instance-write.ts';
import type { InstanceSummary } from './received.ts';
import { Recheck } from './retry.ts';

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];

/**
 * Files a batch under its patients and studies: locks those that are there, patients' before studies' before series', each kind in one order, and by one
 * exchange; inserts the new ones; takes what it files under out of the trash. Gives the series of its instances. Fails with Recheck.
 */
export async function fileBatch(
  tx: Tx,
  groupId: string | null,
  { insertions, ...filed }: StudiesWithFirst & { readonly insertions: readonly Insertion[] },
): Promise<SeriesIds> {
  const [, , known] = await Promise.all([
    lockPatients(tx, filed.studies),
    lockStudies(tx, filed.studies),
    insertions.length === 0 ? new Map<string, string>() : findSeries(tx, insertions),
  ]);
  await addPatients(tx, groupId, filed.studies);
  await addStudies(tx, groupId, filed);
  return addSeries(tx, groupId, { insertions, known });
}

const patientsOf = (studies: readonly StudyPlan[]): PatientPlan[] => unique(studies.map((study) => study.patient));

/** Inserts the patients that are new, locks the others in one order, and takes them out of the trash. */
export async function writePatients(tx: Tx, groupId: string | null, studies: readonly StudyPlan[]): Promise<void> {
  await lockPatients(tx, studies);
  await addPatients(tx, groupId, studies);
}

function lockPatients(tx: Tx, studies: readonly StudyPlan[]): Promise<void> {
  const known = patientsOf(studies).filter((patient) => !patient.isNew);
  // Whose the files are was decided against these: a name that somebody changes meanwhile decides anew.
  const names = new Map(known.map((one) => [one.id, JSON.stringify([one.familyName, one.givenName, one.birthDate])]));
  return lockRows(tx, { table: 'patients', ids: [...names.keys()], expected: (id, owner) => names.get(id) === owner });
}

async function addPatients(tx: Tx, groupId: string | null, studies: readonly StudyPlan[]): Promise<void> {
  const patients = patientsOf(studies);
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
  const deleted = patients.filter((patient) => !patient.isNew && patient.wasDeleted).map(({ id }) => id);
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
export async function writeStudies(tx: Tx, groupId: string | null, filed: StudiesWithFirst): Promise<void> {
  await lockStudies(tx, filed.studies);
  await addStudies(tx, groupId, filed);
}

function lockStudies(tx: Tx, studies: readonly StudyPlan[]): Promise<void> {
  const patientOf = new Map(studies.filter((study) => !study.isNew).map((study) => [study.id, study.patient.id]));
  return lockRows(tx, { table: 'studies', ids: [...patientOf.keys()], expected: (id, owner) => patientOf.get(id) === owner });
}

async function addStudies(tx: Tx, groupId: string | null, { studies, first }: StudiesWithFirst): Promise<void> {
  await insertStudies(tx, groupId, { studies: studies.filter((study) => study.isNew), first });
  const deleted = studies.filter((study) => !study.isNew && study.wasDeleted).map(({ id }) => id);
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
