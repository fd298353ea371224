import type { BodyOf, Consultation, moveConsultation } from '@negatoscope/contract';
import { can, type Person, scopeOf } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { AuditRecord } from '../audit/index.ts';
import { type ConsultationDeps, heldWithPatient, refused, requireOnlyOne, tell, unchanged } from './changes.ts';
import { type Before, type Move, moveOf } from './policy.ts';
import { type ConsultationRow, type Moved, setStatus } from './repository.ts';

const ACTIONS: Readonly<Record<Exclude<Move, 'NOTHING'>, AuditRecord['action']>> = {
  TAKE: 'consultation.taken',
  TAKE_OVER: 'consultation.taken-over',
  FINISH: 'consultation.done',
  CANCEL: 'consultation.cancelled',
  UNDO: 'consultation.move-undone',
};

const placeOf = (row: ConsultationRow): Before => ({
  status: row.status,
  physicianId: row.physician_id,
  startedAt: row.started_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
});

/** What a move makes of a consultation. What was taken over is not taken back: who had it takes it over again. */
function movedBy(row: ConsultationRow, move: Exclude<Move, 'NOTHING'>, by: string, now: Date): Moved {
  const before = placeOf(row);
  const at = now.toISOString();
  switch (move) {
    case 'TAKE':
      return { before, to: { ...before, status: 'IN_PROGRESS', physicianId: by, startedAt: at }, by, now };
    case 'TAKE_OVER':
      return { before: null, to: { ...before, physicianId: by }, by, now };
    case 'FINISH':
      return { before, to: { ...before, status: 'DONE', endedAt: at }, by, now };
    case 'CANCEL':
      return { before, to: { ...before, status: 'CANCELLED', endedAt: at }, by, now };
    case 'UNDO':
      return { before: null, to: row.before ?? before, by, now };
  }
}

/** Moves a consultation. Fails with NOT_FOUND, FORBIDDEN, CONSULTATION_TAKEN, ILLEGAL_MOVE, UNDO_EXPIRED, ALREADY_WAITING. */
export async function move(
  deps: ConsultationDeps,
  actor: Person,
  id: string,
  { status, takeOverFrom }: BodyOf<typeof moveConsultation>,
): Promise<Consultation> {
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const row = await heldWithPatient(tx, actor, id);
    const now = deps.clock.now();
    const at = {
      ...{ status: row.status, physicianId: row.physician_id },
      ...{ before: row.before, movedBy: row.moved_by, movedAt: row.moved_at },
    };
    const mayConduct = can(actor, 'consultations.conduct');
    const found = moveOf(at, { status, takeOverFrom, userId: actor.userId, mayConduct, now });
    if ('refused' in found) {
      if (found.refused === 'FORBIDDEN') throw new Failure('FORBIDDEN');
      throw await refused(deps, tx, actor, { code: found.refused, id });
    }
    // What is taken back had ended, or goes on as one.
    if (found.move === 'UNDO' && row.ended_at !== null) await requireOnlyOne(deps, tx, actor, row);
    if (found.move === 'NOTHING') return unchanged(deps, tx, actor, row);
    await setStatus(tx, id, movedBy(row, found.move, actor.userId, now));
    return tell(deps, tx, actor, { action: ACTIONS[found.move], row, details: { from: row.status, to: status } });
  });
}
