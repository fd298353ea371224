import type { ErasureReason } from '@negatoscope/contract';
import { nameOf } from '../../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import type { ErasureEntry } from './entry.ts';

export type ErasureRow = FoundBy<typeof findErasure>;
type WaitingErasure = FoundBy<typeof findWaiting>;

export type { WaitingErasure };

export interface NewErasure {
  readonly id: string;
  readonly records: readonly string[];
  readonly studies: readonly string[];
  readonly marks: readonly Buffer[];
  readonly reason: ErasureReason;
  readonly askedBy: string | null;
  readonly askedAt: Date;
}

/** One that is known already stays as it is. */
export const insertErasure = (tx: Tx, one: NewErasure): Promise<number> =>
  tx.run(
    `INSERT INTO erasures (id, records, studies, marks, reason, asked_by, asked_at) VALUES ($1, $2::uuid[], $3::uuid[], $4::bytea[], $5, $6, $7)
     ON CONFLICT DO NOTHING`,
    [one.id, one.records, one.studies, one.marks, one.reason, one.askedBy, one.askedAt],
  );

const SHOWN =
  `SELECT e.id, e.records, cardinality(e.studies) AS studies, e.reason, (${nameOf('e.asked_by')}) AS by, e.asked_at, e.done_at, e.objects, e.held_at FROM erasures e` as const;

export const findErasure = (tx: ReadTx, id: string) => tx.first(`${SHOWN} WHERE e.id = $1`, [id]);
export const findErasures = (tx: ReadTx, limit: number) =>
  tx.rows(`${SHOWN} ORDER BY e.asked_at DESC, e.id DESC LIMIT $1`, [limit]);

export const findWaiting = (tx: ReadTx) =>
  tx.rows('SELECT id, records, studies, held_at FROM erasures WHERE done_at IS NULL ORDER BY asked_at, id');

/** Whether it still waits; its row is the caller's until the end of the transaction. */
export const lockWaiting = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.first('SELECT id FROM erasures WHERE id = $1 AND done_at IS NULL FOR UPDATE', [id])) !== undefined;

export const markDone = (tx: Tx, id: string, done: { readonly at: Date; readonly objects: number }): Promise<number> =>
  tx.run('UPDATE erasures SET done_at = $2, objects = $3, held_at = NULL WHERE id = $1', [id, done.at, done.objects]);

export const markHeld = (tx: Tx, id: string, at: Date): Promise<number> =>
  tx.run('UPDATE erasures SET held_at = $2 WHERE id = $1 AND held_at IS NULL', [id, at]);

/** Everything that is kept outside of the database. */
export async function findEntries(tx: ReadTx): Promise<ErasureEntry[]> {
  const rows = await tx.rows('SELECT id, records, studies, marks, reason, asked_at FROM erasures ORDER BY asked_at, id');
  return rows.map(({ marks, asked_at, ...row }) => ({
    ...row,
    marks: marks.map((mark) => mark.toString('base64')),
    askedAt: asked_at.toISOString(),
  }));
}

/** Erasures that have one of these marks. */
export const findMarked = (tx: ReadTx, marks: readonly Buffer[]) =>
  tx.rows('SELECT id FROM erasures WHERE marks && $1::bytea[] AND done_at IS NOT NULL', [marks], 'erasures-marked');

export const hasErasures = async (tx: ReadTx): Promise<boolean> =>
  (await tx.first('SELECT 1 AS one FROM erasures LIMIT 1', [])) !== undefined;
