import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { readAnchors } from './anchor.ts';
import { GENESIS, linkHash, segmentOf } from './chain.ts';
import { countUnchained, findLinks, type StoredLink } from './repository.ts';

const BATCH = 500;
const LATE_MS = 60_000;

export interface Verification {
  readonly valid: boolean;
  readonly events: number;
  readonly pending: number;
  readonly firstBadSequence: number | null;
  readonly problem: string | null;
  readonly checkedAt: string;
}

function problemOf(link: StoredLink, sequence: number, previous: Buffer, key: Buffer): string | undefined {
  if (link.sequence !== sequence) return 'A link is missing.';
  if (link.event === null) return 'An event was removed.';
  if (!link.previous_hash.equals(previous)) return 'A link does not follow the one before it.';
  if (!link.hash.equals(linkHash(key, sequence, previous, link.event))) return 'An event or its link was changed.';
  if (link.segment !== segmentOf(link.event.occurred_at)) return 'A link stands in another month.';
  return undefined;
}

/** Walks the whole chain and compares it with the anchors outside the database. Names the first sequence that does not hold. */
export async function verifyChain({
  db,
  clock,
  key,
  anchorFolder,
}: {
  db: Db;
  clock: Clock;
  key: Buffer;
  anchorFolder: string;
}): Promise<Verification> {
  const { anchors, damaged } = await readAnchors(anchorFolder, key);
  const anchorAt = new Map(anchors.map((anchor) => [anchor.sequence, anchor.hash]));
  const checkedAt = clock.now().toISOString();
  let previous: Buffer = GENESIS;
  let sequence = 0;
  const { late, pending } = await countUnchained(db, new Date(clock.now().getTime() - LATE_MS));
  const bad = (firstBadSequence: number | null, problem: string): Verification => ({
    valid: false,
    events: sequence,
    pending,
    firstBadSequence,
    problem,
    checkedAt,
  });

  for (;;) {
    const links = await findLinks(db, sequence, BATCH);
    for (const link of links) {
      const problem = problemOf(link, sequence + 1, previous, key);
      if (problem !== undefined) return bad(sequence + 1, problem);
      sequence = link.sequence;
      previous = link.hash;
      const anchored = anchorAt.get(sequence);
      if (anchored !== undefined && anchored !== previous.toString('hex'))
        return bad(sequence, 'The chain differs from what was anchored outside the database.');
    }
    if (links.length < BATCH) break;
  }
  const last = Math.max(0, ...anchors.map((anchor) => anchor.sequence));
  if (last > sequence) return bad(sequence + 1, 'The end of the chain was cut, or the database is older than its anchors.');
  if (damaged) return bad(null, 'The anchor file was changed.');
  if (late > 0) return bad(null, 'Events are waiting to be chained for more than a minute.');
  return { valid: true, events: sequence, pending, firstBadSequence: null, problem: null, checkedAt };
}
