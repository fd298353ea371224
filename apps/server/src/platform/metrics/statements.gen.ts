// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import '../db/statements.ts';

declare module '../db/statements.ts' {
  interface Statements {
    // replication.ts
    'SELECT count(*)::int AS replicas,\n            (count(*) FILTER (WHERE r.sync_state IN (\'sync\', \'quorum\')))::int AS synchronous,\n            (max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_lsn() END, r.replay_lsn)))::float8 AS lag_bytes,\n            bool_and(r.state IS NOT NULL) AS is_told\n       FROM pg_stat_replication r': { values: readonly []; row: { replicas: number; synchronous: number; lag_bytes: number | null; is_told: boolean | null } };
  }
}
