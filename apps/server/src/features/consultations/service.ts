import { isDeepStrictEqual } from 'node:util';
import {
  type BodyOf,
  type Consultation,
  type ConsultationLine,
  impossibleSigns,
  LEVELS,
  type listConsultations,
  NO_SYMPTOMS,
  NO_VITAL_SIGNS,
  permissionsOf,
  type QueryOf,
  ROLES,
  type registerConsultation,
  type updateConsultation,
  type VitalSigns,
} from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { ownGroups } from '../../archive/records/members.ts';
import { requirePatientToWrite } from '../../archive/records/opened.ts';
import { findPatient, lockPatient } from '../../archive/records/patients.ts';
import { isCalendarDate, storableText } from '../../archive/search/index-list.ts';
import { Failure, type FieldError, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import { aText, aUuid, decodeCursor, encodeCursor, type Page, TOTAL_CAP } from '../../kernel/list.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import {
  type ConsultationDeps,
  held,
  heldWithPatient,
  refused,
  requireConducts,
  requireOnlyOne,
  tell,
  unchanged,
} from './changes.ts';
import { changedSigns, changedSymptoms, isPlausibleDay } from './policy.ts';
import * as repository from './repository.ts';
import { lineOf, shown } from './shown.ts';

/** Whoever may conduct, as role and level. */
const CONDUCTING = ROLES.flatMap((role) =>
  LEVELS.filter((level) => permissionsOf(role, level).has('consultations.conduct')).map((level) => `${role} ${level}`),
);
const aDay = (value: string | number | null): value is string => aText(value) && isCalendarDate(value);

export async function list(
  { db, audit, clock }: ConsultationDeps,
  actor: Person,
  query: QueryOf<typeof listConsultations>,
): Promise<Page<ConsultationLine>> {
  const scope = scopeOf(actor);
  const { limit, cursor, date = null, patientId = null, physicianId = null, status = null } = query;
  requireDay(date);
  const after = cursor === undefined ? null : decodeCursor<[string, string]>(cursor, aDay, aUuid);
  const filter = { date, patientId, physicianId, status };
  const { rows, total } = await db.reading(scope, async (tx) => ({
    rows: await repository.findConsultations(tx, scope, filter, { after, limit: limit + 1 }),
    total: await repository.countConsultations(tx, scope, filter, TOTAL_CAP + 1),
  }));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  await audit.noteLightly({
    action: 'consultation.list',
    actor,
    entityType: 'consultation',
    patientId,
    shown: page.map((row) => row.patient_id),
    details: { filters: Object.keys(query).sort(), results: page.length },
  });
  return {
    items: page.map((row) => lineOf(row, actor, clock.now())),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor([last.day, last.id]) : null,
    total: Math.min(total, TOTAL_CAP),
    totalIsExact: total <= TOTAL_CAP,
  };
}

/** One with its notes; its use is audited. Fails with NOT_FOUND. */
export async function get({ db, audit, clock }: ConsultationDeps, actor: Person, id: string): Promise<Consultation> {
  const found = await db.reading(scopeOf(actor), (tx) => shown(tx, actor, id, clock.now()));
  const { patientId, groupId } = found;
  await audit.note({ action: 'consultation.read', actor, entityType: 'consultation', entityId: id, patientId, groupId });
  return found;
}

/** The line of one that has changed, for who listens; undefined where it is not in scope. */
export async function line({ db, clock }: ConsultationDeps, actor: Person, id: string): Promise<ConsultationLine | undefined> {
  const scope = scopeOf(actor);
  const row = await db.reading(scope, (tx) => repository.findConsultation(tx, scope, id));
  return row === undefined ? undefined : lineOf(row, actor, clock.now());
}

/** Who may conduct a consultation of a patient. Fails with NOT_FOUND. */
export async function physicians({ db }: ConsultationDeps, actor: Person, patientId: string) {
  const scope = scopeOf(actor);
  return db.reading(scope, async (tx) => {
    const patient = await findPatient(tx, scope, patientId);
    if (patient === undefined) throw notFound();
    return { items: await repository.findPeople(tx, CONDUCTING, patient.group_id, ownGroups(actor)) };
  });
}

const invalid = (...errors: FieldError[]): Failure => new Failure('VALIDATION_FAILED', { errors });

function requireDay(date: string | null): void {
  if (date !== null && !isCalendarDate(date)) throw invalid({ path: 'date', message: 'Not a date of the calendar.' });
}

type Said = Pick<BodyOf<typeof updateConsultation>, 'date' | 'reason' | 'symptoms' | 'notes'>;

/** Fails with VALIDATION_FAILED for what is no text, or no day of a consultation. */
function requireSense({ date, reason, symptoms, notes }: Said, now: Date): void {
  requireDay(date ?? null);
  if (date !== undefined && !isPlausibleDay(date, now))
    throw invalid({ path: 'date', message: 'Not within ten years before and two after today.' });
  for (const [path, text] of Object.entries({ reason, notes, 'symptoms.text': symptoms?.text }))
    if (text !== undefined && storableText(text) !== text) throw invalid({ path, message: 'Not a text.' });
}

/** Fails with VITAL_SIGN_OUT_OF_RANGE, with each value that can't be. */
function requirePossible(vitalSigns: VitalSigns): void {
  const errors = impossibleSigns(vitalSigns).map(({ name, mustBe }) => ({
    path: `vitalSigns.${name}`,
    message: `Must be ${mustBe}.`,
  }));
  if (errors.length > 0) throw new Failure('VITAL_SIGN_OUT_OF_RANGE', { errors });
}

async function requirePhysician(tx: ReadTx, physicianId: string | null, groupId: string | null): Promise<void> {
  if (physicianId === null) return;
  const people = await repository.findPeople(tx, CONDUCTING, groupId, null);
  if (!people.some(({ id }) => id === physicianId))
    throw new Failure('UNPROCESSABLE', { detail: 'Nobody of this id conducts consultations of this patient.' });
}

const isTaken = (signs: VitalSigns): boolean => Object.values(signs).some((value) => value !== null);

/** Registers a patient. Fails with NOT_FOUND, ALREADY_WAITING, UNPROCESSABLE for no physician of this patient, and as `requireSense` and `requirePossible` do. */
export async function register(
  deps: ConsultationDeps,
  actor: Person,
  body: BodyOf<typeof registerConsultation>,
): Promise<Consultation> {
  requireSense(body, deps.clock.now());
  const { patientId, date: day, reason, physicianId, symptoms = NO_SYMPTOMS, vitalSigns = NO_VITAL_SIGNS } = body;
  requirePossible(vitalSigns);
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    await requirePatientToWrite(tx, actor, patientId);
    const patient = await lockPatient(tx, scopeOf(actor), patientId);
    if (patient === undefined) throw notFound();
    const now = deps.clock.now();
    const row = { id: newId(), patient_id: patientId, group_id: patient.group_id };
    await requireOnlyOne(deps, tx, actor, { ...row, day });
    await requirePhysician(tx, physicianId, patient.group_id);
    await repository.insertConsultation(tx, {
      ...{ id: row.id, patientId, groupId: patient.group_id, physicianId, day, reason, symptoms, vitalSigns },
      ...{ vitalSignsAt: isTaken(vitalSigns) ? now : null, registeredBy: actor.userId, now },
    });
    return tell(deps, tx, actor, { action: 'consultation.registered', row, details: { hasVitalSigns: isTaken(vitalSigns) } });
  });
}

/**
 * Changes what was registered, or what is noted. Fails with NOT_FOUND, CONSULTATION_ENDED, STALE_UPDATE, ALREADY_WAITING, CONFLICT for what does not change any more or not yet,
 * FORBIDDEN and CONSULTATION_TAKEN for notes of somebody else's, UNPROCESSABLE for no physician of this patient, and as `requireSense` and `requirePossible` do.
 */
export async function update(
  deps: ConsultationDeps,
  actor: Person,
  id: string,
  body: BodyOf<typeof updateConsultation>,
): Promise<Consultation> {
  requireSense(body, deps.clock.now());
  if (body.notes !== undefined) requirePermission(actor, 'consultations.conduct');
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const row = await (body.date === undefined ? held : heldWithPatient)(tx, actor, id);
    if (row.status === 'DONE' || row.status === 'CANCELLED')
      throw await refused(deps, tx, actor, { code: 'CONSULTATION_ENDED', id });
    if (body.notes !== undefined) await requireConducts(deps, tx, actor, row);
    if (row.version !== body.version) throw await refused(deps, tx, actor, { code: 'STALE_UPDATE', id });
    const { fields, to } = changeOf(row, body, deps.clock.now());
    if (fields.length === 0) return unchanged(deps, tx, actor, row);
    requirePossible(to.vitalSigns);
    await requireFree(tx, row, fields, to);
    if (fields.includes('date')) await requireOnlyOne(deps, tx, actor, { ...row, day: to.day });
    await repository.updateConsultation(tx, id, to);
    return tell(deps, tx, actor, { action: 'consultation.updated', row, details: { fields } });
  });
}

/** Day and physician are of who waits. */
async function requireFree(
  tx: Tx,
  { status, group_id: groupId }: repository.ConsultationRow,
  fields: readonly string[],
  to: repository.Changed,
): Promise<void> {
  if (status !== 'WAITING' && (fields.includes('date') || fields.includes('physicianId')))
    throw new Failure('CONFLICT', { detail: 'The day and the physician change while the patient waits.' });
  if (fields.includes('physicianId')) await requirePhysician(tx, to.physicianId, groupId);
}

/** The fields that differ, and the row as it is to be. */
function changeOf(
  row: repository.ConsultationRow,
  body: BodyOf<typeof updateConsultation>,
  now: Date,
): { fields: string[]; to: repository.Changed } {
  const is = {
    date: row.day,
    reason: row.reason,
    symptoms: row.symptoms,
    vitalSigns: row.vital_signs,
    physicianId: row.physician_id,
    notes: row.notes,
  };
  const wanted = {
    ...body,
    ...(body.symptoms === undefined ? {} : { symptoms: changedSymptoms(row.symptoms, body.symptoms) }),
    ...(body.vitalSigns === undefined ? {} : { vitalSigns: changedSigns(row.vital_signs, body.vitalSigns) }),
  };
  const fields = (Object.keys(is) as (keyof typeof is)[]).filter(
    (field) => wanted[field] !== undefined && !isDeepStrictEqual(is[field], wanted[field]),
  );
  const { date: day, ...rest } = { ...is, ...Object.fromEntries(fields.map((field) => [field, wanted[field]])) };
  return { fields, to: { ...rest, day, vitalSignsAt: fields.includes('vitalSigns') ? now : row.vital_signs_at } };
}
