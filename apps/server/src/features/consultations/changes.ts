import type { Consultation } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import { lockPatient } from '../../archive/records/patients.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { LiveEvents } from '../../platform/shared-state/index.ts';
import type { Audit, AuditRecord } from '../audit/index.ts';
import * as repository from './repository.ts';
import { shown } from './shown.ts';

export interface ConsultationDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly events: Pick<LiveEvents, 'publish' | 'subscribe'>;
}

/** The consultation, held for a change. Fails with NOT_FOUND. */
export async function held(tx: Tx, actor: Person, id: string): Promise<repository.ConsultationRow> {
  const row = (await repository.lockConsultation(tx, scopeOf(actor), id))
    ? await repository.findConsultation(tx, scopeOf(actor), id)
    : undefined;
  if (row === undefined) throw notFound();
  return row;
}

/** A refusal that shows what stands. */
class Shown extends Failure {
  readonly consultation: Consultation;

  constructor(code: Refused, consultation: Consultation) {
    super(code, { current: consultation });
    this.consultation = consultation;
  }
}

type Refused = 'STALE_UPDATE' | 'CONSULTATION_ENDED' | 'CONSULTATION_TAKEN' | 'ILLEGAL_MOVE' | 'UNDO_EXPIRED' | 'ALREADY_WAITING';

/**
 * The consultation and its patient, held for a change that may make it one that waits on another day, or again: registering holds the patient too, so that two such are one after the other. Fails with NOT_FOUND.
 */
export async function heldWithPatient(tx: Tx, actor: Person, id: string): Promise<repository.ConsultationRow> {
  // A merge that ends meanwhile takes it to another record.
  for (let tries = 0; tries < 3; tries += 1) {
    const of = await repository.findPatientOf(tx, scopeOf(actor), id);
    if (of === undefined) throw notFound();
    if ((await lockPatient(tx, scopeOf(actor), of.patient_id)) === undefined) continue;
    const row = await held(tx, actor, id);
    if (row.patient_id === of.patient_id) return row;
  }
  throw notFound();
}

/** A change that meets another state than the one it was made on: the answer has that state. */
export const refused = async (
  { clock }: Pick<ConsultationDeps, 'clock'>,
  tx: ReadTx,
  actor: Person,
  { code, id }: { readonly code: Refused; readonly id: string },
): Promise<Failure> => new Shown(code, await shown(tx, actor, id, clock.now()));

/** Who conducts it changes what is theirs alone. Fails with CONSULTATION_ENDED, CONSULTATION_TAKEN, CONFLICT before it is taken. */
export async function requireConducts(
  deps: Pick<ConsultationDeps, 'clock'>,
  tx: ReadTx,
  actor: Person,
  { id, status, physician_id: physicianId }: repository.ConsultationRow,
): Promise<void> {
  if (status === 'WAITING') throw new Failure('CONFLICT', { detail: 'Take it first.' });
  if (status !== 'IN_PROGRESS') throw await refused(deps, tx, actor, { code: 'CONSULTATION_ENDED', id });
  if (physicianId !== actor.userId) throw await refused(deps, tx, actor, { code: 'CONSULTATION_TAKEN', id });
}

/** A patient waits, or is with a physician, once a day. Fails with ALREADY_WAITING where another one has begun meanwhile. */
export async function requireOnlyOne(
  deps: Pick<ConsultationDeps, 'clock'>,
  tx: ReadTx,
  actor: Person,
  { id, patient_id: patientId, day }: Pick<repository.ConsultationRow, 'id' | 'patient_id' | 'day'>,
): Promise<void> {
  const open = await repository.findOpen(tx, patientId, day, id);
  if (open !== undefined) throw await refused(deps, tx, actor, { code: 'ALREADY_WAITING', id: open.id });
}

interface Told {
  readonly action: AuditRecord['action'];
  readonly row: Pick<repository.ConsultationRow, 'id' | 'patient_id' | 'group_id'>;
  readonly details?: AuditRecord['details'];
}

const readOf = (actor: Person, row: Pick<repository.ConsultationRow, 'id' | 'patient_id' | 'group_id'>): AuditRecord => ({
  ...{ action: 'consultation.read', actor, entityType: 'consultation' },
  ...{ entityId: row.id, patientId: row.patient_id, groupId: row.group_id },
});

/** What a wish that changes nothing is answered with: it is a read, and audited as one. */
export async function unchanged(
  { audit, clock }: Pick<ConsultationDeps, 'audit' | 'clock'>,
  tx: Tx,
  actor: Person,
  row: repository.ConsultationRow,
): Promise<Consultation> {
  await audit.record(tx, readOf(actor, row));
  return shown(tx, actor, row.id, clock.now());
}

/** What a refused wish shows beside its refusal is a read, too; its own transaction leaves nothing. */
export async function auditingRefusals<T>(
  { audit }: Pick<ConsultationDeps, 'audit'>,
  actor: Person,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Shown) {
      const { id, patientId, groupId } = error.consultation;
      await audit.note(readOf(actor, { id, patient_id: patientId, group_id: groupId }));
    }
    throw error;
  }
}

/** Writes the event and tells who listens; gives the consultation as it stands then. */
export async function tell(
  { audit, clock, events }: ConsultationDeps,
  tx: Tx,
  actor: Person,
  { action, row, details = {} }: Told,
): Promise<Consultation> {
  const { id, patient_id: patientId, group_id: groupId } = row;
  await audit.record(tx, { action, actor, entityType: 'consultation', entityId: id, patientId, groupId, details });
  await events.publish('consultations-changed', id, tx);
  return shown(tx, actor, id, clock.now());
}
