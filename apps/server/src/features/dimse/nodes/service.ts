import type {
  BodyOf,
  createNode,
  DicomNode,
  listCallers,
  listNodeFigures,
  listNodeLog,
  listNodes,
  NodeTrial,
  QueryOf,
  ResultOf,
  updateNode,
} from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Db, Tx } from '../../../platform/db/database.ts';
import { isUniqueViolation } from '../../../platform/db/sql-state.ts';
import type { TlsFiles } from '../../../platform/tls/files.ts';
import type { Audit } from '../../audit/index.ts';
import { askedOf } from '../ask/asked.ts';
import { askForEcho } from '../ask/echo.ts';
import { codeOfFailed } from '../log/codes.ts';
import type { NodeEvent } from '../log/events.ts';
import { addEvent, findCallers } from '../log/repository.ts';
import { callerOf, readFigures, readLog, stateOfListener } from '../log/service.ts';
import { comesFrom } from './addresses.ts';
import * as repository from './repository.ts';

export interface NodeDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Where this server listens, and what it is called; port 0 is nowhere. */
  readonly listening: { readonly aeTitle: string; readonly host: string; readonly port: number; readonly tls?: TlsFiles };
}

const nodeOf = (row: repository.NodeRow): DicomNode => ({
  id: row.id,
  name: row.name,
  aeTitle: row.ae_title,
  host: row.host,
  port: row.port,
  mayStore: row.may_store,
  mayQuery: row.may_query,
  mayRetrieve: row.may_retrieve,
  mayWorklist: row.may_worklist,
  mayBeAsked: row.may_be_asked,
  takesStudies: row.takes_studies,
  usesTls: row.uses_tls,
  tlsFingerprint: row.tls_fingerprint,
  groupId: row.group_id,
  version: row.version,
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  updatedAt: row.updated_at.toISOString(),
});

export async function list({ db, clock, listening }: NodeDeps, actor: Person): Promise<ResultOf<typeof listNodes>> {
  const { rows, state } = await db.reading(scopeOf(actor), async (tx) => ({
    rows: await repository.findNodes(tx),
    state: await stateOfListener(tx, clock),
  }));
  const { aeTitle, host, port, tls } = listening;
  const tlsPort = tls?.port ?? null;
  const isMeantTo = port !== 0 || tlsPort !== null;
  return { items: rows.map(nodeOf), listening: isMeantTo ? { aeTitle, host, port, tlsPort, ...state } : null };
}

/** Fails with NOT_FOUND, BAD_CURSOR. */
export const logOf = (
  { db }: NodeDeps,
  actor: Person,
  { id, query }: { readonly id: string; readonly query: QueryOf<typeof listNodeLog> },
): Promise<ResultOf<typeof listNodeLog>> =>
  db.reading(scopeOf(actor), async (tx) => {
    if ((await repository.findNode(tx, id)) === undefined) throw notFound();
    return readLog(tx, id, query);
  });

export const figures = ({ db, clock }: NodeDeps, actor: Person, days: number): Promise<ResultOf<typeof listNodeFigures>> =>
  db.reading(scopeOf(actor), (tx) => readFigures(tx, clock, days));

/** Who called and is not known; who was made known since is no stranger any more. Names of hosts are not asked for: it is a list. */
export async function callers({ db }: NodeDeps, actor: Person): Promise<ResultOf<typeof listCallers>> {
  const { rows, nodes } = await db.reading(scopeOf(actor), async (tx) => ({
    rows: await findCallers(tx),
    nodes: await repository.findNodes(tx),
  }));
  const items = [];
  for (const caller of rows.map(callerOf)) {
    const named = caller.callingAet === '' ? [] : nodes.filter(({ ae_title }) => ae_title === caller.callingAet);
    const known = await Promise.all(named.map(({ host }) => comesFrom(host, caller.address, async () => [])));
    if (!known.includes(true)) items.push(caller);
  }
  return { items };
}

type Change = 'created' | 'updated' | 'removed' | 'restored';

/** What the journal says of a node, so that it can be read when the node is another or gone. */
const addressOf = ({ aeTitle, host, port }: DicomNode) => ({ aeTitle, host, port });

/** One change with its event. Fails with NAME_TAKEN where a node of the same title and host is known already. */
async function change(
  { db, audit }: NodeDeps,
  { actor, action }: { readonly actor: Person; readonly action: Change },
  work: (tx: Tx) => Promise<DicomNode>,
): Promise<DicomNode> {
  try {
    return await db.withScope(scopeOf(actor), async (tx) => {
      const node = await work(tx);
      const { id: entityId, groupId } = node;
      const details = addressOf(node);
      await audit.record(tx, { action: `dicom-node.${action}`, actor, entityType: 'dicom-node', entityId, groupId, details });
      return node;
    });
  } catch (error) {
    throw isUniqueViolation(error) ? new Failure('NAME_TAKEN') : error;
  }
}

async function requireGroup(tx: Tx, groupId: string | null): Promise<void> {
  if (groupId !== null && !(await groupExists(tx, groupId))) throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
}

/** Fails with UNPROCESSABLE for an unknown group, NAME_TAKEN as `change` does. */
export const create = (deps: NodeDeps, actor: Person, body: BodyOf<typeof createNode>): Promise<DicomNode> =>
  change(deps, { actor, action: 'created' }, async (tx) => {
    await requireGroup(tx, body.groupId);
    const row = await repository.insertNode(tx, { ...body, id: newId(), now: deps.clock.now() });
    if (row === undefined) throw new BrokenInvariant('A node that was made known is not there.');
    return nodeOf(row);
  });

/** Fails as `create` does, with NOT_FOUND, and with STALE_UPDATE for what was changed since. */
export const update = (deps: NodeDeps, actor: Person, id: string, body: BodyOf<typeof updateNode>): Promise<DicomNode> =>
  change(deps, { actor, action: 'updated' }, async (tx) => {
    if ((await repository.findNode(tx, id)) === undefined) throw notFound();
    await requireGroup(tx, body.groupId);
    const row = await repository.updateNode(tx, { ...body, id, now: deps.clock.now() });
    if (row === undefined) throw new Failure('STALE_UPDATE');
    return nodeOf(row);
  });

export async function remove(deps: NodeDeps, actor: Person, id: string): Promise<void> {
  await change(deps, { actor, action: 'removed' }, async (tx) => {
    const row = await repository.removeNode(tx, id, deps.clock.now());
    if (row === undefined) throw notFound();
    return nodeOf(row);
  });
}

export const restore = (deps: NodeDeps, actor: Person, id: string): Promise<DicomNode> =>
  change(deps, { actor, action: 'restored' }, async (tx) => {
    const row = await repository.restoreNode(tx, id, deps.clock.now());
    if (row === undefined) throw notFound();
    return nodeOf(row);
  });

/** Asks a node for an echo, in the name of this server. Fails with NOT_FOUND. */
export async function tryOut({ db, audit, clock, listening }: NodeDeps, actor: Person, id: string): Promise<NodeTrial> {
  const row = await db.reading(scopeOf(actor), (tx) => repository.findNode(tx, id));
  if (row === undefined) throw notFound();
  const node = nodeOf(row);
  const { outcome, reason, ms } = await askForEcho(askedOf(row, listening));
  const details = { ...addressOf(node), outcome };
  await audit.note({ action: 'dicom-node.tried', actor, entityType: 'dicom-node', entityId: id, details });
  const event = eventOfTrial(id, { outcome, reason, ms });
  await db.withScope(scopeOf(actor), (tx) => addEvent(tx, event, clock.now()));
  return { outcome, reason, ms };
}

function eventOfTrial(nodeId: string, { outcome, reason, ms }: NodeTrial): NodeEvent {
  const base = { nodeId, kind: 'ECHO', isOurs: true, ms } as const;
  if (outcome === 'OK') return { ...base, outcome: 'OK', code: null, done: 1 };
  const told = outcome === 'REFUSED' ? 'REFUSED' : 'FAILED';
  return { ...base, outcome: told, code: codeOfFailed(outcome, reason), failed: 1 };
}
