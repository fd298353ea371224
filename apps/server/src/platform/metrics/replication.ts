import type { ReadTx } from '../db/database.ts';

/** Of the replicas that follow the primary now. */
export interface ReplicationFigures {
  readonly replicas: number;
  /** Of those whose answer commits wait for (`synchronous_standby_names`). */
  readonly synchronous: number | undefined;
  /** Of the write-ahead log that the slowest one has not replayed; undefined without replicas, or where the role may not know (`pg_read_all_stats`). */
  readonly lagBytes: number | undefined;
}

export async function readReplication(tx: ReadTx): Promise<ReplicationFigures> {
  // Who lacks pg_read_all_stats is told how many there are, and nothing else. What recovers itself has no position to compare with.
  const row = await tx.first(
    `SELECT count(*)::int AS replicas,
            (count(*) FILTER (WHERE r.sync_state IN ('sync', 'quorum')))::int AS synchronous,
            (max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_lsn() END, r.replay_lsn)))::float8 AS lag_bytes,
            bool_and(r.state IS NOT NULL) AS is_told
       FROM pg_stat_replication r`,
  );
  const isTold = row?.is_told === true;
  return {
    replicas: row?.replicas ?? 0,
    synchronous: isTold ? (row.synchronous ?? undefined) : undefined,
    lagBytes: isTold ? Math.max(0, row.lag_bytes ?? 0) : undefined,
  };
}
