import { NOTHING } from '../../../access/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import { OrthancFailure } from '../client/failure.ts';
import type { Breaker } from './breaker.ts';
import { type FollowTools, readChanges } from './changes.ts';
import type { Keeper } from './keeper.ts';
import * as repository from './repository.ts';
import { sweep } from './sweep.ts';
import { type TakeTools, take } from './take.ts';

export interface FollowPorts extends Omit<TakeTools, 'keeper' | 'feed'> {
  readonly url: string;
  /** As the other one, for what is asked for again: instances that never come must not keep new ones waiting. */
  readonly againBreaker: Breaker;
  /** Compares all that it holds, a page at a time; false when there is nothing more to be compared for now. */
  readonly compare: (tools: FollowTools, signal: AbortSignal) => Promise<boolean>;
  /** Looks at its settings now and then. */
  readonly watch: (feedId: number) => Promise<void>;
  /** Fails with UNPROCESSABLE when the group that is set does not exist. */
  readonly openKeeper: () => Promise<Keeper>;
}

/** Of one turn: how far it came is told then, and others get theirs. */
const TURN_MS = 20_000;
const DUE = 32;

/**
 * One turn of following: what is new in Orthanc since the last number is taken over, then what is left to be gone through, then what did not come before. One
 * process at a time does it; whoever comes second does nothing.
 */
export async function follow(ports: FollowPorts, signal: AbortSignal): Promise<void> {
  if (ports.breaker.isOpen) return;
  await ports.db.reading(NOTHING, async (tx) => {
    if (!(await repository.isOnlyFollower(tx))) return;
    const feed = await openFeed(ports, tx);
    try {
      await ports.watch(feed.id);
      await turn(ports, feed, signal);
      await ports.db.withScope(NOTHING, (writing) => repository.noteReached(writing, feed.id, ports.clock.now()));
      if (feed.failure !== null)
        ports.log.info({ seconds: secondsSince(ports, feed.failing_since) }, 'Orthanc is followed again');
    } catch (error) {
      await noteFailing(ports, feed, error);
    }
  });
}

const secondsSince = ({ clock }: Pick<FollowPorts, 'clock'>, since: Date | null): number | undefined =>
  since === null ? undefined : Math.round((clock.now().getTime() - since.getTime()) / 1000);

async function openFeed({ db, url }: FollowPorts, tx: ReadTx): Promise<repository.FeedRow> {
  const found = await repository.findFeed(tx, url);
  return found ?? db.withScope(NOTHING, (writing) => repository.requireFeed(writing, url));
}

/** What concerns all that comes is waited for: Orthanc is away, the disk is full, the group is none. Anything else is a fault of ours. */
async function noteFailing({ db, log, clock, breaker }: FollowPorts, feed: repository.FeedRow, error: unknown): Promise<void> {
  breaker.open();
  const isTold = error instanceof OrthancFailure || error instanceof Failure;
  const code = isTold ? error.code : 'FAULT';
  await db.withScope(NOTHING, (tx) => repository.noteFailing(tx, feed.id, code, clock.now()));
  if (!isTold) throw error;
  const status = error instanceof OrthancFailure ? error.status : undefined;
  log[feed.failure === code ? 'debug' : 'warn']({ code, status, detail: error.message }, 'Orthanc is not followed for now');
}

async function turn(ports: FollowPorts, row: repository.FeedRow, signal: AbortSignal): Promise<void> {
  const until = performance.now() + TURN_MS;
  const feed = followed(row);
  const tools = { ...ports, keeper: await ports.openKeeper(), feed };
  while (!signal.aborted && !ports.breaker.isOpen && performance.now() < until)
    if (!(await readChanges(tools, signal)) && !(await sweep(tools, signal)) && !(await compareWhole(ports, tools, signal)))
      break;
  await takeDue({ ...tools, breaker: ports.againBreaker }, signal);
}

/** Once all that is there was gone through after a beginning. */
const compareWhole = ({ compare }: FollowPorts, tools: FollowTools, signal: AbortSignal): Promise<boolean> =>
  tools.feed.sweepFrom === null ? compare(tools, signal) : Promise.resolve(false);

const followed = (row: repository.FeedRow): FollowTools['feed'] => ({
  ...{ id: row.id, epoch: row.epoch, anchors: row.anchors, sweepFrom: row.sweep_from },
  ...{ compareBegan: row.compare_began, compareFrom: row.compare_from, comparedAt: row.compared_at, knownThere: row.known_there },
  ...{ doubt: row.doubt, doubtsNext: row.doubts_next, recycles: row.may_recycle },
});

/** What did not come before, where its time has come. */
async function takeDue(tools: TakeTools, signal: AbortSignal): Promise<void> {
  const { db, clock, feed } = tools;
  const due = await db.reading(NOTHING, (tx) => repository.findDue(tx, feed.id, clock.now(), DUE));
  await take(
    tools,
    due.map(({ orthanc_id }) => orthanc_id),
    { isAgain: true, signal },
  );
}
