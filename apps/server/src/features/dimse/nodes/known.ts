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
  readonly mayRetrieve: boolean;
  readonly mayWorklist: boolean;
  /** It is refused where it calls without. */
  readonly usesTls: boolean;
}

const nodeOf = ({
  id,
  ae_title,
  host,
  group_id,
  may_store,
  may_query,
  may_retrieve,
  may_worklist,
  uses_tls,
}: NodeRow): KnownNode => ({
  id,
  aeTitle: ae_title,
  host,
  groupId: group_id,
  mayStore: may_store,
  mayQuery: may_query,
  mayRetrieve: may_retrieve,
  mayWorklist: may_worklist,
  usesTls: uses_tls,
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

export interface Calling {
  readonly aeTitle: string;
  readonly remoteAddress: string;
  readonly isSecure: boolean;
}

/**
 * The node that calls itself so and comes from where it is known to be, the nearest of several; undefined for everybody else. Who is to speak by TLS and does not
 * may be somebody else, and is not seen.
 */
export async function findKnown(looking: Looking, calling: Calling): Promise<KnownNode | 'TLS_REQUIRED' | undefined> {
  const row = await lookUp(looking, calling.aeTitle, calling.remoteAddress);
  if (row === undefined) return undefined;
  if (row.uses_tls && !calling.isSecure) return 'TLS_REQUIRED';
  await looking.db.withScope(NOTHING, (tx) => noteSeen(tx, row.id, looking.clock.now()));
  return nodeOf(row);
}

/** The same of one that was sent away: it does not count as seen. */
export const nodeIdOf = async (looking: Looking, aeTitle: string, remoteAddress: string): Promise<string | undefined> =>
  (await lookUp(looking, aeTitle, remoteAddress))?.id;

/** A node as it is now; undefined for one that was taken away. */
export async function readNode(db: Db, id: string): Promise<KnownNode | undefined> {
  const [[row] = []] = await db.asking(NOTHING, [nodeById(id)]);
  return row && nodeOf(row);
}

/**
 * What a node may do now, long after it associated: what an administrator changed counts at once. Undefined for one that was taken away, or is known by another
 * title, host or group than it associated with: it is to associate anew. Fails as `read` does.
 */
export async function recall(
  read: (id: string) => Promise<KnownNode | undefined>,
  node: KnownNode,
): Promise<KnownNode | undefined> {
  const now = await read(node.id);
  return now?.aeTitle === node.aeTitle && now.host === node.host && now.groupId === node.groupId && now.usesTls === node.usesTls
    ? now
    : undefined;
}

/**
 * Where a node may have sent what it retrieves: to the known node of a title in its own group, since what goes there leaves the hands of this server. A title that
 * several have is nobody's, unless it is the node's own; one that is known by a network is reached only by itself, where it speaks from.
 */
export async function findDestination(
  db: Db,
  { node, remoteAddress }: { readonly node: KnownNode; readonly remoteAddress: string },
  aeTitle: string,
): Promise<Pick<NodeRow, 'ae_title' | 'host' | 'port' | 'uses_tls' | 'tls_fingerprint'> | undefined> {
  const rows = (await db.reading(NOTHING, (tx) => findByTitle(tx, aeTitle))).filter((row) => row.group_id === node.groupId);
  const found = rows.find((row) => row.id === node.id) ?? (rows.length === 1 ? rows[0] : undefined);
  if (found === undefined) return undefined;
  const host = !found.host.includes('/') ? found.host : found.id === node.id ? remoteAddress : undefined;
  return host === undefined ? undefined : { ...found, host };
}
