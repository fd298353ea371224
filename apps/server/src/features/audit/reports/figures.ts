import type { ReadTx } from '../../../platform/db/database.ts';
import { findCheck } from '../check/state.ts';
import { TAKEN_OUT } from '../warnings/counted.ts';
import * as repository from './repository.ts';

/** What a report keeps: ids and counts, never a name. */
export interface Figures {
  readonly events: number;
  readonly people: readonly {
    readonly actorId: string;
    readonly events: number;
    readonly patients: number;
    readonly takenOut: number;
    readonly denied: number;
    readonly failed: number;
  }[];
  /** Each kind of event of each actor; `actor` is a service or a link, both null where nobody is known. */
  readonly rows: readonly {
    readonly actorId: string | null;
    readonly actor: string | null;
    readonly action: string;
    readonly outcome: string;
    readonly events: number;
    readonly patients: number;
  }[];
  readonly warnings: { readonly raised: number; readonly acknowledged: number; readonly open: number };
  /** Whether the chain held when it was last checked, as the report was made; null before the first time. */
  readonly chainHolds: boolean | null;
}

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
