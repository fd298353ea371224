import { type OrthancDeletions, orthancMissing, orthancStatus } from '@negatoscope/contract';
import { NOTHING, type Service, service } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import { findGroup } from '../../archive/partitions.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Db, ReadTx, Tx } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/log/log.ts';
import type { Loop } from '../../platform/queue/job.ts';
import type { Audit } from '../audit/index.ts';
import { openClient, PATIENCE, type Patience } from './client/client.ts';
import { bringBack } from './compare/bring-back.ts';
import { compare } from './compare/compare.ts';
import { decideMissing } from './compare/decide.ts';
import { settler } from './compare/settle.ts';
import { eraseThere } from './erase/erase.ts';
import { type NotedErasure, noteErased } from './erase/note.ts';
import { isToBeErased } from './erase/repository.ts';
import { erasedThere } from './erase/states.ts';
import { Breaker } from './feed/breaker.ts';
import type { FollowTools } from './feed/changes.ts';
import { follow } from './feed/follow.ts';
import type { Keeper } from './feed/keeper.ts';
import { type InstanceIdentity, studyIdOf } from './feed/orthanc-id.ts';
import { registerProxy } from './proxy/proxy.ts';
import { isSentFromHere, queue } from './send/outbox.ts';
import type { OutgoingTools } from './send/outgoing.ts';
import { send } from './send/send.ts';
import { statusOf } from './watch/status.ts';
import { createWatcher } from './watch/watcher.ts';

export type { Keeper, Received } from './feed/keeper.ts';
export { orthancFigures } from './watch/figures.ts';

/** Where an Orthanc is, and of which group is what comes from there. */
export interface OrthancPlace {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly group: string | undefined;
  /** Whether what arrives here is sent there. */
  readonly send: boolean;
  /** What is done about what was deleted there. */
  readonly deletions: OrthancDeletions;
}

export interface FeedPorts {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  /** Keeps what comes in a group (null is none), in the one pipeline of ingest. */
  readonly openKeeper: (by: Service, groupId: string | null) => Keeper;
  readonly place: OrthancPlace;
  readonly patience?: Patience;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

export interface OrthancPorts {
  readonly db: Db;
  readonly audit: Audit;
  /** Undefined where there is none. */
  readonly place: OrthancPlace | undefined;
  /** Of what is passed on to it. */
  readonly maxBodyBytes: number;
}

/** Joins what an administrator asks of and about an Orthanc to the router. */
export function registerOrthanc(router: Router, { db, audit, place, maxBodyBytes }: OrthancPorts): void {
  router.handle(orthancStatus, ({ actor }) => statusOf(db, actor, place));
  router.handle(orthancMissing, async ({ actor, body }) => {
    await decideMissing({ db, audit, place }, actor, body);
    return statusOf(db, actor, place);
  });
  if (place !== undefined) registerProxy(router, { audit, access: place, maxBodyBytes, idleMs: PATIENCE.idleMs });
}

const PAUSE_MS = 1_000;

/** Who brings what comes from Orthanc: it sees identities, since whose images these are is asked of them. */
const feedService = (deletions: OrthancDeletions): Service =>
  service('orthanc', ['imports.create', 'patients.identity', ...(deletions === 'trash' ? (['trash.move'] as const) : [])]);

/** Follows the changes of an Orthanc, whoever of several processes comes first. */
export function orthancFeed({
  db,
  audit,
  clock,
  log,
  openKeeper,
  place,
  patience = PATIENCE,
  now = () => performance.now(),
}: FeedPorts): Loop {
  const client = openClient(place, patience);
  const by = feedService(place.deletions);
  const groupId = async (): Promise<string | null> => {
    const { group } = place;
    if (group === undefined) return null;
    const found = await db.reading(NOTHING, (tx) => findGroup(tx, group));
    // Nobody's would be everybody's.
    if (found === undefined) throw new Failure('UNPROCESSABLE', { detail: 'ORTHANC_GROUP names no group.' });
    return found;
  };
  const settle = settler({ db, audit, clock, log, by, deletions: place.deletions });
  const newBreaker = (): Breaker => new Breaker(now);
  const ports = {
    ...{ db, clock, log, client, url: place.url },
    isOurs: (md5: Buffer) => db.reading(NOTHING, (tx) => isSentFromHere(tx, md5)),
    isErased: (instance: string, identity: InstanceIdentity) =>
      db.reading(NOTHING, (tx) => isToBeErased(tx, place.url, { instance, study: studyIdOf(identity) })),
    watch: createWatcher({ db, clock, log, client, access: place, patience }),
    ...{ breaker: newBreaker(), againBreaker: newBreaker() },
    bringBack: (instanceIds: readonly string[]) => bringBack({ db, audit, clock, by }, instanceIds),
    compare: (tools: FollowTools, signal: AbortSignal) => compare({ ...tools, settle }, signal),
    openKeeper: async () => openKeeper(by, await groupId()),
  };
  return { name: 'orthanc-feed', pauseMs: PAUSE_MS, step: (signal) => follow(ports, signal) };
}

export type ErasingPorts = Pick<FeedPorts, 'db' | 'audit' | 'clock' | 'log' | 'patience'> & {
  readonly place: Pick<OrthancPlace, 'url' | 'username' | 'password'>;
};

/** Deletes in an Orthanc what is there of patients who were erased here, whoever of several processes comes first. */
export function orthancErasing({ place, patience = PATIENCE, ...tools }: ErasingPorts): Loop {
  const by = service('orthanc-erase', ['trash.purge']);
  const ports = { ...tools, client: openClient(place, patience), by, url: place.url };
  return { name: 'orthanc-erase', pauseMs: PAUSE_MS, step: (signal) => eraseThere(ports, signal) };
}

/** Where erasures reach beyond this server; nothing where there is no Orthanc. */
export const orthancCopies = (place: Pick<OrthancPlace, 'url'> | undefined) => ({
  note: async (tx: Tx, noted: NotedErasure): Promise<void> => {
    if (place !== undefined) await noteErased(tx, place.url, noted);
  },
  find: async (tx: ReadTx, ids: readonly string[]): ReturnType<typeof erasedThere> =>
    place === undefined ? new Map() : erasedThere(tx, place.url, ids),
});

/** Notes what was stored, in its transaction, to be sent there. */
export const queueForOrthanc = queue;

export interface SendingPorts extends OutgoingTools {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  readonly place: Pick<OrthancPlace, 'url' | 'username' | 'password'>;
  readonly patience?: Patience;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

/** Sends to an Orthanc what waits for it, whoever of several processes comes first. */
export function orthancSending({ place, patience = PATIENCE, now = () => performance.now(), ...tools }: SendingPorts): Loop {
  const client = openClient(place, patience);
  const by = service('orthanc-send', ['studies.read', 'patients.identity']);
  const ports = { ...tools, client, by, breaker: new Breaker(now), url: place.url };
  return { name: 'orthanc-send', pauseMs: PAUSE_MS, step: (signal) => send(ports, signal) };
}
