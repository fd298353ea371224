import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

/**
 * Who reads every event once, in the order of the chain: how far they are is kept in the database, so that nothing is lost while they or whom they tell is away. One that
 * is new begins with what comes next.
 */
type Follower = 'warnings' | 'syslog';

/** Where a follower is, held until the transaction ends; undefined before it began. */
export const holdPlace = (tx: Tx, name: Follower) =>
  tx.first('SELECT sequence, failing_since FROM audit_followers WHERE name = $1 FOR UPDATE', [name]);

export const beginPlace = (tx: Tx, name: Follower): Promise<number> =>
  tx.run(
    `INSERT INTO audit_followers (name, sequence) SELECT $1, coalesce(max(sequence), 0) FROM audit_chain
     ON CONFLICT (name) DO NOTHING`,
    [name],
  );

export const movePlace = (tx: Tx, name: Follower, sequence: number): Promise<number> =>
  tx.run('UPDATE audit_followers SET sequence = $2, failing_since = NULL WHERE name = $1', [name, sequence]);

export const noteFailing = (tx: Tx, name: Follower, at: Date): Promise<number> =>
  tx.run('UPDATE audit_followers SET failing_since = coalesce(failing_since, $2) WHERE name = $1', [name, at]);

/** An event as followers read it, with the name that its actor has today. */
export type FollowedEvent = FoundBy<typeof findLinked>;

/** Linked events behind a place, in order. One that was removed is missing here: the check of the chain tells of it. */
export const findLinked = (tx: ReadTx, after: number, limit: number) =>
  tx.rows(
    `SELECT c.sequence, e.id, e.occurred_at, e.action, e.outcome, e.actor_id, e.actor, e.session_id, e.entity_type, e.entity_id, e.patient_id, e.group_id,
       e.ip, e.details, u.first_name || ' ' || u.last_name AS actor_name
     FROM audit_chain c JOIN audit_events e ON e.id = c.event_id LEFT JOIN users u ON u.id = e.actor_id
     WHERE c.sequence > $1 ORDER BY c.sequence LIMIT $2`,
    [after, limit],
  );
