import { SERVICE_CLASS, STATUS } from '@negatoscope/dimse';
import { partition, type Service, scopeOf } from '../../../access/index.ts';
import type { TlsFiles } from '../../../platform/tls/files.ts';
import { type Asked, askedOf } from '../ask/asked.ts';
import { AssociationFailure } from '../ask/failure.ts';
import { writeIdentifier } from '../ask/identifier.ts';
import { oneRun } from '../ask/message.ts';
import { openAssociation } from '../ask/open-association.ts';
import { PLAIN } from '../ask/sending-contexts.ts';
import type { NodeEvent } from '../log/events.ts';
import { addEvent } from '../log/repository.ts';
import { findNode } from '../nodes/repository.ts';
import type { KeepingDeps } from './keeping.ts';
import { reportOf } from './report.ts';
import { claimDue, type DueRequest, endRequest, forgetRequests, nodeLater, tryLater } from './repository.ts';

export interface TellingDeps extends KeepingDeps {
  readonly dicom: { readonly aeTitle: string; readonly tls?: TlsFiles };
}

/** Some fifteen hours: a device that is off over night is there in the morning. */
const MOST_TRIES = 20;
const MINUTE_MS = 60_000;
/** Devices that are told at a time. */
const MOST_AT_ONCE = 8;
/** The device itself is not there, whatever it is to be told. */
const AWAY: readonly AssociationFailure['outcome'][] = ['UNREACHABLE', 'NO_ANSWER', 'NO_TLS', 'REFUSED'];
/** Longer than one try takes. */
const LEASE_MS = 5 * MINUTE_MS;
const KEPT_MS = 30 * 24 * 60 * MINUTE_MS;
const PATIENCE = { connectMs: 10_000, answerMs: 30_000, stalledMs: 30_000, wholeMs: 120_000 };
const CONTEXT = {
  id: 1,
  abstractSyntax: SERVICE_CLASS.STORAGE_COMMITMENT_PUSH,
  transferSyntaxes: PLAIN,
};
/** This side performs, in an association that it asked for itself (PS3.4 J.3.3). */
const ROLES = [{ sopClassUid: SERVICE_CLASS.STORAGE_COMMITMENT_PUSH, scu: false, scp: true }];

const pauseMs = (tries: number): number => Math.min(2 ** (tries - 1), 60) * MINUTE_MS;

/**
 * Tells devices what they asked about and were not told in their own association: several at a time, one after the other of each, so that one that is off delays
 * no other. Gives how many were told. What fails for another reason than the device fails it, when the others have had their turn.
 */
export async function tellCommitments(deps: TellingDeps, by: Service, signal: AbortSignal): Promise<number> {
  const { db, clock } = deps;
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  let told = 0;
  const claim = async (): Promise<DueRequest | undefined> => {
    const now = clock.now();
    const wanted = { now, nextAt: new Date(now.getTime() + LEASE_MS), busyNodes: [...running.keys()] };
    return db.withScope(scopeOf(by), (tx) => claimDue(tx, wanted));
  };
  for (;;) {
    while (running.size < MOST_AT_ONCE && failures.length === 0 && !signal.aborted) {
      const due = await claim();
      if (due === undefined) break;
      const work = tellOne(deps, by, due, signal).then(
        (isTold) => {
          if (isTold) told += 1;
        },
        (error: unknown) => void failures.push(error),
      );
      running.set(
        due.node_id,
        work.finally(() => running.delete(due.node_id)),
      );
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failures.length > 0) throw failures[0];
  await db.withScope(scopeOf(by), (tx) => forgetRequests(tx, new Date(clock.now().getTime() - KEPT_MS)));
  return told;
}

async function tellOne(deps: TellingDeps, by: Service, due: DueRequest, signal: AbortSignal): Promise<boolean> {
  const { db, clock } = deps;
  const node = await db.reading(scopeOf(by), (tx) => findNode(tx, due.node_id));
  if (node === undefined || !node.may_store || node.group_id !== due.group_id) {
    await db.withScope(scopeOf(by), (tx) => endRequest(tx, due.id, 'GIVEN_UP', clock.now()));
    return false;
  }
  const instances = due.instances.map(([sopClassUid, sopInstanceUid]) => ({ sopClassUid, sopInstanceUid }));
  const asked = { transactionUid: due.transaction_uid, instances };
  try {
    const report = reportOf(asked, await deps.certify(due.group_id, instances), deps.dicom.aeTitle);
    await send(askedOf(node, deps.dicom), report, signal);
    await end(deps, by, due, { status: 'TOLD', committed: report.committed, failed: report.failed });
    return true;
  } catch (error) {
    await putOff(deps, by, due, error);
    // The store or the database: the job says so, and the others have their turn when it is tried again.
    if (!(error instanceof AssociationFailure)) throw error;
    return false;
  }
}

/** One that was not told: later, or never where there is nobody to be told. */
async function putOff(deps: TellingDeps, by: Service, due: DueRequest, error: unknown): Promise<void> {
  const { db, clock } = deps;
  const outcome = error instanceof AssociationFailure ? error.outcome : undefined;
  // A network is nobody's address, now or later.
  if (outcome === 'NO_ADDRESS' || due.tries >= MOST_TRIES) {
    await end(deps, by, due, { status: 'GIVEN_UP', committed: 0, failed: 0 });
    return;
  }
  const now = clock.now();
  const nextAt = new Date(now.getTime() + pauseMs(due.tries));
  await db.withScope(scopeOf(by), async (tx) => {
    await tryLater(tx, due.id, nextAt);
    if (outcome !== undefined && AWAY.includes(outcome)) await nodeLater(tx, { nodeId: due.node_id, now, nextAt });
  });
}

/** One report in an association of its own. Fails with AssociationFailure, also where the device does not take it. */
async function send(asked: Asked, { command, dataset }: ReturnType<typeof reportOf>, signal: AbortSignal): Promise<void> {
  const association = await openAssociation(asked, { contexts: [CONTEXT], roles: ROLES, patience: PATIENCE, signal });
  const context = association.contexts.get(CONTEXT.id);
  if (context === undefined) {
    association.abort();
    throw new AssociationFailure('FAILED');
  }
  const bytes = writeIdentifier(dataset, context.transferSyntax);
  const { Status } = await association.ask(CONTEXT.id, command, oneRun(bytes));
  await association.release();
  if (Status !== STATUS.SUCCESS) throw new AssociationFailure('FAILED');
}

/** How it ended, with its line in the log of the node and its event. */
async function end(
  { db, audit, clock }: TellingDeps,
  by: Service,
  due: DueRequest,
  { status, committed, failed }: { status: 'TOLD' | 'GIVEN_UP'; committed: number; failed: number },
): Promise<void> {
  const now = clock.now();
  const { node_id: nodeId, group_id: groupId } = due;
  const isTold = status === 'TOLD';
  const event: NodeEvent = {
    ...({ nodeId, kind: 'COMMITMENT', isOurs: true, outcome: isTold ? 'OK' : 'FAILED' } as const),
    ...({ code: isTold ? null : 'NO_ANSWER' } as const),
    ...{ done: committed, warned: failed, failed: isTold ? 0 : 1 },
    of: `${due.id} ${now.getTime()}`,
  };
  await db.withScope(partition(groupId), async (tx) => {
    if (!(await endRequest(tx, due.id, status, now))) return;
    await addEvent(tx, event, now);
    await audit.record(tx, {
      ...{ action: 'dicom-node.commitment', actor: by, entityType: 'dicom-node' },
      ...{ entityId: nodeId, groupId, details: isTold ? { committed, failed } : { givenUp: true } },
    });
  });
}
