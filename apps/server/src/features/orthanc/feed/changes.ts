import type { OrthancDoubt } from '@negatoscope/contract';
import { NOTHING } from '../../../access/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { type Change, Changes, ORTHANC_ID } from '../client/answers.ts';
import type { OrthancClient } from '../client/client.ts';
import { OrthancFailure } from '../client/failure.ts';
import { noteDoubt } from './doubt.ts';
import { type Anchor, isInOrder, isSame, withAnchor } from './history.ts';
import * as repository from './repository.ts';
import { type TakeTools, take } from './take.ts';

/** How far an Orthanc is followed, as it goes on within a turn. */
export interface Followed {
  readonly id: number;
  epoch: string;
  anchors: readonly Anchor[];
  sweepFrom: number | null;
  compareBegan: Date | null;
  compareFrom: number;
  comparedAt: Date | null;
  knownThere: number;
  doubt: OrthancDoubt | null;
  /** Whether the next comparison holds what it finds. */
  doubtsNext: boolean;
  /** Whether it deletes by itself, or may. */
  readonly recycles: boolean;
}

export interface FollowTools extends TakeTools {
  readonly feed: Followed;
}

/** Changes that are asked for at a time. */
const PAGE = 100;

/**
 * Takes over what the next changes bring; false when there are none. The change that was read last is asked for once more with those that follow it: where another
 * stands in its place, or none, the numbers mean something else than they did.
 */
export async function readChanges(tools: FollowTools, signal: AbortSignal): Promise<boolean> {
  const { client, feed } = tools;
  const [newest] = feed.anchors;
  const { changes: page, last: lastThere } = await changesSince(client, newest === undefined ? 0 : newest.seq - 1, PAGE + 1);
  if (newest !== undefined && !isSame(newest, page[0])) {
    // Nothing is counted twice by one database: it was put back.
    await findPlace(tools, page[0] === undefined ? lastThere < newest.seq : page[0].Seq === newest.seq);
    return true;
  }
  const fresh = newest === undefined ? page : page.slice(1);
  if (fresh.length === 0) return false;
  const ids = [...new Set(fresh.filter(({ ChangeType }) => ChangeType === 'NewInstance').map(({ ID }) => ID))];
  const done = await take(tools, ids, { isAgain: false, signal });
  const stoppedAt = fresh.findIndex(({ ChangeType, ID }) => ChangeType === 'NewInstance' && ID === ids[done]);
  const last = stoppedAt < 0 ? fresh.at(-1) : fresh[stoppedAt - 1];
  if (last === undefined) return false;
  await moveTo(tools, withAnchor(feed.anchors, last));
  return true;
}

interface Page {
  readonly changes: readonly Change[];
  /** The number of the last of them; of an empty page the last number that was given at all. */
  readonly last: number;
}

async function changesSince(client: OrthancClient, since: number, limit: number): Promise<Page> {
  const answer = await client.json(`/changes?since=${since}&limit=${limit}`, Changes);
  const changes = answer?.Changes;
  if (answer === undefined || changes === undefined || !isInOrder(changes, since)) throw new OrthancFailure('BAD_ANSWER');
  if (changes.some(({ ChangeType, ID }) => ChangeType === 'NewInstance' && !ORTHANC_ID.test(ID)))
    throw new OrthancFailure('BAD_ANSWER');
  return { changes, last: answer.Last };
}

async function moveTo({ db, feed }: FollowTools, anchors: readonly Anchor[]): Promise<void> {
  await db.withScope(NOTHING, (tx) => repository.advance(tx, feed.id, { lastSeq: anchors[0]?.seq ?? 0, anchors }));
  feed.anchors = anchors;
}

/**
 * The last change is not there as it was: its resource was deleted, or this is another Orthanc, an emptied one, or one from a backup, whose numbers are used anew.
 * All the same: it goes on from the newest change that still is as it was, and from the first where none is. What is known by its bytes is not taken twice.
 */
async function findPlace(tools: FollowTools, isReused: boolean): Promise<void> {
  const { client, feed, db, log } = tools;
  const [newest] = feed.anchors;
  let isRestored = isReused;
  for (const [index, anchor] of feed.anchors.entries()) {
    const [there] = index === 0 ? [] : (await changesSince(client, anchor.seq - 1, 1)).changes;
    isRestored ||= there?.Seq === anchor.seq && !isSame(anchor, there);
    if (!isSame(anchor, there)) continue;
    if (isRestored) await doubt(tools, 'RESTORED');
    log.info({ from: anchor.seq, read: newest?.seq }, 'the last changes of Orthanc are gone: read again from an earlier one');
    await moveTo(tools, feed.anchors.slice(index));
    return;
  }
  log.warn(
    { read: newest?.seq },
    'Orthanc has none of the changes that were read (emptied, replaced or cleared): read again from the first',
  );
  await doubt(tools, 'REPLACED');
  const epoch = newId();
  await db.withScope(NOTHING, (tx) => repository.beginAgain(tx, feed.id, epoch));
  Object.assign(feed, { epoch, anchors: [], sweepFrom: 0 });
}

/** What is missing there from now on may be missing for another reason than that somebody deleted it. */
async function doubt({ db, feed }: FollowTools, why: OrthancDoubt): Promise<void> {
  await db.withScope(NOTHING, (tx) => noteDoubt(tx, feed.id, why));
  Object.assign(feed, { doubt: why, doubtsNext: true, compareBegan: null, compareFrom: 0 });
}
