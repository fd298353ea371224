import type { StudyMove } from '@negatoscope/contract';
import { type Person, seesIdentity } from '../../access/index.ts';
import { findMoves, type MoveRow } from '../../archive/lifecycle/moves.ts';
import { personOfParts, type StudyRow } from '../../archive/records/study-rows.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { endOf, type MoveDeps } from './moves.ts';

/** The moves of a study, the latest first. */
export async function listMoves({ clock }: MoveDeps, tx: ReadTx, actor: Person, study: StudyRow): Promise<StudyMove[]> {
  const rows = await findMoves(tx, study.id);
  const identity = seesIdentity(actor);
  return rows.map((row, index) => ({
    id: row.id,
    from: personOf(row, 'from', identity),
    to: personOf(row, 'to', identity),
    by: identity ? personOfParts(row.by) : null,
    movedAt: row.moved_at.toISOString(),
    undoneAt: row.undone_at?.toISOString() ?? null,
    undoUntil: index === 0 && row.undone_at === null && endOf(row) > clock.now() ? endOf(row).toISOString() : null,
  }));
}

function personOf(row: MoveRow, side: 'from' | 'to', identity: boolean): StudyMove['from'] {
  const person = row[side];
  if (person === null) return null;
  const { id, recordNumber, lastName, firstName } = person;
  return identity ? { id, recordNumber, lastName, firstName } : { id, recordNumber, lastName: recordNumber, firstName: '' };
}
