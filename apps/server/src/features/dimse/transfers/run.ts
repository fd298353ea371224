import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeEventCode } from '@negatoscope/contract';
import { hasArm, type Service, scopeOf } from '../../../access/index.ts';
import type { JobRun } from '../../../platform/queue/job.ts';
import { addEvent } from '../log/repository.ts';
import { codeOf, NEEDED, type TransferPorts, type Working } from './ports.ts';
import * as repository from './repository.ts';
import { runRetrieval } from './run-retrieval.ts';
import { runSending } from './run-sending.ts';

/** At a time, of different nodes. */
const MOST_AT_ONCE = 4;
const KEEP_EVERY_MS = 1_000;
const GONE_AFTER_MS = 30_000;

/** Runs every transfer that waits, some at a time and one of each node, until none does. Another process may do the same. */
export async function runTransfers(ports: TransferPorts, by: Service, { signal }: Pick<JobRun, 'signal'>): Promise<number> {
  const running = new Map<string, Promise<void>>();
  const { db, clock } = ports;
  let ran = 0;
  let opened: ReturnType<TransferPorts['openArchive']> | undefined;
  const archive: Working['archive'] = () => {
    opened ??= ports.openArchive();
    return opened;
  };
  for (;;) {
    while (running.size < MOST_AT_ONCE && !signal.aborted) {
      const now = clock.now();
      const wanted = { now, goneBefore: new Date(now.getTime() - GONE_AFTER_MS), busyNodes: [...running.keys()] };
      const claimed = await db.withScope(scopeOf(by), (tx) => repository.claim(tx, wanted));
      if (claimed === undefined) break;
      ran += 1;
      const work = runOne(ports, by, { transfer: claimed, stop: signal, archive }).finally(() => running.delete(claimed.node_id));
      running.set(claimed.node_id, work);
    }
    if (running.size === 0) break;
    await Promise.race([...running.values(), sleep(KEEP_EVERY_MS)]);
  }
  await opened?.close();
  signal.throwIfAborted();
  return ran;
}

/** Keeps the claim of a transfer, and hears of it when it is wanted no more. */
function keepingOf({ db, clock }: TransferPorts, by: Service, id: string) {
  const cancelled = new AbortController();
  let isCancelled = false;
  const timer = setInterval(() => {
    db.withScope(scopeOf(by), (tx) => repository.keepTransfer(tx, id, clock.now())).then(
      (kept) => {
        isCancelled ||= kept?.is_cancelled === true;
        // Another has it, or nobody wants it.
        if (kept === undefined || kept.is_cancelled) cancelled.abort();
      },
      () => undefined,
    );
  }, KEEP_EVERY_MS);
  return { signal: cancelled.signal, isCancelled: () => isCancelled, end: () => clearInterval(timer) };
}

interface Given extends Pick<Working, 'transfer' | 'archive'> {
  /** This process ends. */
  readonly stop: AbortSignal;
}

async function runOne(ports: TransferPorts, by: Service, { transfer, stop, archive }: Given): Promise<void> {
  const { db, log } = ports;
  const keeping = keepingOf(ports, by, transfer.id);
  const signal = AbortSignal.any([stop, keeping.signal]);
  const begun = performance.now();
  let bytes = 0;
  const count = (more: number): void => {
    bytes += more;
  };
  let failure: NodeEventCode | null = null;
  try {
    const working = await workingOf(ports, by, transfer, signal);
    if (working === undefined) failure = 'NOT_AUTHORIZED';
    else await workAt(ports, by, { ...working, archive, count });
  } catch (error) {
    failure = codeOf(error);
    if (failure === 'PROCESSING_FAILURE' && !signal.aborted)
      log.error({ err: error, transfer: transfer.id }, 'a transfer failed');
  } finally {
    keeping.end();
  }
  try {
    if (stop.aborted) await db.withScope(scopeOf(by), (tx) => repository.putBack(tx, transfer.id));
    else await end(ports, by, { transfer, failure, bytes, isCancelled: keeping.isCancelled(), ms: performance.now() - begun });
  } catch (error) {
    // It is taken up again when nobody keeps it.
    log.warn({ err: error, transfer: transfer.id }, 'how a transfer ended could not be written');
  }
}

const workAt = (ports: TransferPorts, by: Service, working: Working): Promise<void> =>
  working.transfer.kind === 'SEND' ? runSending(ports, by, working) : runRetrieval(ports, by, working);

/** Who asked, and the node, as they are now; undefined where it may not be any more. */
async function workingOf(
  { db, personOf }: TransferPorts,
  by: Service,
  transfer: repository.Claimed,
  signal: AbortSignal,
): Promise<Omit<Working, 'count' | 'archive'> | undefined> {
  const found = transfer.user_id === null ? undefined : await personOf(transfer.user_id);
  if (found === undefined) return undefined;
  const permissions = new Set([...found.permissions].filter((permission) => transfer.permissions.includes(permission)));
  const person = { ...found, permissions };
  if (!NEEDED[transfer.kind].every((permission) => permissions.has(permission))) return undefined;
  if (transfer.kind === 'RETRIEVE' && transfer.group_id !== person.groupId && !hasArm(scopeOf(person), 'all')) return undefined;
  const node = await db.reading(scopeOf(by), (tx) => repository.usableNode(tx, scopeOf(person), transfer.node_id));
  const isUsable = transfer.kind === 'SEND' ? node?.takes_studies : node?.may_be_asked;
  return node === undefined || isUsable !== true ? undefined : { transfer, node, person, signal };
}

interface Ended {
  readonly transfer: repository.Claimed;
  readonly failure: NodeEventCode | null;
  readonly bytes: number;
  readonly isCancelled: boolean;
  readonly ms: number;
}

const EVENT_OF = { DONE: 'OK', PARTIAL: 'WARNING', FAILED: 'FAILED', CANCELLED: 'CANCELLED' } as const;

/** What became of it, with its line in the log of the node and its event, together. */
async function end(
  { db, clock, audit }: TransferPorts,
  by: Service,
  { transfer, failure, bytes, isCancelled, ms }: Ended,
): Promise<void> {
  const { id, kind, node_id: nodeId, user_id: userId } = transfer;
  await db.withScope(scopeOf(by), async (tx) => {
    const now = clock.now();
    if (!isCancelled) await repository.failTheRest(tx, id, failure ?? 'NOT_SENT');
    const sums = sumsOf(kind, await repository.outcomesOf(tx, id));
    const status = isCancelled ? 'CANCELLED' : sums.status;
    const code = status === 'DONE' ? null : (failure ?? sums.code);
    if ((await repository.endTransfer(tx, { id, status, code, bytes, now })) === 0) return;
    const { done, warned, failed } = sums;
    const event = {
      ...{ nodeId, kind, isOurs: true, outcome: EVENT_OF[status], code },
      ...{ done, warned, failed, bytes, ms, of: `${id} ${now.getTime()}` },
    };
    await addEvent(tx, event, now);
    await audit.record(tx, {
      ...{ action: 'dicom-transfer.ended', actor: by, entityType: 'dicom-transfer', entityId: id },
      details: { kind, nodeId, userId, status, done, warned, failed },
    });
  });
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
