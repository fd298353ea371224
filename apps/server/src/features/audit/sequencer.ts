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

export function createSequencer({
  db,
  clock,
  key,
  anchorFolder,
}: {
  db: Db;
  clock: Clock;
  key: Buffer;
  anchorFolder: string;
}): Sequencer {
  let anchoredAt = 0;
  let anchoredSequence = -1;

  async function chain(): Promise<{ added: number; head: { sequence: number; hash: Buffer } | undefined }> {
    return db.withScope(NOTHING, async (tx) => {
      await tx.rows('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      let head = await findHead(tx);
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

  return {
    step: async () => {
      const { added, head } = await chain();
      const now = clock.now().getTime();
      const due =
        head !== undefined &&
        head.sequence !== anchoredSequence &&
        (now - anchoredAt >= ANCHOR_EVERY_MS || head.sequence - anchoredSequence >= ANCHOR_EVERY_EVENTS);
      if (due) {
        await appendAnchor(anchorFolder, key, { sequence: head.sequence, hash: head.hash.toString('hex') }, clock.now());
        anchoredAt = now;
        anchoredSequence = head.sequence;
      }
      return added;
    },
  };
}
