import type { ReadTx } from '../../../platform/db/database.ts';
import { findCheck } from '../check/state.ts';
import { TAKEN_OUT } from '../warnings/counted.ts';
import type { Figures } from './kept.ts';
import * as repository from './repository.ts';

export async function figuresOf(tx: ReadTx, from: Date, to: Date): Promise<Figures> {
  const rows = await repository.countRows(tx, from, to);
  const people = await repository.countPeople(tx, from, to, TAKEN_OUT);
  const warnings = await repository.countWarnings(tx, from, to);
  const check = await findCheck(tx);
  return {
    events: rows.reduce((sum, { events }) => sum + events, 0),
    people: people.map(({ actor_id, taken_out: takenOut, ...counts }) => ({ actorId: actor_id ?? '', takenOut, ...counts })),
    rows: rows.map(({ actor_id: actorId, ...row }) => ({ actorId, ...row })),
    warnings: warnings ?? { raised: 0, acknowledged: 0, open: 0 },
    chainHolds: check?.checked_at == null ? null : check.problem === null,
  };
}
