import { NOTHING } from '../../../access/index.ts';
import { NamedInstance } from '../client/answers.ts';
import { listInstances } from '../client/list.ts';
import { mayRecycleNow } from '../client/system.ts';
import type { FollowTools } from '../feed/changes.ts';
import { holdTold } from '../feed/doubt.ts';
import { findKnown } from '../feed/repository.ts';
import { take } from '../feed/take.ts';
import { doubtOf } from './doubt.ts';
import * as repository from './repository.ts';

export interface CompareTools extends FollowTools {
  /** Does what is to be done about what is missing and was so before a moment; not more than some of it. */
  readonly settle: (feedId: number, before: Date) => Promise<void>;
}

/** So often, and a large one more rarely: each time all names are asked for. */
const EVERY_MS = 5 * 60_000;
const LARGE = 100_000;
const PAGE = 1_000;
/** Asked for one by one before they are told to be missing, so many and so long; the others are with the next comparison. */
const MOST_ASKED = 2_000;
const ASKING_MS = 10_000;
const DAY_MS = 24 * 3_600_000;

const isDue = ({ comparedAt, knownThere }: FollowTools['feed'], now: Date): boolean =>
  comparedAt === null || Math.abs(now.getTime() - comparedAt.getTime()) >= EVERY_MS * Math.max(1, knownThere / LARGE);

/**
 * Compares what Orthanc holds with what came from it or was sent there, a page of its list at a time: what it has and nobody told of is taken over, what it had and
 * has no more is told. False when there is nothing more to be compared for now.
 */
export async function compare(tools: CompareTools, signal: AbortSignal): Promise<boolean> {
  const { client, db, clock, feed } = tools;
  const now = clock.now();
  if (feed.compareBegan === null) {
    if (!isDue(feed, now)) return false;
    await db.withScope(NOTHING, (tx) => repository.begin(tx, feed.id, now));
    Object.assign(feed, { compareBegan: now, compareFrom: 0 });
  }
  const ids = await listInstances(client, feed.compareFrom, PAGE);
  if (ids.length === 0) return finish(tools, feed.compareBegan ?? now);
  if (!(await takeUnknown(tools, ids, signal))) return false;
  const from = feed.compareFrom + ids.length;
  await db.withScope(NOTHING, async (tx) => {
    await repository.noteListed(tx, feed.id, ids, clock.now());
    await repository.goOn(tx, feed.id, from);
  });
  feed.compareFrom = from;
  return true;
}

/** False where some were not dealt with. */
async function takeUnknown(tools: CompareTools, ids: readonly string[], signal: AbortSignal): Promise<boolean> {
  const { db, log, feed } = tools;
  const known = await db.reading(NOTHING, (tx) => findKnown(tx, feed.id, ids));
  const here = new Set(known.filter(({ in_trash }) => in_trash !== true).map(({ orthanc_id }) => orthanc_id));
  const unknown = ids.filter((id) => !here.has(id));
  if (unknown.length === 0) return true;
  log.info({ instances: unknown.length }, 'Orthanc has instances that no change told of: they are taken over');
  return (await take(tools, unknown, { isAgain: false, signal })) === unknown.length;
}

async function finish(tools: CompareTools, began: Date): Promise<boolean> {
  const { db, clock, feed, log } = tools;
  const now = clock.now();
  const since = new Date(now.getTime() - DAY_MS);
  const {
    known = 0,
    unlisted = 0,
    lately = 0,
    due = 0,
  } = (await db.reading(NOTHING, (tx) => repository.countThere(tx, feed.id, began, since))) ?? {};
  const told = feed.doubtsNext ? feed.doubt : null;
  const recycles = feed.recycles || (unlisted + due > 0 && (await mayRecycleNow(tools.client)));
  const doubt = doubtOf({ told, recycles, due, known, unlisted, lately });
  const missing = doubt === undefined ? await askedFor(tools, began) : [];
  await db.withScope(NOTHING, async (tx) => {
    if (doubt !== undefined) {
      await repository.holdUnlisted(tx, feed.id, began, now);
      await holdTold(tx, feed.id);
    }
    await repository.noteMissing(tx, feed.id, missing, { missing: 'told', now });
    await repository.end(tx, feed.id, { now, there: known - unlisted, doubt });
  });
  if (doubt !== undefined)
    log.warn(
      { doubt, missing: unlisted, known },
      'nothing is done about what is missing in Orthanc: it may be more than deleted',
    );
  else if (missing.length > 0) log.warn({ missing: missing.length, known }, 'instances are missing in Orthanc that were there');
  Object.assign(feed, { compareBegan: null, compareFrom: 0, comparedAt: now, knownThere: known - unlisted, doubtsNext: false });
  await tools.settle(feed.id, began);
  return false;
}

/** Those that are really not there: the list moves while it is gone through. */
async function askedFor({ client, db, clock, feed }: CompareTools, began: Date): Promise<string[]> {
  const unlisted = await db.reading(NOTHING, (tx) => repository.findUnlisted(tx, feed.id, began, MOST_ASKED));
  const gone: string[] = [];
  const there: string[] = [];
  const until = performance.now() + ASKING_MS;
  for (const { orthanc_id: id } of unlisted) {
    if (performance.now() > until) break;
    ((await client.json(`/instances/${id}`, NamedInstance)) === undefined ? gone : there).push(id);
  }
  if (there.length > 0) await db.withScope(NOTHING, (tx) => repository.noteListed(tx, feed.id, there, clock.now()));
  return gone;
}
