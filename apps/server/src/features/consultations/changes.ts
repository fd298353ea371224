import type { Consultation } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
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

type Refused = 'STALE_UPDATE' | 'CONSULTATION_ENDED' | 'CONSULTATION_TAKEN' | 'ILLEGAL_MOVE' | 'UNDO_EXPIRED' | 'ALREADY_WAITING';

/** A change that meets another state than the one it was made on: the answer has that state. */
export const refused = async (
  { clock }: Pick<ConsultationDeps, 'clock'>,
  tx: ReadTx,
  actor: Person,
  { code, id }: { readonly code: Refused; readonly id: string },
): Promise<Failure> => new Failure(code, { current: await shown(tx, actor, id, clock.now()) });

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
