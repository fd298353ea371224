import pino from 'pino';
import { createAudit } from '../../src/features/audit/index.ts';
import { createIngestFixture, type IngestFixture, type IngestFixtureOptions } from '../../src/features/ingest/ingest-fixture.ts';
import { type FeedPorts, orthancFeed } from '../../src/features/orthanc/index.ts';
import { orthancKeeper } from '../../src/orthanc-ingest.ts';
import { createFakeClock, type FakeClock } from '../support/app.ts';

export interface FeedPlace {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly group?: string;
  readonly deletions?: 'ignore' | 'trash' | 'repair';
}

/** The pipeline of ingest with a feed before it, which is stepped by hand. */
export interface FeedFixture extends IngestFixture {
  readonly clock: FakeClock;
  readonly logLines: string[];
  /** A process that follows; several may. */
  follower(place: FeedPlace, idleMs?: number, openKeeper?: FeedPorts['openKeeper']): { step(): Promise<void> };
  /** Steps until nothing is left to be done, at most so often. Time goes on by a minute between steps. */
  follow(place: FeedPlace, steps?: number): Promise<void>;
  /** SOP Instance UIDs of what is here, in order, with the group of each. */
  here(): Promise<{ uid: string; groupId: string | null; sha256: string }[]>;
  /** How many files of imports ended how. */
  outcomes(): Promise<Record<string, number>>;
  /** Of the first place that was followed. */
  feed(): Promise<{ lastSeq: number; failure: string | null; begunAgain: number; waiting: number } | undefined>;
}

export async function createFeedFixture(options: IngestFixtureOptions = {}): Promise<FeedFixture> {
  const fixture = await createIngestFixture(options);
  const clock = createFakeClock();
  const logLines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
  const { db } = fixture;
  const keeperOf: FeedPorts['openKeeper'] = (by, groupId) => orthancKeeper(fixture.ingest, by, groupId);
  const follower: FeedFixture['follower'] = (
    { url, username, password, group, deletions = 'ignore' },
    idleMs = 5_000,
    openKeeper = keeperOf,
  ) => {
    const loop = orthancFeed({
      ...{
        db,
        clock,
        log,
        audit: createAudit({ db, clock }),
        place: { url, username, password, group, send: true, deletions },
        patience: { idleMs, answerMs: idleMs },
      },
      now: () => clock.now().getTime(),
      openKeeper,
    });
    return { step: async () => void (await loop.step(new AbortController().signal)) };
  };
  return {
    ...fixture,
    clock,
    logLines,
    follower,
    follow: async (place, steps = 2) => {
      const { step } = follower(place);
      for (let n = 0; n < steps; n += 1) {
        await step();
        clock.advance(60_000);
      }
    },
    here: () =>
      db.withSystem((tx) =>
        tx.rows(
          `SELECT sop_instance_uid AS uid, group_id AS "groupId", encode(file_sha256, 'hex') AS sha256 FROM instances ORDER BY sop_instance_uid`,
        ),
      ),
    outcomes: async () => {
      const rows = await db.withSystem((tx) => tx.rows('SELECT outcome, count(*)::int AS n FROM import_files GROUP BY outcome'));
      return Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
    },
    feed: () =>
      db.withSystem((tx) =>
        tx.first(
          `SELECT last_seq AS "lastSeq", failure, begun_again AS "begunAgain",
             (SELECT count(*)::int FROM orthanc_instances i WHERE i.feed_id = f.id AND retry_at IS NOT NULL) AS waiting
           FROM orthanc_feeds f ORDER BY id LIMIT 1`,
        ),
      ),
  };
}
