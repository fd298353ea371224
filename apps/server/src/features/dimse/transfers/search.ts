import type { FoundStudy, NodeQuery, studiesHere as operation, ResultOf, SearchEnd } from '@negatoscope/contract';
import { STATUS, statusKind } from '@negatoscope/dimse';
import { type Person, scopeOf } from '../../../access/index.ts';
import { studiesHere } from '../../../archive/records/for-nodes.ts';
import { askedOf } from '../ask/asked.ts';
import { codeOfStatus } from '../log/codes.ts';
import { addEvent } from '../log/repository.ts';
import { foundStudy } from './found.ts';
import { codeOf } from './ports.ts';
import { Querying } from './query.ts';
import type { UsableNodeRow } from './repository.ts';
import { keysOf } from './search-keys.ts';
import { requireAsked, type TransferDeps } from './service.ts';

/** Studies of one search; what is more is not asked for. */
const MOST_FOUND = 500;
const event = (name: 'study' | 'end', data: FoundStudy | SearchEnd): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * Looks for studies at a node and tells them as they come, as server-sent events, each with what of it is here already. Whoever goes away makes the node stop.
 * Fails with NOT_FOUND and RATE_LIMITED before the first; what fails then is the last event. The journal has it before the node is asked.
 */
export async function search(
  deps: TransferDeps,
  actor: Person,
  { id, query, signal }: { readonly id: string; readonly query: NodeQuery; readonly signal: AbortSignal },
): Promise<AsyncGenerator<string>> {
  const node = await deps.db.reading(scopeOf(actor), (tx) => requireAsked(tx, actor, id));
  const leave = await deps.searches.begin(actor.userId);
  // An answer that nobody begins to read comes to no end of its own.
  signal.addEventListener('abort', leave, { once: true });
  try {
    await deps.audit.note({
      ...{ action: 'dicom-node.searched', actor, entityType: 'dicom-node', entityId: node.id, groupId: node.group_id },
    });
  } catch (error) {
    leave();
    throw error;
  }
  return placed(searching(deps, actor, { node, query, signal }), leave);
}

async function* placed(events: AsyncGenerator<string>, leave: () => void): AsyncGenerator<string> {
  try {
    yield* events;
  } finally {
    leave();
  }
}

interface Searched {
  readonly node: UsableNodeRow;
  readonly query: NodeQuery;
  /** Nobody waits for it any more. */
  readonly signal: AbortSignal;
}

async function* searching(deps: TransferDeps, actor: Person, { node, query, signal }: Searched): AsyncGenerator<string> {
  const begun = performance.now();
  let found = 0;
  let end: Noted['end'] = { outcome: 'FAILED', code: 'CANCELLED', status: null };
  try {
    const asked = askedOf(node, deps.own);
    const querying = await Querying.open(asked, { patience: PATIENCE });
    const matches = querying.find('STUDY', keysOf(query), { most: MOST_FOUND, signal });
    try {
      let next = await matches.next();
      for (; next.done !== true; next = await matches.next()) {
        const study = foundStudy(next.value);
        if (study === undefined) continue;
        found += 1;
        yield event('study', { ...study, here: await here(deps, actor, study.studyInstanceUid) });
      }
      if (!signal.aborted) end = endOf(next.value);
    } finally {
      await leave(querying, matches, signal);
    }
  } catch (error) {
    if (!signal.aborted) end = { outcome: 'FAILED', code: codeOf(error), status: null };
  } finally {
    await note(deps, actor, node, { end, found, ms: performance.now() - begun });
  }
  yield event('end', { outcome: end.outcome, code: end.code, found });
}

/** A node that was told to stop is let come to its end, for a moment. */
async function leave(querying: Querying, matches: ReturnType<Querying['find']>, signal: AbortSignal): Promise<void> {
  try {
    if (!signal.aborted) await matches.return({ status: STATUS.CANCEL, isCut: true });
    while ((await matches.next()).done !== true);
  } catch {
    // It has ended all the same.
  }
  await querying.release();
}

const PATIENCE = { connectMs: 8_000, answerMs: 60_000 };

function endOf({ status, isCut }: { readonly status: number; readonly isCut: boolean }): Noted['end'] {
  if (isCut) return { outcome: 'MORE', code: null, status };
  const isGood = statusKind(status) === 'success';
  return { outcome: isGood ? 'DONE' : 'FAILED', code: codeOfStatus(status), status };
}

/** As far as one sees it; of several groups the nearest. */
async function here(deps: TransferDeps, actor: Person, studyInstanceUid: string): Promise<FoundStudy['here']> {
  const [found] = (await whatIsHere(deps, actor, [studyInstanceUid])).items;
  return found === undefined ? null : { instances: found.instances, groupId: found.groupId };
}

/** The same of several. */
export async function whatIsHere(
  { db }: TransferDeps,
  actor: Person,
  studyInstanceUids: readonly string[],
): Promise<ResultOf<typeof operation>> {
  const scope = scopeOf(actor);
  const nearest = new Map<
    string,
    { readonly studyInstanceUid: string; readonly instances: number; readonly groupId: string | null }
  >();
  for (const { study_instance_uid: uid, instances, group_id: groupId } of await db.reading(scope, (tx) =>
    studiesHere(tx, scope, studyInstanceUids),
  ))
    if (!nearest.has(uid)) nearest.set(uid, { studyInstanceUid: uid, instances, groupId });
  return { items: [...nearest.values()] };
}

interface Noted {
  readonly end: Omit<SearchEnd, 'found'> & { readonly status: number | null };
  readonly found: number;
  readonly ms: number;
}

/** How it ended is for the log of the node. */
async function note({ db, clock }: TransferDeps, actor: Person, node: UsableNodeRow, ended: Noted): Promise<void> {
  const { found, ms } = ended;
  const { outcome, code, status } = ended.end;
  const isCancelled = code === 'CANCELLED';
  const told = isCancelled ? 'CANCELLED' : outcome === 'FAILED' ? 'FAILED' : 'OK';
  const event = { nodeId: node.id, kind: 'QUERY', isOurs: true, outcome: told, code, status, done: found, ms } as const;
  await db.withScope(scopeOf(actor), (tx) => addEvent(tx, event, clock.now()));
}
