import { diskCare, health, jobCare, type KeyCare, keyCare, loadDemo, type ObjectCare, objectCare } from '@negatoscope/contract';
import { NOTHING, type Person, scopeOf } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import { countDamaged, listDamaged } from '../../archive/objects/stored-objects.ts';
import { hasAnyPatient } from '../../archive/records/patients.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import type { RedisState } from '../../platform/shared-state/index.ts';
import type { Audit } from '../audit/index.ts';
import { diskOf } from './disk.ts';
import { type JobPorts, jobsOf } from './job-care.ts';
import { readState, type ScrubRow } from './scrub-state.ts';

export { roomOf } from './disk.ts';

export interface SystemPorts {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly audit: Audit;
  readonly version: string;
  readonly clock: Clock;
  readonly scrubDays: number;
  /** Whose disk has room, or none. */
  readonly dataDir: string;
  readonly checkQueue: () => Promise<void>;
  readonly redis: () => RedisState;
  readonly jobs: JobPorts;
  /** What is sealed with a key outside the database, and how much of it that key opens. */
  readonly sealed: (actor: Person) => Promise<KeyCare['items']>;
  /** Opens the import that the demonstration set goes into and sends the job that fills it. */
  readonly startDemo: (actor: Person) => Promise<string>;
}

const TIMEOUT_MS = 2_000;

/** `OK`, `FULL` when there is no room, or `UNAVAILABLE`, also after two seconds: a part that hangs is down. */
async function stateOf(check: () => Promise<void>): Promise<'OK' | 'FULL' | 'UNAVAILABLE'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return 'OK';
  } catch (error) {
    return error instanceof Failure && error.code === 'STORAGE_FULL' ? 'FULL' : 'UNAVAILABLE';
  } finally {
    clearTimeout(timer);
  }
}

export function registerSystem(router: Router, ports: SystemPorts): void {
  router.handle(health, async () => {
    let damagedObjects = 0;
    const [database, objects, queue] = await Promise.all([
      // The count is the sign of life as well: health is asked often, and one round trip is enough. Not only reading: a replica begins no other transaction.
      stateOf(async () => {
        damagedObjects = await ports.db.withScope(NOTHING, countDamaged);
      }),
      stateOf(() => ports.objects.check()),
      stateOf(ports.checkQueue),
    ]);
    const down = Object.entries({ database, objects, queue }).filter(([, state]) => state === 'UNAVAILABLE');
    if (down.length > 0)
      throw new Failure('UNAVAILABLE', {
        detail: `Not answering: ${down.map(([part]) => part).join(', ')}.`,
        retryAfterSeconds: 5,
      });
    const waitingObjects = ports.objects.waiting.objects;
    // A full disk is no reason to replace or to leave this server: what is stored is there.
    const isFull = objects === 'FULL';
    return {
      ...{ status: isFull ? ('READ_ONLY' as const) : ('OK' as const), objects: isFull ? ('FULL' as const) : ('OK' as const) },
      ...{ database, queue, redis: ports.redis(), damagedObjects, waitingObjects, version: ports.version },
    };
  });
  router.handle(objectCare, ({ actor }) => careOf(ports, actor));
  router.handle(diskCare, ({ actor }) => diskOf(ports, actor));
  router.handle(jobCare, () => jobsOf(ports));
  router.handle(keyCare, async ({ actor }) => ({ items: await ports.sealed(actor) }));
  router.handle(loadDemo, async ({ actor, reply }) => {
    if (await ports.db.reading(scopeOf(actor), hasAnyPatient))
      throw new Failure('CONFLICT', { detail: 'The demonstration set is for an empty server.' });
    const importId = await ports.startDemo(actor);
    await ports.audit.note({ action: 'system.demo', actor, entityType: 'import', entityId: importId });
    void reply.code(202);
    return { importId };
  });
}

const DAY_MS = 86_400_000;
const LISTED = 100;
const shareOf = (busyMs: number | null, awakeMs: number | null): number =>
  busyMs === null || awakeMs === null || awakeMs === 0 ? 0 : Number((busyMs / awakeMs).toFixed(4));

async function careOf({ db, clock, scrubDays: days }: SystemPorts, actor: Person): Promise<ObjectCare> {
  const { state, damaged, rows } = await db.reading(scopeOf(actor), async (tx) => ({
    state: await readState(tx),
    damaged: await countDamaged(tx),
    rows: await listDamaged(tx, LISTED),
  }));
  return {
    damaged,
    items: rows.map(({ id, kind, reason, found_at, study_instance_uid }) => ({
      id,
      kind,
      reason: reason as ObjectCare['items'][number]['reason'], // The table's own check.
      foundAt: found_at.toISOString(),
      studyInstanceUid: study_instance_uid,
    })),
    days,
    current: state === undefined ? null : currentOf(state, { now: clock.now(), days }),
    last: state === undefined ? null : lastOf(state),
  };
}

const currentOf = (state: ScrubRow, { now, days }: { now: Date; days: number }): ObjectCare['current'] => ({
  startedAt: state.started_at.toISOString(),
  objects: state.objects,
  totalObjects: Math.max(state.total_objects, state.objects),
  share: shareOf(state.busy_ms, state.awake_ms),
  isLate: now.getTime() - state.started_at.getTime() > days * DAY_MS,
});

function lastOf(state: ScrubRow): ObjectCare['last'] {
  const { last_started_at: begun, last_finished_at: ended } = state;
  if (begun === null || ended === null) return null;
  const share = shareOf(state.last_busy_ms, state.last_awake_ms);
  return {
    startedAt: begun.toISOString(),
    finishedAt: ended.toISOString(),
    objects: state.last_objects ?? 0,
    bytes: state.last_bytes ?? 0,
    share,
  };
}
