import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { NOTHING, type Service, scopeOf } from '../../../access/index.ts';
import { readIndexValues } from '../../../archive/coercion/index.ts';
import { findSendable } from '../../../archive/records/sendable.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { Audit } from '../../audit/index.ts';
import { NamedInstance, Stored } from '../client/answers.ts';
import type { OrthancClient } from '../client/client.ts';
import { OrthancFailure } from '../client/failure.ts';
import type { Breaker } from '../feed/breaker.ts';
import * as feeds from '../feed/repository.ts';
import { retryAfterMs } from '../feed/retry.ts';
import * as outbox from './outbox.ts';
import { type Outgoing, type OutgoingTools, outgoing } from './outgoing.ts';

export interface SendPorts extends OutgoingTools {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  readonly client: OrthancClient;
  readonly breaker: Breaker;
  readonly by: Service;
  readonly url: string;
}

const TURN_MS = 20_000;
const TOGETHER = 64;
const AT_A_TIME = 4;
/** What may not leave (in the trash, or waiting to be filed) is looked at again then. */
const LATER_MS = 3_600_000;

/** One turn of sending what waits; one process at a time does it. */
export async function send(ports: SendPorts, signal: AbortSignal): Promise<void> {
  const { db, breaker, clock } = ports;
  if (breaker.isOpen) return;
  await db.reading(NOTHING, async (tx) => {
    if (!(await outbox.isOnlySender(tx))) return;
    const until = performance.now() + TURN_MS;
    while (!breaker.isOpen && !signal.aborted && performance.now() < until) {
      const due = await db.reading(NOTHING, (reading) => outbox.findDue(reading, clock.now(), TOGETHER));
      if (due.length === 0) return;
      await sendAll(ports, due, signal);
    }
  });
}

interface Waiting {
  readonly instance_id: string;
  readonly attempts: number;
}

async function sendAll(ports: SendPorts, due: readonly Waiting[], signal: AbortSignal): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < due.length && !ports.breaker.isOpen && !signal.aborted) {
      const one = due[next];
      next += 1;
      if (one !== undefined) await sendOne(ports, one);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_A_TIME }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function sendOne(ports: SendPorts, { instance_id: id, attempts }: Waiting): Promise<void> {
  const { db, breaker, clock, log } = ports;
  const after = (ms: number): Date => new Date(clock.now().getTime() + ms);
  const postpone = (fields: outbox.Postponed): Promise<number> => db.withScope(NOTHING, (tx) => outbox.postpone(tx, id, fields));
  try {
    if (await give(ports, id)) breaker.succeeded();
    else await postpone({ attempts, retryAt: after(LATER_MS), failure: null });
  } catch (error) {
    const isOrthancs = error instanceof OrthancFailure && !isRefusal(error);
    if (isOrthancs) breaker.failed();
    const retryAt = after(retryAfterMs(attempts + 1, isOrthancs ? 'soon' : 'late'));
    // A fault of ours with one of them keeps no other from going, either.
    const isTold = error instanceof OrthancFailure || error instanceof Failure;
    const code = isTold ? error.code : 'ERROR';
    await postpone({ attempts: attempts + 1, retryAt, failure: code });
    const details = { instance: id, code, attempts: attempts + 1, retryAt };
    log.warn(isTold ? details : { ...details, err: error }, 'an instance is not sent to Orthanc yet');
  }
}

/** It was read and not taken, or another one is there under the same name: it will be so the next time, too. */
const isRefusal = ({ code, status = 0 }: OrthancFailure): boolean =>
  code === 'OTHER_INSTANCE' || code === 'NOT_KEPT' || (code === 'ERROR' && status >= 400 && status < 500);

/** Sends one instance; false where it may not leave. Fails with an OrthancFailure, and as the store does. */
async function give(ports: SendPorts, id: string): Promise<boolean> {
  const { db, audit, by } = ports;
  const found = await db.reading(scopeOf(by), async (tx) => {
    const instance = await findSendable(tx, id);
    return instance && { instance, values: await readIndexValues(tx, instance.study_id) };
  });
  if (found === undefined) return false;
  const { study_id: studyId, patient_id: patientId, group_id: groupId, size_bytes: sizeBytes } = found.instance;
  const file = await outgoing(ports, { id, sizeBytes }, found.values);
  try {
    await audit.use(by, { studyId, patientId, groupId, kind: 'send', sentTo: 'Orthanc' });
    return await hand(ports, id, file);
  } finally {
    await file.discard();
  }
}

async function requireKept(client: OrthancClient, orthancId: string): Promise<void> {
  if ((await client.json(`/instances/${orthancId}`, NamedInstance)) === undefined) throw new OrthancFailure('BAD_ANSWER');
}

/** False where it was erased meanwhile. */
async function hand({ db, client, clock, url }: SendPorts, id: string, file: Outgoing): Promise<boolean> {
  const hash = createHash('md5');
  for await (const chunk of file.bytes()) hash.update(chunk);
  const md5 = hash.digest();
  const begun = await db.withScope(NOTHING, (tx) => outbox.noteBegun(tx, id, md5));
  if (begun === undefined) return false;
  const body = { stream: Readable.from(file.bytes()), length: file.sizeBytes };
  const { ID: orthancId, Status: status } = await client.post('/instances', body, Stored);
  const isKept = status === 'AlreadyStored';
  // A filter of its own: it names what it did not keep, with a 200.
  if (!isKept && status !== 'Success') throw new OrthancFailure('NOT_KEPT');
  // What it says that it has is what was sent, now or by an attempt whose answer was lost: its own hash of it, where it keeps one.
  const told = await client.md5(orthancId);
  if (told === undefined) await requireKept(client, orthancId);
  const there = told === undefined ? md5 : (isKept ? begun : [md5]).find((one) => one.toString('hex') === told);
  if (there === undefined) throw new OrthancFailure(isKept ? 'OTHER_INSTANCE' : 'CUT');
  await db.withScope(NOTHING, async (tx) => {
    const feed = await feeds.requireFeed(tx, url);
    const note = {
      orthancId,
      md5: there,
      instanceId: id,
      outcome: 'duplicate' as const,
      reason: null,
      attempts: 0,
      retryAt: null,
    };
    await feeds.noteInstances(tx, { feedId: feed.id, epoch: feed.epoch, now: clock.now() }, [note]);
    await outbox.noteSent(tx, id);
  });
  return true;
}
