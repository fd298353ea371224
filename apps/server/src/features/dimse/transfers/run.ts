import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeEventCode } from '@negatoscope/contract';
import { type Service, scopeOf } from '../../../access/index.ts';
import { newId } from '../../../kernel/ids.ts';
import type { JobRun } from '../../../platform/queue/job.ts';
import { endOf } from './ending.ts';
import { GONE_AFTER_MS, Holding } from './holding.ts';
import { codeOf, type TransferPorts, type Working } from './ports.ts';
import { admit, changeSince } from './rights.ts';
import { runRetrieval } from './run-retrieval.ts';
import { runSending } from './run-sending.ts';
import * as repository from './work-repository.ts';

/** At a time, of different nodes. */
const MOST_AT_ONCE = 4;
const LOOK_EVERY_MS = 1_000;

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
      const claim = newId();
      const wanted = { claim, now, goneBefore: new Date(now.getTime() - GONE_AFTER_MS), busyNodes: [...running.keys()] };
      const claimed = await db.withScope(scopeOf(by), (tx) => repository.claim(tx, wanted));
      if (claimed === undefined) break;
      ran += 1;
      const transfer = { ...claimed, claim };
      const one = transfer.is_cancelled
        ? endUnwanted(ports, by, transfer)
        : runOne(ports, by, { transfer, stop: signal, archive });
      const work = one.finally(() => running.delete(claimed.node_id));
      running.set(claimed.node_id, work);
    }
    if (running.size === 0) break;
    await Promise.race([...running.values(), sleep(LOOK_EVERY_MS)]);
  }
  await opened?.close();
  signal.throwIfAborted();
  return ran;
}

interface Given extends Pick<Working, 'transfer' | 'archive'> {
  /** This process ends. */
  readonly stop: AbortSignal;
}

async function runOne(ports: TransferPorts, by: Service, { transfer, stop, archive }: Given): Promise<void> {
  const { log } = ports;
  const holding = new Holding(ports, by, transfer);
  const signal = AbortSignal.any([stop, holding.signal]);
  const begun = performance.now();
  let bytes = 0;
  const count = (more: number): void => {
    bytes += more;
  };
  let failure: NodeEventCode | null = null;
  try {
    const admitted = await admit(ports, by, transfer);
    if ('refused' in admitted) failure = admitted.refused;
    else {
      holding.watch(async () => changeSince(admitted, await admit(ports, by, transfer)));
      await workAt(ports, by, { ...admitted, transfer, signal, check: holding.check, archive, count });
    }
  } catch (error) {
    failure = codeOf(error);
    if (failure === 'PROCESSING_FAILURE' && !signal.aborted)
      log.error({ err: error, transfer: transfer.id }, 'a transfer failed');
  } finally {
    holding.end();
  }
  const isCancelled = holding.stoppedFor === 'CANCELLED';
  failure = holding.stoppedFor ?? failure;
  try {
    if (holding.isLost || (stop.aborted && (await isPutBack(ports, by, transfer)))) return;
    await endOf(ports, by, { transfer, failure, bytes, isCancelled, ms: performance.now() - begun });
  } catch (error) {
    // It is taken up again when nobody keeps it.
    log.warn({ err: error, transfer: transfer.id }, 'how a transfer ended could not be written');
  }
}

/** What was cancelled while its worker failed, stopped or was killed is taken up to be ended alone. */
const endUnwanted = (ports: TransferPorts, by: Service, transfer: Working['transfer']): Promise<void> =>
  endOf(ports, by, { transfer, failure: 'CANCELLED', bytes: 0, isCancelled: true, ms: 0 });

/** Another process goes on with it; false where nobody wants that. */
const isPutBack = ({ db }: TransferPorts, by: Service, transfer: Working['transfer']): Promise<boolean> =>
  db.withScope(scopeOf(by), async (tx) => (await repository.putBack(tx, transfer)) > 0);

const workAt = (ports: TransferPorts, by: Service, working: Working): Promise<void> =>
  working.transfer.kind === 'SEND' ? runSending(ports, by, working) : runRetrieval(ports, by, working);
