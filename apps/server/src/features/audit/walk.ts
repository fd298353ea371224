import { GENESIS, linkHash, segmentOf } from './chain.ts';
import type { Bad, Place } from './check/state.ts';
import { findLinks, type StoredLink } from './repository.ts';
import type { ChainPorts } from './sequencer.ts';

const BATCH = 500;

function problemOf(link: StoredLink, sequence: number, previous: Buffer, key: Buffer): string | undefined {
  if (link.sequence !== sequence) return 'A link is missing.';
  if (link.event === null) return 'An event was removed.';
  if (!link.previous_hash.equals(previous)) return 'A link does not follow the one before it.';
  if (!link.hash.equals(linkHash(key, sequence, previous, link.event))) return 'An event or its link was changed.';
  if (link.segment !== segmentOf(link.event.occurred_at)) return 'A link stands in another month.';
  return undefined;
}

/** How far one goes, and no farther. */
export interface WalkEnds {
  /** Of links. */
  readonly most: number;
  readonly signal: AbortSignal | undefined;
  /** What was kept of the chain outside the database: hashes in hexadecimal by their sequences. */
  readonly anchorAt: ReadonlyMap<number, string>;
}

export interface Walked extends Place {
  /** What stands behind the place and does not hold. */
  readonly bad: Bad | undefined;
  /** Nothing stands behind it. */
  readonly isEnd: boolean;
}

/** How far the chain holds behind a place that does. */
export async function walk(
  { db, key }: Pick<ChainPorts, 'db' | 'key'>,
  from: Place,
  { most, signal, anchorAt }: WalkEnds,
): Promise<Walked> {
  let { sequence, hash } = from;
  while (sequence - from.sequence < most && signal?.aborted !== true) {
    const links = await findLinks(db, sequence, BATCH);
    for (const link of links) {
      const problem = problemOf(link, sequence + 1, hash ?? GENESIS, key);
      if (problem !== undefined) return { sequence, hash, bad: { at: sequence + 1, problem }, isEnd: false };
      sequence = link.sequence;
      hash = link.hash;
      const anchored = anchorAt.get(sequence);
      if (anchored !== undefined && anchored !== link.hash.toString('hex'))
        return { sequence: sequence - 1, hash: link.previous_hash, bad: { at: sequence, problem: UNLIKE_ANCHOR }, isEnd: false };
    }
    if (links.length < BATCH) return { sequence, hash, bad: undefined, isEnd: true };
  }
  return { sequence, hash, bad: undefined, isEnd: false };
}

const UNLIKE_ANCHOR = 'The chain differs from what was anchored outside the database.';
