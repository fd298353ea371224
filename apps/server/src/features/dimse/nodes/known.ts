import { NOTHING } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import { comesFrom, nearnessOf, type Resolve } from './addresses.ts';
import { findByTitle, type NodeRow, nodeById, noteSeen } from './repository.ts';

/** A node that is speaking, as far as it matters to who listens. */
export interface KnownNode {
  readonly id: string;
  readonly aeTitle: string;
  readonly host: string;
  readonly groupId: string | null;
  readonly mayStore: boolean;
  readonly mayQuery: boolean;
}

const nodeOf = ({ id, ae_title, host, group_id, may_store, may_query }: NodeRow): KnownNode => ({
  id,
  aeTitle: ae_title,
  host,
  groupId: group_id,
  mayStore: may_store,
  mayQuery: may_query,
});

interface Looking {
  readonly db: Db;
  readonly clock: Clock;
  readonly resolve: Resolve;
}

async function lookUp({ db, resolve }: Looking, aeTitle: string, remoteAddress: string): Promise<NodeRow | undefined> {
  const rows = await db.reading(NOTHING, (tx) => findByTitle(tx, aeTitle));
  for (const row of rows.sort((one, other) => nearnessOf(other.host) - nearnessOf(one.host)))
    if (await comesFrom(row.host, remoteAddress, resolve)) return row;
  return undefined;
}

/** The node that calls itself so and comes from where it is known to be, the nearest of several; undefined for everybody else. */
export async function findKnown(looking: Looking, aeTitle: string, remoteAddress: string): Promise<KnownNode | undefined> {
  const row = await lookUp(looking, aeTitle, remoteAddress);
  if (row === undefined) return undefined;
  await looking.db.withScope(NOTHING, (tx) => noteSeen(tx, row.id, looking.clock.now()));
  return nodeOf(row);
}

/** The same of one that was sent away: it does not count as seen. */
export const nodeIdOf = async (looking: Looking, aeTitle: string, remoteAddress: string): Promise<string | undefined> =>
  (await lookUp(looking, aeTitle, remoteAddress))?.id;

/**
 * What a node may do now, long after it associated: what an administrator changed counts at once. Undefined for one that was taken away, or is known by another
 * title, host or group than it associated with: it is to associate anew.
 */
export async function recall(db: Db, node: KnownNode): Promise<KnownNode | undefined> {
  const [[row] = []] = await db.asking(NOTHING, [nodeById(node.id)]);
  if (row === undefined) return undefined;
  const now = nodeOf(row);
  return now.aeTitle === node.aeTitle && now.host === node.host && now.groupId === node.groupId ? now : undefined;
}
