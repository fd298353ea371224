import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

/** How far the chain was checked, and what was found. */
export type CheckRow = FoundBy<typeof findCheck>;

export const findCheck = (tx: ReadTx) => tx.first('SELECT * FROM audit_checks');

export const beginChecks = (tx: Tx): Promise<number> =>
  tx.run('INSERT INTO audit_checks (single) VALUES (true) ON CONFLICT DO NOTHING');

/** Where somebody stands in the chain. */
export interface Place {
  readonly sequence: number;
  /** Of the link there; null at the beginning. */
  readonly hash: Buffer | null;
}

export const noteChecked = (tx: Tx, { sequence, hash }: Place, at: Date): Promise<number> =>
  tx.run('UPDATE audit_checks SET sequence = $1, hash = $2, checked_at = $3', [sequence, hash, at]);

export interface Pass extends Place {
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export const notePass = (tx: Tx, { sequence, hash, startedAt, endedAt }: Pass): Promise<number> =>
  tx.run('UPDATE audit_checks SET pass_sequence = $1, pass_hash = $2, pass_started_at = $3, pass_ended_at = $4', [
    ...([sequence, hash, startedAt, endedAt] as const),
  ]);

export interface Bad {
  /** The first sequence that does not hold; null for what is wrong with none in particular. */
  readonly at: number | null;
  readonly problem: string;
}

export const noteBad = (tx: Tx, { at, problem }: Bad, event: string | null, now: Date): Promise<number> =>
  tx.run('UPDATE audit_checks SET bad_sequence = $1, problem = $2, bad_event = $3, found_at = $4, told_at = NULL', [
    ...([at, problem, event, now] as const),
  ]);

export const noteGood = (tx: Tx): Promise<number> =>
  tx.run('UPDATE audit_checks SET bad_sequence = NULL, problem = NULL, bad_event = NULL, found_at = NULL, told_at = NULL');

export const noteTold = (tx: Tx, now: Date): Promise<number> => tx.run('UPDATE audit_checks SET told_at = $1', [now]);

export const findEventAt = (tx: ReadTx, sequence: number) =>
  tx.first('SELECT event_id FROM audit_chain WHERE sequence = $1', [sequence]);
