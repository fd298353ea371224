import type { ConsultationStatus, Symptoms, VitalSigns } from '@negatoscope/contract';
import type { Scope } from '../../access/index.ts';
import { inPartition, partitionValues } from '../../archive/in-scope.ts';
import { isColleague, isMember } from '../../archive/records/members.ts';
import { nameOf } from '../../archive/records/study-rows.ts';
import { isStudyOf, joinWhose, WHOSE } from '../../archive/records/whose.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { orderStatus } from './hanging-rows.ts';
import type { Before } from './policy.ts';

/** Who is to conduct it: while it waits, nobody who has no account any more that sees the patient; undoing what took them away brings them back. */
const PHYSICIAN =
  `CASE WHEN c.status <> 'WAITING' OR EXISTS (SELECT FROM users u WHERE u.id = c.physician_id AND u.status = 'ACTIVE'
     AND (c.group_id IS NULL OR ${isMember('u', 'c.group_id')})) THEN c.physician_id END` as const;
export const COLUMNS =
  `c.id, c.patient_id, ${WHOSE}, c.group_id, ${PHYSICIAN} AS physician_id, (${nameOf(PHYSICIAN)}) AS physician_name, c.day, c.status, c.reason,
  c.symptoms, c.vital_signs, c.vital_signs_at, c.notes, c.version, (${nameOf('c.registered_by')}) AS registered_by_name, c.arrived_at, c.started_at,
  c.ended_at, c.before, c.moved_by, c.moved_at,
  (SELECT count(*)::int FROM consultation_studies a WHERE a.consultation_id = c.id AND ${isStudyOf('a.study_id', 'c.patient_id')}) AS study_count,
  (SELECT count(*)::int FROM film_orders o WHERE o.consultation_id = c.id AND ${orderStatus('o')} = 'REQUESTED') AS open_orders` as const;
export const FROM = `FROM consultations c ${joinWhose('c.patient_id')} WHERE ${inPartition('c', 1)}` as const;

export type ConsultationRow = FoundBy<typeof findConsultation>;

export const findConsultation = (tx: ReadTx, scope: Scope, id: string) =>
  tx.first(`SELECT ${COLUMNS} ${FROM} AND c.id = $4`, [...partitionValues(scope), id], 'consultation');

/** Holds a consultation for a change until the transaction ends; false where there is none in scope. What it is then is read after it. */
export const lockConsultation = async (tx: Tx, scope: Scope, id: string): Promise<boolean> =>
  (await tx.first(`SELECT c.id FROM consultations c WHERE ${inPartition('c', 1)} AND c.id = $4 FOR NO KEY UPDATE`, [
    ...partitionValues(scope),
    id,
  ])) !== undefined;

/** Whose a consultation is, before anything is held: who holds both takes the patient first. */
export const findPatientOf = (tx: ReadTx, scope: Scope, id: string) =>
  tx.first(`SELECT c.patient_id FROM consultations c WHERE ${inPartition('c', 1)} AND c.id = $4`, [
    ...partitionValues(scope),
    id,
  ]);

/** A consultation of a patient on a day that has not ended, other than one. */
export const findOpen = (tx: ReadTx, patientId: string, day: string, but: string) =>
  tx.first(
    `SELECT id FROM consultations WHERE patient_id = $1 AND day = $2 AND status IN ('WAITING', 'IN_PROGRESS') AND id <> $3 LIMIT 1`,
    [patientId, day, but],
  );

export interface Filter {
  readonly date: string | null;
  readonly patientId: string | null;
  readonly physicianId: string | null;
  readonly status: ConsultationStatus | null;
}

const REST =
  `AND ($6::uuid IS NULL OR c.physician_id = $6 AND ${PHYSICIAN} = $6) AND ($7::text IS NULL OR c.status = $7)` as const;
/** A patient's and a day's are found by an index each. */
const OF_PATIENT = `AND c.patient_id = $4 AND ($5::date IS NULL OR c.day = $5) ${REST}` as const;
const OF_DAY = `AND ($4::uuid IS NULL OR c.patient_id = $4) AND c.day = $5 ${REST}` as const;
const OF_ALL = `AND ($4::uuid IS NULL OR c.patient_id = $4) AND ($5::date IS NULL OR c.day = $5) ${REST}` as const;
const PAGE = 'AND ($8::date IS NULL OR (c.day, c.id) < ($8, $9::uuid)) ORDER BY c.day DESC, c.id DESC LIMIT $10';
const LINES_OF_PATIENT = `SELECT ${COLUMNS} ${FROM} ${OF_PATIENT} ${PAGE}` as const;
const LINES_OF_DAY = `SELECT ${COLUMNS} ${FROM} ${OF_DAY} ${PAGE}` as const;
const LINES_OF_ALL = `SELECT ${COLUMNS} ${FROM} ${OF_ALL} ${PAGE}` as const;

/** The latest day first, behind the one of `after`. */
export function findConsultations(
  tx: ReadTx,
  scope: Scope,
  { date, patientId, physicianId, status }: Filter,
  { after, limit }: { readonly after: readonly [string, string] | null; readonly limit: number },
): Promise<ConsultationRow[]> {
  const values = [
    ...partitionValues(scope),
    ...([patientId, date, physicianId, status, after?.[0] ?? null, after?.[1] ?? null, limit] as const),
  ] as const;
  if (patientId !== null) return tx.rows(LINES_OF_PATIENT, values, 'consultations-of-patient');
  if (date !== null) return tx.rows(LINES_OF_DAY, values, 'consultations-of-day');
  return tx.rows(LINES_OF_ALL, values, 'consultations');
}

const COUNT_OF_PATIENT = `SELECT count(*)::int AS n FROM (SELECT ${FROM} ${OF_PATIENT} LIMIT $8) AS counted` as const;
const COUNT_OF_DAY = `SELECT count(*)::int AS n FROM (SELECT ${FROM} ${OF_DAY} LIMIT $8) AS counted` as const;
const COUNT_OF_ALL = `SELECT count(*)::int AS n FROM (SELECT ${FROM} ${OF_ALL} LIMIT $8) AS counted` as const;

/** How many there are, counted as far as `most`. */
export async function countConsultations(
  tx: ReadTx,
  scope: Scope,
  { date, patientId, physicianId, status }: Filter,
  most: number,
): Promise<number> {
  const values = [...partitionValues(scope), ...([patientId, date, physicianId, status, most] as const)] as const;
  if (patientId !== null) return (await tx.first(COUNT_OF_PATIENT, values))?.n ?? 0;
  if (date !== null) return (await tx.first(COUNT_OF_DAY, values))?.n ?? 0;
  return (await tx.first(COUNT_OF_ALL, values))?.n ?? 0;
}

export interface Registration {
  readonly id: string;
  readonly patientId: string;
  readonly groupId: string | null;
  readonly physicianId: string | null;
  readonly day: string;
  readonly reason: string;
  readonly symptoms: Symptoms;
  readonly vitalSigns: VitalSigns;
  readonly vitalSignsAt: Date | null;
  readonly registeredBy: string;
  readonly now: Date;
}

export const insertConsultation = (tx: Tx, of: Registration): Promise<number> =>
  tx.run(
    `INSERT INTO consultations (id, patient_id, group_id, physician_id, day, status, reason, symptoms, vital_signs, vital_signs_at, registered_by, arrived_at)
     VALUES ($1, $2, $3, $4, $5, 'WAITING', $6, $7::jsonb, $8::jsonb, $9, $10, $11)`,
    [
      of.id,
      of.patientId,
      of.groupId,
      of.physicianId,
      of.day,
      of.reason,
      JSON.stringify(of.symptoms),
      JSON.stringify(of.vitalSigns),
      of.vitalSignsAt,
      of.registeredBy,
      of.now,
    ],
  );

export type Changed = Pick<Registration, 'physicianId' | 'day' | 'reason' | 'symptoms' | 'vitalSigns' | 'vitalSignsAt'> & {
  readonly notes: string;
};

export const updateConsultation = (tx: Tx, id: string, to: Changed): Promise<number> =>
  tx.run(
    `UPDATE consultations SET physician_id = $2, day = $3, reason = $4, symptoms = $5::jsonb, vital_signs = $6::jsonb, vital_signs_at = $7, notes = $8,
       version = version + 1 WHERE id = $1`,
    [
      id,
      to.physicianId,
      to.day,
      to.reason,
      JSON.stringify(to.symptoms),
      JSON.stringify(to.vitalSigns),
      to.vitalSignsAt,
      to.notes,
    ],
  );

/** What hangs on it has changed. */
export const touchConsultation = (tx: Tx, id: string): Promise<number> =>
  tx.run('UPDATE consultations SET version = version + 1 WHERE id = $1', [id]);

export interface Moved {
  readonly to: Before;
  readonly before: Before | null;
  readonly by: string;
  readonly now: Date;
}

export const setStatus = (tx: Tx, id: string, { to, before, by, now }: Moved): Promise<number> =>
  tx.run(
    `UPDATE consultations SET status = $2, physician_id = (SELECT u.id FROM users u WHERE u.id = $3), started_at = $4, ended_at = $5, before = $6::jsonb, moved_by = $7, moved_at = $8,
       version = version + 1 WHERE id = $1`,
    [id, to.status, to.physicianId, to.startedAt, to.endedAt, before === null ? null : JSON.stringify(before), by, now],
  );

/** Active people of these roles with their levels (`ROLE LEVEL`), and of this group where the patient is of one; of them the colleagues of who has these groups, all where they are null. */
export const findPeople = (
  tx: ReadTx,
  rights: readonly string[],
  groupId: string | null,
  colleaguesOf: readonly string[] | null,
) =>
  tx.rows(
    `SELECT u.id, btrim(u.first_name || ' ' || u.last_name) AS name FROM users u
     WHERE u.status = 'ACTIVE' AND u.role || ' ' || u.level = ANY($1::text[]) AND ($2::uuid IS NULL OR ${isMember('u', '$2')}) AND ${isColleague('u', '$3::uuid[]')}
     ORDER BY u.last_name, u.first_name, u.id LIMIT 500`,
    [rights, groupId, colleaguesOf],
  );
