import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { requirePermission, type Service, scopeOf } from '../../access/index.ts';
import { unpackSeriesMetadata } from '../../archive/metadata/series-metadata.ts';
import { noteHealed } from '../../archive/objects/damage.ts';
import { countObjects, type NamedObject, nextObjects, noteMetadataHash } from '../../archive/objects/stored-objects.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import type { DamageReason, GuardedObjects } from '../../platform/objects/store/index.ts';
import type { JobReport } from '../../platform/queue/job.ts';
import * as repository from './scrub-state.ts';

export interface ScrubTools {
  readonly db: Db;
  readonly by: Service;
  readonly objects: GuardedObjects;
  readonly clock: Clock;
  readonly kinds: RowKinds;
  /** Every object is read within this time. */
  readonly days: number;
  /** Share of a core that reading may take; 0.1 unless a test or a measurement says otherwise. */
  readonly maxShare?: number;
  /** Makes the metadata of a series anew from its instances. */
  readonly rebuildMetadata: (by: Service, seriesId: string) => Promise<void>;
}

export const MAX_SHARE = 0.1;
/** A pass is planned to end before its time is over: what comes in meanwhile is read too. */
const PLANNED = 0.9;
const DAY_MS = 86_400_000;
const SLICE_MS = 45_000;
const PAGE = 100;

/**
 * Reads on from where the last run came to, as far as time is due: so much of all objects as of the days has passed. Damaged ones are noted, which
 * logs them; noted ones that are whole again are taken off the list. Only one process at a time does it. Idempotent.
 */
export async function scrub(tools: ScrubTools, signal: AbortSignal): Promise<JobReport> {
  const { db, clock, by, kinds } = tools;
  requirePermission(by, 'system.manage');
  const scope = scopeOf(by);
  const until = performance.now() + SLICE_MS;
  const sum = { objects: 0, bytes: 0, damaged: 0 };
  while (!signal.aborted && performance.now() < until) {
    const state = await db.reading(scope, (tx) => repository.readState(tx));
    if (state === undefined) {
      await db.withScope(scope, async (tx) => repository.beginPass(tx, clock.now(), await countObjects(tx, kinds)));
      continue;
    }
    const wanted = Math.min(PAGE, due(state, tools) - state.objects);
    if (wanted <= 0) break;
    const page = await db.reading(scope, (tx) => nextObjects(tx, kinds, { after: state.position, limit: wanted }));
    if (page.length === 0) {
      await db.withScope(scope, async (tx) => repository.beginPass(tx, clock.now(), await countObjects(tx, kinds)));
      break;
    }
    const done = await readPage(tools, page, { signal, until });
    sum.objects += done.objects;
    sum.bytes += done.bytes;
    sum.damaged += done.damaged;
  }
  return sum;
}

/** How many objects of a pass are to have been read by now: one more than it is time for, so that the last one is, too. */
function due({ started_at: startedAt, total_objects: total }: repository.ScrubRow, { clock, days }: ScrubTools): number {
  const passed = (clock.now().getTime() - startedAt.getTime()) / (days * DAY_MS * PLANNED);
  // More may be there than were counted: behind its time a pass goes on to the end.
  return passed >= 1 ? Number.POSITIVE_INFINITY : Math.floor(total * passed) + 1;
}

async function readPage(
  tools: ScrubTools,
  page: readonly NamedObject[],
  { signal, until }: { signal: AbortSignal; until: number },
): Promise<{ objects: number; bytes: number; damaged: number }> {
  const { maxShare = MAX_SHARE } = tools;
  const progress = { position: '', objects: 0, bytes: 0, damaged: 0, busyMs: 0, awakeMs: 0 };
  for (const object of page) {
    if (signal.aborted || performance.now() > until) break;
    const begun = performance.now();
    const cpu = process.cpuUsage();
    progress.bytes += await tools.objects.size(object.id).catch(() => 0);
    if (await look(tools, object)) progress.damaged += 1;
    const { user, system } = process.cpuUsage(cpu);
    const busyMs = (user + system) / 1000;
    // What else this process did meanwhile counts as well: the share is never under-stated.
    const restMs = busyMs / maxShare - (performance.now() - begun);
    if (restMs > 0) await sleep(restMs, undefined, { signal }).catch(() => undefined);
    progress.objects += 1;
    progress.position = object.id;
    progress.busyMs += busyMs;
    progress.awakeMs += performance.now() - begun;
  }
  if (progress.objects > 0) await tools.db.withScope(scopeOf(tools.by), (tx) => repository.notePosition(tx, progress));
  return progress;
}

/** True for an object that was found damaged. */
async function look(tools: ScrubTools, object: NamedObject): Promise<boolean> {
  const { db, objects, by } = tools;
  const reason = object.series_id !== null ? await examineMetadata(tools, object) : await examineFile(objects, object);
  if (reason === undefined) {
    if (await objects.isDamaged(object.id)) await db.withScope(scopeOf(by), (tx) => noteHealed(tx, [object.id]));
    return false;
  }
  // Nothing names it any more when it was deleted meanwhile.
  const isNew = await objects.mark(object.id, reason);
  if (object.series_id !== null && (isNew || (await objects.isDamaged(object.id)))) await rebuild(tools, object.series_id);
  return isNew;
}

/** Where an instance is damaged too, the series waits for both to be healed. */
async function rebuild({ rebuildMetadata, by }: ScrubTools, seriesId: string): Promise<void> {
  try {
    await rebuildMetadata(by, seriesId);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

const examineFile = async (
  objects: GuardedObjects,
  { id, size_bytes, sha256 }: NamedObject,
): Promise<DamageReason | undefined> =>
  size_bytes === null || sha256 === null ? undefined : objects.examine({ id, sizeBytes: size_bytes, sha256 });

async function examineMetadata({ db, objects, by }: ScrubTools, { id, sha256 }: NamedObject): Promise<DamageReason | undefined> {
  if (sha256 !== null) return objects.examine({ id, sha256 });
  try {
    const bytes = await objects.read(id, 0, await objects.size(id));
    unpackSeriesMetadata(bytes);
    await db.withScope(scopeOf(by), (tx) => noteMetadataHash(tx, id, createHash('sha256').update(bytes).digest()));
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.code === 'OBJECT_DAMAGED') return 'MISSING';
    if (error instanceof Failure && error.cause === undefined) return 'HASH';
    throw error;
  }
}
