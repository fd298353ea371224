import type { NodeEventCode } from '@negatoscope/contract';
import { type Service, scopeOf } from '../../../access/index.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { NodeEvent } from '../log/events.ts';
import { addEvent } from '../log/repository.ts';
import type { TransferPorts, Working } from './ports.ts';
import * as repository from './work-repository.ts';

export interface Ended extends Pick<Working, 'transfer'> {
  /** Of all that was not come to. */
  readonly failure: NodeEventCode | null;
  readonly bytes: number;
  readonly isCancelled: boolean;
  readonly ms: number;
}

const EVENT_OF = { DONE: 'OK', PARTIAL: 'WARNING', FAILED: 'FAILED', CANCELLED: 'CANCELLED' } as const;

/** A node that is away, or has no room, is there again some time: what is to be sent to it waits. */
const AWAY: readonly NodeEventCode[] = ['UNREACHABLE', 'NO_ANSWER', 'BUSY', 'LOST', 'PROTOCOL'];
/** An hour and a half: a machine that is started anew, a network that is mended. Longer is for who asked to know. */
const MOST_TRIES = 8;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
const pauseMs = (tries: number): number => Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);

/**
 * What became of a transfer, with its line in the log of the node and its event, together; or what is to be sent to a node that is away waits for its next try.
 * Nothing of one that is another's by now.
 */
export async function endOf({ db, clock, audit }: TransferPorts, by: Service, ended: Ended): Promise<void> {
  const { transfer, failure, bytes } = ended;
  const { id, kind, node_id: nodeId, user_id: userId } = transfer;
  await db.withScope(scopeOf(by), async (tx) => {
    const held = await repository.holdTransfer(tx, transfer);
    if (held === undefined) return;
    const now = clock.now();
    // It may have been cancelled since this worker last asked.
    const isCancelled = ended.isCancelled || held.is_cancelled;
    if (!isCancelled) await repository.failTheRest(tx, id, failure ?? 'NOT_SENT');
    const sums = sumsOf(kind, await repository.outcomesOf(tx, id));
    const status = isCancelled && sums.status !== 'DONE' ? 'CANCELLED' : sums.status;
    const code = status === 'DONE' ? null : status === 'CANCELLED' ? 'CANCELLED' : (failure ?? sums.code);
    if (!isCancelled && (await waitsAgain(tx, ended, code, now))) {
      await note(tx, ended, { ...NOTHING_YET, outcome: 'FAILED', code, now });
      return;
    }
    const { done, warned, failed } = sums;
    await note(tx, ended, { outcome: EVENT_OF[status], code, done, warned, failed, now });
    await repository.endTransfer(tx, { id, status, code, bytes, now });
    await audit.record(tx, {
      ...{ action: 'dicom-transfer.ended', actor: by, entityType: 'dicom-transfer', entityId: id },
      details: { kind, nodeId, userId, status, done, warned, failed },
    });
  });
}

/** True where what failed waits for its next try. */
async function waitsAgain(tx: Tx, { transfer, bytes }: Ended, code: NodeEventCode | null, now: Date): Promise<boolean> {
  const { id, kind, tries } = transfer;
  if (kind !== 'SEND' || tries >= MOST_TRIES || (await repository.failedWaitAgain(tx, id, AWAY)) === 0) return false;
  await repository.tryTransferAgain(tx, { id, code, bytes, nextAt: new Date(now.getTime() + pauseMs(tries)) });
  return true;
}

interface Told extends Pick<NodeEvent, 'outcome' | 'code' | 'done' | 'warned' | 'failed'> {
  readonly now: Date;
}
/** What became of the instances is told with the last try, once. */
const NOTHING_YET = { done: 0, warned: 0, failed: 0 };

function note(tx: Tx, { transfer, bytes, ms }: Ended, { now, ...told }: Told): Promise<void> {
  const { id, kind, node_id: nodeId } = transfer;
  return addEvent(tx, { ...told, nodeId, kind, isOurs: true, bytes, ms, of: `${id} ${now.getTime()}` }, now);
}

type OutcomeRows = Awaited<ReturnType<typeof repository.outcomesOf>>;

function sumsOf(kind: 'RETRIEVE' | 'SEND', rows: OutcomeRows) {
  const of = (outcome: string): number => rows.filter((row) => row.outcome === outcome).reduce((sum, row) => sum + row.items, 0);
  const sum = (name: 'done' | 'warned' | 'failed'): number => rows.reduce((all, row) => all + (row[name] ?? 0), 0);
  const codes = new Set(rows.flatMap(({ outcome, code }) => (outcome === 'FAILED' && code !== null ? [code] : [])));
  const [code = null] = codes.size === 1 ? codes : [];
  const bad = of('FAILED') + of('WAITING');
  const good = of('DONE') + of('WARNING');
  const counts =
    kind === 'SEND'
      ? { done: good, warned: of('WARNING'), failed: bad }
      : { done: sum('done'), warned: sum('warned'), failed: sum('failed') };
  const status = bad === 0 ? ('DONE' as const) : good > 0 || counts.done > 0 ? ('PARTIAL' as const) : ('FAILED' as const);
  return { ...counts, code, status };
}
