import type { Tx } from '../db/database.ts';
import type { Channel } from './port.ts';

/**
 * Tells every process of changes that a transaction makes, once it is committed. It is the transaction that tells, whatever carries it to the processes: what
 * commits and what is told must not come apart.
 */
export async function announce(tx: Tx, channel: Channel, payloads: readonly string[]): Promise<void> {
  await tx.rows('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS p(payload)', [channel, payloads], 'announce');
}
