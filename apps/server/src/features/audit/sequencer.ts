import { NOTHING } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { appendAnchor } from './anchor.ts';
import { GENESIS, linkHash, segmentOf } from './chain.ts';
import { findHead, findPending, insertLinks, type Link } from './repository.ts';

const LOCK = 7_264_392;
const BATCH = 1000;
const ANCHOR_EVERY_MS = 60_000;
const ANCHOR_EVERY_EVENTS = 1000;

export interface Sequencer {
  /** Chains what is committed and not yet chained; returns how many. Only one process at a time does it. */
  step(): Promise<number>;
}

export interface ChainPorts {
  readonly db: Db;
  readonly clock: Clock;
  readonly key: Buffer;
  readonly anchorFolder: string;
}

export function createSequencer(ports: ChainPorts): Sequencer {
  const anchored: Anchored = { at: 0, sequence: -1 };
  return {
    step: async () => {
      const { added, head } = await chainPending(ports);
      if (head !== undefined) await anchorWhenDue(ports, anchored, head);
      return added;
    },
  };
}

/** The last event of the chain. */
interface Head {
  readonly sequence: number;
  readonly hash: Buffer;
}

async function chainPending({ db, key }: ChainPorts): Promise<{ added: number; head: Head | undefined }> {
  return db.withScope(NOTHING, async (tx) => {
    await tx.rows('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    let head: Head | undefined = await findHead(tx);
    const links: Link[] = [];
    for (const event of await findPending(tx, BATCH)) {
      const sequence = (head?.sequence ?? 0) + 1;
      const previousHash = head?.hash ?? GENESIS;
      const hash = linkHash(key, sequence, previousHash, event);
      links.push({ sequence, eventId: event.id, segment: segmentOf(event.occurred_at), previousHash, hash });
      head = { sequence, hash };
    }
    if (links.length > 0) await insertLinks(tx, links);
    return { added: links.length, head };
  });
}

/** What was written to the anchor file last, and when. */
interface Anchored {
  at: number;
  sequence: number;
}

async function anchorWhenDue({ anchorFolder, clock, key }: ChainPorts, anchored: Anchored, head: Head): Promise<void> {
  const now = clock.now().getTime();
  if (head.sequence === anchored.sequence) return;
  if (now - anchored.at < ANCHOR_EVERY_MS && head.sequence - anchored.sequence < ANCHOR_EVERY_EVENTS) return;
  await appendAnchor(anchorFolder, key, { sequence: head.sequence, hash: head.hash.toString('hex') }, clock.now());
  anchored.at = now;
  anchored.sequence = head.sequence;
}
