import { NOTHING } from '../../../access/index.ts';
import { listInstances } from '../client/list.ts';
import type { FollowTools } from './changes.ts';
import * as repository from './repository.ts';
import { take } from './take.ts';

const PAGE = 500;

/**
 * Goes through what Orthanc holds, a page at a time, and takes over what no change told of: the log of changes can be cleared. False when there is nothing
 * more to go through. It is done once after each beginning.
 */
export async function sweep(tools: FollowTools, signal: AbortSignal): Promise<boolean> {
  const { client, db, feed } = tools;
  if (feed.sweepFrom === null) return false;
  const ids = await listInstances(client, feed.sweepFrom, PAGE);
  const known = await db.reading(NOTHING, (tx) => repository.findKnown(tx, feed.id, ids));
  const seen = new Set(known.filter(({ epoch }) => epoch === feed.epoch).map(({ orthanc_id }) => orthanc_id));
  const unseen = ids.filter((id) => !seen.has(id));
  if ((await take(tools, unseen, { isAgain: false, signal })) < unseen.length) return false;
  const from = ids.length === 0 ? null : feed.sweepFrom + ids.length;
  await db.withScope(NOTHING, (tx) => repository.noteSweep(tx, feed.id, from));
  feed.sweepFrom = from;
  return true;
}
