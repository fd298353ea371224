import { setTimeout as sleep } from 'node:timers/promises';
import { NOTHING, requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db, ReadTx } from '../../../platform/db/database.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { Audit } from '../../audit/index.ts';
import { Named } from '../client/answers.ts';
import type { OrthancClient } from '../client/client.ts';
import { OrthancFailure } from '../client/failure.ts';
import { isOnlyFollower } from '../feed/repository.ts';
import { retryAfterMs } from '../feed/retry.ts';
import { isOnlySender } from '../send/outbox.ts';
import * as repository from './repository.ts';

export interface ErasePorts {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  readonly client: OrthancClient;
  readonly by: Service;
  readonly url: string;
  /** For those who follow and send to come to the end of their turn. */
  readonly turnMs?: number;
}

const AT_ONCE = 20;
/** Longer than a turn of those who follow and send. */
const TURN_MS = 30_000;
const LOOK_MS = 100;

/**
 * Deletes in Orthanc what is there of patients who were erased here. Nothing is fetched from there nor sent there meanwhile: what is on its way would stand there, or here, afterwards. What fails is tried
 * again, for as long as it takes.
 */
export async function eraseThere(ports: ErasePorts, signal: AbortSignal): Promise<void> {
  const { db, clock, url, turnMs = TURN_MS } = ports;
  const find = (tx: ReadTx) => repository.findDue(tx, url, clock.now(), AT_ONCE);
  if ((await db.reading(NOTHING, find)).length === 0) return;
  await db.reading(NOTHING, async (tx) => {
    for (const isOnly of [isOnlyFollower, isOnlySender]) if (!(await waited(() => isOnly(tx), turnMs, signal))) return;
    for (const one of await db.reading(NOTHING, find)) {
      if (signal.aborted) return;
      await eraseOne(ports, one);
    }
  });
}

async function waited(isFree: () => Promise<boolean>, ms: number, signal: AbortSignal): Promise<boolean> {
  for (const until = performance.now() + ms; ; await sleep(LOOK_MS)) {
    if (await isFree()) return true;
    if (signal.aborted || performance.now() >= until) return false;
  }
}

async function eraseOne(ports: ErasePorts, one: repository.DueErasing): Promise<void> {
  const { db, audit, clock, by, log } = ports;
  requirePermission(by, 'trash.purge');
  const key = { erasureId: one.erasure_id, feedId: one.feed_id };
  const patient = one.patient_id === null ? {} : { entityId: one.patient_id, patientId: one.patient_id };
  const event = { actor: by, entityType: 'patient', ...patient } as const;
  const erasure = one.erasure_id;
  try {
    await deleteAll(ports, one);
    await db.withScope(scopeOf(by), async (tx) => {
      const done = await repository.noteDone(tx, key, clock.now());
      await repository.noteExpected(tx, one.feed_id, one.instances, clock.now());
      const details = { erasure, studies: done?.deleted ?? 0, shared: done?.shared ?? 0 };
      await audit.record(tx, { ...event, action: 'patient.erased-in-orthanc', details });
    });
  } catch (error) {
    if (!(error instanceof OrthancFailure)) throw error;
    const attempts = one.attempts + 1;
    const retryAt = new Date(clock.now().getTime() + retryAfterMs(attempts, 'soon'));
    await db.withScope(scopeOf(by), async (tx) => {
      await repository.postpone(tx, key, { attempts, retryAt, failure: error.code });
      // Once for each reason: it is tried for as long as Orthanc is away.
      if (one.failure !== error.code)
        await audit.record(tx, {
          ...event,
          action: 'patient.erasure-in-orthanc-failed',
          outcome: 'FAILURE',
          details: { erasure, code: error.code },
        });
    });
    log.warn(
      { erasure: one.erasure_id, code: error.code, attempts, retryAt },
      'who was erased here is not erased in Orthanc yet',
    );
  }
}

/** Studies by their names, then those in which an instance still is that is known: it may stand under another Patient ID there. */
async function deleteAll(ports: ErasePorts, { erasure_id, feed_id, studies, instances }: repository.DueErasing): Promise<void> {
  const { client, db } = ports;
  const key = { erasureId: erasure_id, feedId: feed_id };
  const remove = async (study: string): Promise<void> => {
    if (!(await client.remove(`/studies/${study}`))) return;
    await db.withScope(NOTHING, (tx) => repository.countDeleted(tx, key));
    // What it says that it deleted is asked for.
    if ((await client.json(`/studies/${study}`, Named)) !== undefined) throw new OrthancFailure('BAD_ANSWER');
  };
  for (const study of studies) await remove(study);
  for (const instance of instances) {
    const found = await client.json(`/instances/${instance}/study`, Named);
    if (found !== undefined) await remove(found.ID);
  }
}
