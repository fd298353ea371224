import { createHash } from 'node:crypto';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import type { JoinedBy, KnownPatient, MismatchKind } from './identity.ts';
import { inGroup } from './in-group.ts';
import type { InstanceSummary, ReceivedIdentity } from './received.ts';
import { findWithdrawn } from './withdraw.ts';

/** Where instances go: a partition, and the patient that was chosen for them. */
export interface BatchTarget {
  readonly groupId: string | null;
  readonly patientId: string | null;
}

/** A patient that instances of a batch belong to: a row, or one that will be inserted. */
export interface PatientPlan extends KnownPatient {
  readonly isNew: boolean;
  readonly wasDeleted: boolean;
  readonly insert?: {
    readonly received: ReceivedIdentity;
    readonly status: 'CONFIRMED' | 'IDENTITY_REVIEW';
    readonly reason: string | null;
    readonly suspectId: string | null;
  };
  /** To be added to the patient's identifiers. */
  addIdentifier?: { readonly issuer: string; readonly value: string };
}

export interface StudyPlan {
  readonly id: string;
  readonly uid: string;
  readonly isNew: boolean;
  readonly wasDeleted: boolean;
  readonly patient: PatientPlan;
  readonly received: ReceivedIdentity | null;
  /** Of files that contradict the patient, name them as a record that was merged into theirs, or name nobody, and go there all the same. */
  mismatch?: FiledMismatch;
}

/** Whose files say they are, and by what they go where they go: a person's decision, that of a merge, or by themselves. */
export interface FiledMismatch {
  readonly kind: MismatchKind;
  readonly cause: 'DECIDED' | 'MERGED' | JoinedBy;
  readonly received: ReceivedIdentity;
}

export interface ExistingInstance {
  readonly id: string;
  readonly sop_instance_uid: string;
  readonly study_id: string;
  readonly study_instance_uid: string;
}

export interface Lookup {
  readonly instances: ReadonlyMap<string, ExistingInstance>;
  readonly studies: Map<string, StudyPlan>;
  readonly patients: PatientPlan[];
  readonly target: PatientPlan | undefined;
  /** Instances that were taken out of the record here, by their UIDs. */
  readonly withdrawn: ReadonlySet<string>;
}

type PatientColumns = RowOf<typeof PATIENT_BY_ID>;

const PATIENT_COLUMNS = `p.id AS patient_id, p.family_name, p.given_name, p.person_name, p.birth_date, p.identity_status, p.deleted_at IS NOT NULL AS patient_deleted,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('issuer', pi.issuer, 'value', pi.value)), '[]') FROM patient_identifiers pi WHERE pi.patient_id = p.id) AS identifiers,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('familyName', m.family_name, 'givenName', m.given_name, 'personName', m.person_name, 'birthDate', m.birth_date)), '[]')
    FROM patients m WHERE m.merged_into = p.id) AS aliases`;
const PATIENT_BY_ID = `SELECT ${PATIENT_COLUMNS} FROM patients p WHERE p.id = $1 AND p.merged_into IS NULL` as const;

const planOf = (row: PatientColumns): PatientPlan => ({
  id: row.patient_id,
  familyName: row.family_name,
  givenName: row.given_name,
  personName: row.person_name,
  birthDate: row.birth_date,
  identityStatus: row.identity_status,
  identifiers: row.identifiers,
  aliases: row.aliases,
  isNew: false,
  wasDeleted: row.patient_deleted,
});

const lockKey = (...parts: (string | null)[]): bigint =>
  createHash('sha256').update(JSON.stringify(parts)).digest().readBigInt64BE();

/**
 * Serialises the imports that could create the same patient or study: advisory locks until the end of the transaction, patients' before
 * studies', each kind in one order, so that no two batches wait for each other.
 */
export async function lockBatch(tx: Tx, group: string | null, summaries: readonly InstanceSummary[]): Promise<void> {
  const sorted = (keys: bigint[]): bigint[] => [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
  const patients = sorted(summaries.map(({ identity }) => lockKey('patient', group, identity.issuer, identity.patientId)));
  const studies = sorted(summaries.map(({ studyInstanceUid }) => lockKey('study', group, studyInstanceUid)));
  await tx.rows(
    'SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) WITH ORDINALITY AS k(key, n)',
    [[...patients, ...studies]],
    'ingest-lock',
  );
}

/** Reads what the index has of a batch's instances, studies and patients. The batch's locks are held. */
export async function lookUp(tx: Tx, target: BatchTarget, summaries: readonly InstanceSummary[]): Promise<Lookup> {
  const patients = new Map<string, PatientPlan>();
  const keep = (row: PatientColumns): PatientPlan => {
    const plan = patients.get(row.patient_id) ?? planOf(row);
    patients.set(plan.id, plan);
    return plan;
  };
  const uids = summaries.map(({ sopInstanceUid }) => sopInstanceUid);
  const studyUids = [...new Set(summaries.map((one) => one.studyInstanceUid))];
  const values = [...new Set(summaries.map(({ identity }) => identity.patientId).filter((value) => value !== ''))];
  const [instances, studies, , chosen, withdrawn] = await Promise.all([
    findInstances(tx, target, uids),
    findStudies(tx, { target, studyUids }, keep),
    findCandidates(tx, { target, values }, keep),
    target.patientId === null ? undefined : patientPlan(tx, target.patientId, keep),
    findWithdrawn(tx, uids, target.groupId),
  ]);
  // An instance may be stored in another study than the one it names now.
  const others = [...new Set([...instances.values()].map((one) => one.study_instance_uid))].filter((uid) => !studies.has(uid));
  if (others.length > 0) {
    for (const [uid, plan] of await findStudies(tx, { target, studyUids: others }, keep)) studies.set(uid, plan);
  }
  return { instances, studies, patients: [...patients.values()], target: chosen, withdrawn };
}

async function findInstances(tx: ReadTx, target: BatchTarget, uids: string[]): Promise<Map<string, ExistingInstance>> {
  const { where, kind } = inGroup('i.group_id', target.groupId, 2);
  const rows = await tx.rows(
    `SELECT i.id, i.sop_instance_uid, s.study_id, st.study_instance_uid
     FROM instances i JOIN series s ON s.id = i.series_id JOIN studies st ON st.id = s.study_id
     WHERE i.sop_instance_uid = ANY($1::text[]) AND ${where}`,
    [uids, target.groupId],
    `ingest-instances${kind}`,
  );
  return new Map(rows.map((row) => [row.sop_instance_uid, row]));
}

type StudyRow = RowOf<typeof STUDY_BY_ID>;

const STUDIES = `
  SELECT st.id, st.study_instance_uid AS uid, st.deleted_at IS NOT NULL AS deleted, st.received_identity AS received, ${PATIENT_COLUMNS}
  FROM studies st JOIN patients p ON p.id = st.patient_id` as const;
const STUDY_BY_ID = `${STUDIES} WHERE st.id = $1` as const;

const studyPlanOf = (row: StudyRow, patient: PatientPlan): StudyPlan => ({
  id: row.id,
  uid: row.uid,
  isNew: false,
  wasDeleted: row.deleted,
  patient,
  received: row.received,
});

async function findStudies(
  tx: ReadTx,
  { target, studyUids }: { target: BatchTarget; studyUids: string[] },
  keep: (row: PatientColumns) => PatientPlan,
): Promise<Map<string, StudyPlan>> {
  const { where, kind } = inGroup('st.group_id', target.groupId, 2);
  const rows = await tx.rows(
    `${STUDIES} WHERE st.study_instance_uid = ANY($1::text[]) AND ${where}`,
    [studyUids, target.groupId],
    `ingest-studies${kind}`,
  );
  return new Map(rows.map((row) => [row.uid, studyPlanOf(row, keep(row))]));
}

/** One study by its id, or undefined. */
export async function studyPlan(tx: ReadTx, id: string): Promise<StudyPlan | undefined> {
  const row = await tx.first(STUDY_BY_ID, [id]);
  return row === undefined ? undefined : studyPlanOf(row, planOf(row));
}

/** The patients of a group who have one of these Patient IDs. */
export async function patientPlans(tx: ReadTx, groupId: string | null, values: string[]): Promise<PatientPlan[]> {
  const plans: PatientPlan[] = [];
  const keep = (row: PatientColumns): PatientPlan => {
    const plan = planOf(row);
    plans.push(plan);
    return plan;
  };
  await findCandidates(tx, { target: { groupId }, values }, keep);
  return plans;
}

/** Patients with one of these Patient IDs; one that was merged stands for the patient it went into, under its own name. */
async function findCandidates(
  tx: ReadTx,
  { target, values }: { target: Pick<BatchTarget, 'groupId'>; values: string[] },
  keep: (row: PatientColumns) => PatientPlan,
): Promise<void> {
  if (values.length === 0) return;
  const { where, kind } = inGroup('pi.group_id', target.groupId, 2);
  const rows = await tx.rows(
    `SELECT ${PATIENT_COLUMNS} FROM patients p
     WHERE p.merged_into IS NULL AND p.id IN (
       SELECT coalesce(o.merged_into, o.id) FROM patient_identifiers pi JOIN patients o ON o.id = pi.patient_id
       WHERE pi.value = ANY($1::text[]) AND ${where})`,
    [values, target.groupId],
    `ingest-patients${kind}`,
  );
  for (const row of rows) keep(row);
}

/** A patient by id who was not merged into another one, or undefined. */
export async function patientPlan(tx: ReadTx, id: string, keep = planOf): Promise<PatientPlan | undefined> {
  const row = await tx.first(PATIENT_BY_ID, [id]);
  return row === undefined ? undefined : keep(row);
}
