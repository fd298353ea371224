import { readAnchors } from './anchor.ts';
import { GENESIS, linkHash, segmentOf } from './chain.ts';
import { countUnchained, findLinks, type StoredLink } from './repository.ts';
import type { ChainPorts } from './sequencer.ts';

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
export async function verifyChain(ports: ChainPorts): Promise<Verification> {
  const { clock, db } = ports;
  const { anchors, damaged } = await readAnchors(ports.anchorFolder, ports.key);
  const checkedAt = clock.now().toISOString();
  const { late, pending } = await countUnchained(db, new Date(clock.now().getTime() - LATE_MS));
  const { sequence, bad } = await walk(ports, new Map(anchors.map((anchor) => [anchor.sequence, anchor.hash])));
  const found = bad ?? badEnd(sequence, { last: Math.max(0, ...anchors.map((anchor) => anchor.sequence)), damaged, late });
  return {
    valid: found === undefined,
    events: sequence,
    pending,
    firstBadSequence: found?.at ?? null,
    problem: found?.problem ?? null,
    checkedAt,
  };
}

interface Bad {
  /** The first sequence that does not hold; null for what is wrong with none in particular. */
  readonly at: number | null;
  readonly problem: string;
}

/** How far the chain holds, and what stands behind. */
async function walk(
  { db, key }: ChainPorts,
  anchorAt: ReadonlyMap<number, string>,
): Promise<{ sequence: number; bad: Bad | undefined }> {
  let previous: Buffer = GENESIS;
  let sequence = 0;
  for (;;) {
    const links = await findLinks(db, sequence, BATCH);
    for (const link of links) {
      const problem = problemOf(link, sequence + 1, previous, key);
      if (problem !== undefined) return { sequence, bad: { at: sequence + 1, problem } };
      sequence = link.sequence;
      previous = link.hash;
      const anchored = anchorAt.get(sequence);
      if (anchored !== undefined && anchored !== previous.toString('hex'))
        return { sequence, bad: { at: sequence, problem: 'The chain differs from what was anchored outside the database.' } };
    }
    if (links.length < BATCH) return { sequence, bad: undefined };
  }
}

function badEnd(
  sequence: number,
  { last, damaged, late }: { readonly last: number; readonly damaged: boolean; readonly late: number },
): Bad | undefined {
  if (last > sequence)
    return { at: sequence + 1, problem: 'The end of the chain was cut, or the database is older than its anchors.' };
  if (damaged) return { at: null, problem: 'The anchor file was changed.' };
  if (late > 0) return { at: null, problem: 'Events are waiting to be chained for more than a minute.' };
  return undefined;
}
