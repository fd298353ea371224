import { NOTHING } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { OrthancClient } from '../client/client.ts';
import type { Breaker } from './breaker.ts';
import { type Fetched, type FetchTools, fetchInstance } from './fetch.ts';
import type { Keeper } from './keeper.ts';
import * as repository from './repository.ts';
import { retryAfterMs } from './retry.ts';

export interface TakeTools extends Pick<FetchTools, 'isOurs' | 'isErased'> {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly client: OrthancClient;
  readonly breaker: Breaker;
  readonly keeper: Keeper;
  readonly feed: { readonly id: number; readonly epoch: string };
  /** Takes the studies of these instances out of the trash. */
  readonly bringBack: (instanceIds: readonly string[]) => Promise<void>;
}

/** Instances that are committed together. */
const TOGETHER = 32;
const AT_A_TIME = 4;

/**
 * Takes instances over, one by one from the first: each is kept here, or written down to be asked for again, when it returns. Gives how many of them were dealt
 * with; the others were not asked for, because Orthanc is ill or this process ends. Fails as the keeper does: then none of the last ones counts.
 */
export async function take(
  tools: TakeTools,
  ids: readonly string[],
  { isAgain, signal }: { readonly isAgain: boolean; readonly signal: AbortSignal },
): Promise<number> {
  let done = 0;
  while (done < ids.length && !tools.breaker.isOpen && !signal.aborted) {
    const some = ids.slice(done, done + TOGETHER);
    const known = await knownOf(tools, some);
    const fetched = await fetchSome(tools, some, { known, isAgain, signal });
    await keepSome(tools, fetched, { known, isAgain });
    done += fetched.length;
  }
  return done;
}

type Known = ReadonlyMap<string, Awaited<ReturnType<typeof repository.findKnown>>[number]>;

async function knownOf({ db, feed }: TakeTools, ids: readonly string[]): Promise<Known> {
  const rows = await db.reading(NOTHING, (tx) => repository.findKnown(tx, feed.id, ids));
  return new Map(rows.map((row) => [row.orthanc_id, row]));
}

interface Asked {
  readonly known: Known;
  readonly isAgain: boolean;
  readonly signal: AbortSignal;
}

/** What was asked for, in order: some from the first on. */
async function fetchSome(tools: TakeTools, ids: readonly string[], asked: Asked): Promise<Fetched[]> {
  const { breaker, keeper } = tools;
  const fetched: Fetched[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < ids.length && !breaker.isOpen && !asked.signal.aborted) {
      const index = next;
      next += 1;
      const one = await fetchInstance(tools, ids[index] ?? '', bytesKnown(asked, ids[index] ?? ''));
      fetched[index] = one;
      if (one.kind === 'failed') breaker.failed();
      else breaker.succeeded();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_A_TIME }, work));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure === undefined) return fetched;
  await keeper.discard(fetched.flatMap((one) => (one?.kind === 'come' ? [one.received] : [])));
  throw failure.reason;
}

/** A file that could not be taken is looked at again, though it is the same: this server may be another by now. */
function bytesKnown({ known, isAgain }: Asked, id: string): Buffer | null {
  const row = known.get(id);
  // What is in the trash because it was not there any more comes out of it when it is there again; what was erased stays so.
  return row === undefined || row.in_trash === true || (isAgain && row.outcome === 'rejected') ? null : row.md5;
}

async function keepSome(
  tools: TakeTools,
  fetched: readonly Fetched[],
  { known, isAgain }: Pick<Asked, 'known' | 'isAgain'>,
): Promise<void> {
  const { db, clock, feed } = tools;
  const now = clock.now();
  const come = fetched.flatMap((one) => (one.kind === 'come' ? [one] : []));
  // What is refused is in the report of the import once, and not with each time that it is tried.
  const refusedAgain = isAgain ? come.filter(({ received }) => received.reason !== undefined) : [];
  const toKeep = come.filter((one) => !refusedAgain.includes(one));
  const kept = await tools.keeper.keep(toKeep.map(({ received }) => received));
  const ended: Ended[] = [
    ...toKeep.map(({ id, md5 }, index) => ({ id, md5, ...(kept[index] ?? { outcome: 'failed' as const, reason: 'ERROR' }) })),
    ...refusedAgain.map(({ id, md5, received: { reason } }) => ({ id, md5, outcome: 'rejected' as const, reason })),
    ...fetched.flatMap((one) => (one.kind === 'ours' ? [{ id: one.id, md5: one.md5, outcome: 'duplicate' as const }] : [])),
    ...fetched.flatMap((one) =>
      one.kind === 'failed' ? [{ id: one.id, md5: null, outcome: 'failed' as const, reason: one.code }] : [],
    ),
  ];
  const notes = ended.map((end) => noteOf(tools, end, { before: known.get(end.id)?.attempts ?? 0, now }));
  const again = fetched.flatMap((one) => (one.kind === 'ours' ? (trashedOf(known.get(one.id)) ?? []) : []));
  if (again.length > 0) await tools.bringBack(again);
  const idsOf = (kind: 'same' | 'gone'): string[] => fetched.flatMap((one) => (one.kind === kind ? [one.id] : []));
  await db.withScope(NOTHING, async (tx) => {
    if (notes.length > 0) await repository.noteInstances(tx, { feedId: feed.id, epoch: feed.epoch, now }, notes);
    await repository.noteSame(tx, feed.id, feed.epoch, idsOf('same'));
    await repository.noteGone(tx, feed.id, idsOf('gone'));
  });
}

const trashedOf = (row: ReturnType<Known['get']>): string | undefined =>
  row?.in_trash === true ? (row.instance_id ?? undefined) : undefined;

interface Ended {
  readonly id: string;
  readonly md5: Buffer | null;
  readonly outcome: repository.InstanceNote['outcome'];
  readonly reason?: string | undefined;
  readonly instanceId?: string;
}

/** What is written down of an instance; one that is not here is told in the log as well. */
function noteOf(
  { log }: TakeTools,
  { id, md5, outcome, reason: told, instanceId }: Ended,
  { before, now }: { readonly before: number; readonly now: Date },
): repository.InstanceNote {
  const reason = told ?? null;
  const isHere = outcome !== 'failed' && outcome !== 'rejected';
  const attempts = isHere ? 0 : before + 1;
  const retryAt = isHere ? null : new Date(now.getTime() + retryAfterMs(attempts, outcome === 'failed' ? 'soon' : 'late'));
  if (!isHere) log.warn({ instance: id, outcome, reason, attempts, retryAt }, 'an instance of Orthanc is not taken over yet');
  return { orthancId: id, md5, instanceId: instanceId ?? null, outcome, reason, attempts, retryAt };
}
