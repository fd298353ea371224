import type { ReadTx, Tx } from '../../platform/db/database.ts';

/** Series after the id `after` of which nobody has looked whether images of them carry neither name nor birth date. */
export const seriesToLookAt = (tx: ReadTx, after: string | null, limit: number) =>
  tx.rows(
    `SELECT s.id, s.study_id, t.patient_id FROM series s JOIN studies t ON t.id = s.study_id
     WHERE NOT s.nameless_known AND ($1::uuid IS NULL OR s.id > $1) ORDER BY s.id LIMIT $2`,
    [after, limit],
  );

/** Keeps what was found of a series; images that came meanwhile have said theirs. */
export const noteNameless = (tx: Tx, id: string, isNameless: boolean): Promise<number> =>
  tx.run('UPDATE series SET nameless = nameless OR $2, nameless_known = true WHERE id = $1', [id, isNameless]);
