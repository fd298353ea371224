import type { ReadTx, Tx } from '../../platform/db/database.ts';

/**
 * Until the end of the transaction nothing is added, changed or removed. Fails with 55P03 after 0.4 s: before PostgreSQL, which looks for deadlocks
 * after a second, could end an import instead.
 */
export async function holdRecords(tx: Tx): Promise<void> {
  await tx.rows("SELECT set_config('lock_timeout', '400ms', true)");
  await tx.run('LOCK TABLE patients, studies, series, instances IN SHARE MODE');
}

/** How many there are of each, in the trash as well. */
export const countRecords = (tx: ReadTx) =>
  tx.first(
    `SELECT (SELECT count(*) FROM patients) AS patients, (SELECT count(*) FROM studies) AS studies, (SELECT count(*) FROM series) AS series,
       (SELECT count(*) FROM instances) AS instances`,
  );
