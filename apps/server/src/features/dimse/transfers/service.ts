import type {
  BodyOf,
  listTransfers,
  listUsableNodes,
  QueryOf,
  ResultOf,
  retrieveStudies,
  sendStudies,
  Transfer,
  TransferDetails,
} from '@negatoscope/contract';
import { staffName } from '@negatoscope/contract/person-name';
import { can, hasArm, mayFill, type Person, requirePermission, scopeOf, seesIdentity } from '../../../access/index.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { instancesOfStudy } from '../../../archive/records/for-nodes.ts';
import { requireStudyToWrite } from '../../../archive/records/studies.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor } from '../../../kernel/list.ts';
import type { Db, ReadTx, Tx } from '../../../platform/db/database.ts';
import type { Queue } from '../../../platform/queue/queue.ts';
import type { TlsFiles } from '../../../platform/tls/files.ts';
import type { Audit } from '../../audit/index.ts';
import { RUN_TRANSFERS } from '../job-kinds.ts';
import { NEEDED } from './ports.ts';
import * as repository from './repository.ts';
import type { SearchLimits } from './search-limits.ts';
import { beginAgain, wishCancelled } from './work-repository.ts';

export interface TransferDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'send'>;
  readonly searches: SearchLimits;
  /** In whose name nodes are asked. */
  readonly own: { readonly aeTitle: string; readonly tls?: TlsFiles };
}

/** Instances of one sending. */
const MOST_INSTANCES = 50_000;
const MOST_PROBLEMS = 100;

/** What was sent and fetched names studies as their files do, and what nodes said of them: for who sees whose they are. */
const whose = (actor: Person) => {
  const sees = seesIdentity(actor);
  return { all: sees && hasArm(scopeOf(actor), 'all'), userId: sees ? actor.userId : null };
};

export async function usable({ db }: TransferDeps, actor: Person): Promise<ResultOf<typeof listUsableNodes>> {
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, (tx) => repository.usableNodes(tx, scope));
  const items = rows.map(({ id, name, may_be_asked, takes_studies }) => ({
    ...{ id, name, mayBeAsked: may_be_asked && can(actor, 'nodes.query') },
    takesStudies: takes_studies && can(actor, 'studies.send'),
  }));
  return { items: items.filter(({ mayBeAsked, takesStudies }) => mayBeAsked || takesStudies) };
}

/** A node of the scope that may be asked. Fails with NOT_FOUND. */
export async function requireAsked(tx: ReadTx, actor: Person, id: string): Promise<repository.UsableNodeRow> {
  const node = await repository.usableNode(tx, scopeOf(actor), id);
  if (node?.may_be_asked !== true) throw notFound();
  return node;
}

function transferOf(row: repository.TransferRow): Transfer {
  const { user_id: userId, first_name, last_name } = row;
  return {
    id: row.id,
    kind: row.kind,
    node: { id: row.node_id, name: row.node_name },
    status: row.status,
    isStopping: row.status === 'RUNNING' && row.is_cancelled,
    code: row.code,
    studies: row.studies ?? 0,
    total: row.total,
    done: row.done ?? 0,
    warned: row.warned ?? 0,
    failed: row.failed ?? 0,
    by: userId === null ? null : { id: userId, name: staffName({ lastName: last_name ?? '', firstName: first_name ?? '' }) },
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    nextTryAt: row.status === 'WAITING' ? (row.next_at?.toISOString() ?? null) : null,
  };
}

async function requireTransfer(tx: ReadTx, actor: Person, id: string): Promise<repository.TransferRow> {
  const row = await repository.findTransfer(tx, whose(actor), id);
  if (row === undefined) throw notFound();
  return row;
}

interface Wanted {
  readonly kind: Transfer['kind'];
  readonly nodeId: string;
  readonly groupId: string | null;
  readonly items: readonly repository.NewItem[];
}

const tokenOf = ({ via, sessionId }: Person): string | null => (via === 'token' ? sessionId : null);

/** Keeps what is wanted and sends its job, in the transaction of its event. */
async function begin({ clock, queue }: TransferDeps, tx: Tx, actor: Person, { items, ...wanted }: Wanted): Promise<string> {
  const id = newId();
  const { userId, permissions } = actor;
  const asker = { userId, tokenId: tokenOf(actor), permissions: [...permissions] };
  await repository.insertTransfer(tx, { ...wanted, ...asker, id, now: clock.now() });
  await repository.insertItems(tx, id, items);
  await queue.send(RUN_TRANSFERS, {}, tx);
  return id;
}

async function told(tx: ReadTx, actor: Person, id: string): Promise<Transfer> {
  const row = await repository.findTransfer(tx, whose(actor), id);
  if (row === undefined) throw new BrokenInvariant('A transfer that was begun is not there.');
  return transferOf(row);
}

/** Into which group: the main one, another of one's own, or any where one sees all. Fails as an import does. */
async function groupFor(tx: ReadTx, actor: Person, named: string | null | undefined): Promise<string | null> {
  if (named === undefined) return actor.groupId;
  if (mayFill(actor, named)) return named;
  if (!hasArm(scopeOf(actor), 'all')) throw new Failure('FORBIDDEN');
  if (named !== null && !(await groupExists(tx, named))) throw notFound();
  return named;
}

/** Fails with NOT_FOUND for a node or group out of scope, FORBIDDEN for another group than one's own. */
export async function retrieve(
  deps: TransferDeps,
  actor: Person,
  { id: nodeId, body }: { readonly id: string; readonly body: BodyOf<typeof retrieveStudies> },
): Promise<Transfer> {
  requirePermission(actor, 'imports.create');
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const node = await requireAsked(tx, actor, nodeId);
    const groupId = await groupFor(tx, actor, body.groupId);
    const studies = new Map(body.studies.map((study) => [study.studyInstanceUid, study.instances ?? null]));
    const items = [...studies].map(([studyInstanceUid, total]) => ({
      studyInstanceUid,
      sopInstanceUid: null,
      instanceId: null,
      total,
    }));
    const id = await begin(deps, tx, actor, { kind: 'RETRIEVE', nodeId: node.id, groupId, items });
    await deps.audit.record(tx, {
      ...{ action: 'dicom-node.retrieve', actor, entityType: 'dicom-node', entityId: node.id, groupId },
      details: { transferId: id, studies: [...studies.keys()] },
    });
    return told(tx, actor, id);
  });
}

/** Fails with NOT_FOUND for a node or study out of scope, OPEN_FOR_READING, AMBIGUOUS_UID as a study does, UNPROCESSABLE for nothing or too much. */
export async function send(
  deps: TransferDeps,
  actor: Person,
  { id: nodeId, body }: { readonly id: string; readonly body: BodyOf<typeof sendStudies> },
): Promise<Transfer> {
  const scope = scopeOf(actor);
  return deps.db.withScope(scope, async (tx) => {
    const node = await repository.usableNode(tx, scope, nodeId);
    if (node?.takes_studies !== true) throw notFound();
    const items: repository.NewItem[] = [];
    const events = [];
    for (const { studyInstanceUid, groupId } of body.studies) {
      const study = await requireStudyToWrite(tx, actor, studyInstanceUid, groupId);
      const rows = await instancesOfStudy(tx, scope, study.id, MOST_INSTANCES + 1);
      items.push(
        ...rows.map((row) => ({ studyInstanceUid, sopInstanceUid: row.sop_instance_uid, instanceId: row.id, total: null })),
      );
      const of = { entityType: 'study', entityId: study.id, patientId: study.patient_id, groupId: study.group_id };
      events.push({
        action: 'study.sent',
        actor,
        ...of,
        details: { nodeId: node.id, sentTo: node.name, instances: rows.length },
      } as const);
    }
    if (items.length === 0 || items.length > MOST_INSTANCES)
      throw new Failure('UNPROCESSABLE', { detail: `From 1 to ${MOST_INSTANCES} instances can be sent at a time.` });
    const id = await begin(deps, tx, actor, { kind: 'SEND', nodeId: node.id, groupId: null, items });
    await deps.audit.recordAll(
      tx,
      events.map((event) => ({ ...event, details: { ...event.details, transferId: id } })),
    );
    return told(tx, actor, id);
  });
}

export async function list(
  { db }: TransferDeps,
  actor: Person,
  { cursor, limit }: QueryOf<typeof listTransfers>,
): Promise<ResultOf<typeof listTransfers>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, anInstant, aUuid);
  return db.reading(scopeOf(actor), async (tx) => {
    const rows = await repository.listOfTransfers(tx, whose(actor), { after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const total = (await repository.countTransfers(tx, whose(actor)))?.n ?? 0;
    const nextCursor = last === undefined ? null : encodeCursor([last.created_at.toISOString(), last.id]);
    return { items: page.map(transferOf), nextCursor, total, totalIsExact: true };
  });
}

/** Fails with NOT_FOUND. */
export const read = ({ db }: TransferDeps, actor: Person, id: string): Promise<TransferDetails> =>
  db.reading(scopeOf(actor), async (tx) => {
    const row = await requireTransfer(tx, actor, id);
    const problems = (await repository.problemsOf(tx, id, MOST_PROBLEMS)).map((item) => ({
      studyInstanceUid: item.study_instance_uid,
      sopInstanceUid: item.sop_instance_uid,
      outcome: item.outcome,
      code: item.code,
      status: item.status,
      comment: item.comment,
    }));
    return { ...transferOf(row), problems };
  });

/** What has ended stays as it is. Fails with NOT_FOUND, FORBIDDEN for who may not begin one: a token that only reads stops nothing. */
export const cancel = ({ db, audit, clock }: TransferDeps, actor: Person, id: string): Promise<Transfer> =>
  db.withScope(scopeOf(actor), async (tx) => {
    const { kind } = await requireTransfer(tx, actor, id);
    for (const permission of NEEDED[kind]) requirePermission(actor, permission);
    if ((await wishCancelled(tx, id, clock.now())) > 0)
      await audit.record(tx, { action: 'dicom-transfer.cancelled', actor, entityType: 'dicom-transfer', entityId: id });
    return told(tx, actor, id);
  });

/** Fails with NOT_FOUND, FORBIDDEN for who may not begin one, CONFLICT where there is nothing to be tried again. */
export const retry = ({ db, audit, queue }: TransferDeps, actor: Person, id: string): Promise<Transfer> =>
  db.withScope(scopeOf(actor), async (tx) => {
    const { kind, user_id: userId } = await requireTransfer(tx, actor, id);
    for (const permission of NEEDED[kind]) requirePermission(actor, permission);
    // It goes on with the rights of whose it is.
    const asker = userId === actor.userId ? { permissions: [...actor.permissions], tokenId: tokenOf(actor) } : undefined;
    if (!(await beginAgain(tx, id, asker)))
      throw new Failure('CONFLICT', { detail: 'Nothing of it failed, or it has not ended.' });
    await queue.send(RUN_TRANSFERS, {}, tx);
    await audit.record(tx, { action: 'dicom-transfer.retried', actor, entityType: 'dicom-transfer', entityId: id });
    return told(tx, actor, id);
  });
