import { type DicomJsonObject, framePlanOf, needsSeriesMapping, PixelError, type SeriesMapping } from '@negatoscope/dicom';
import { requirePermission, type Service, type ServiceJob, scopeOf, serviceJob } from '../../access/index.ts';
import { readSeriesMetadata } from '../../archive/metadata/series-metadata.ts';
import {
  bulkReader,
  createPixelSource,
  findUnmapped,
  type InstanceEntry,
  isImage,
  keepMapping,
  measuredMapping,
  type PixelSource,
  type Place,
  passShort,
} from '../../archive/pixels/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import { inflatedText } from '../../platform/workers/inflated-text.ts';
import { createHeavyWork } from './heavy.ts';
import { MAP_SERIES } from './job-kinds.ts';
import { inflatedQuickly } from './stored-json.ts';

export interface MappingJobTools {
  readonly db: Db;
  readonly objects: GuardedObjects;
  readonly clock: Clock;
}

/** As long as packing waits: a series that is still growing would be measured again and again. */
const QUIET_AFTER_MS = 5 * 60_000;
const SERIES_A_RUN = 200;
const SHORT_A_RUN = 1_000;

/** Whether a frame of this instance stores no window and is of no kind that has one. */
async function needsMapping(source: PixelSource, entry: InstanceEntry, json: DicomJsonObject): Promise<boolean> {
  for (let frame = 0; frame < entry.frames; frame += 1) {
    try {
      if (needsSeriesMapping(await framePlanOf(json, frame, bulkReader(source, entry)))) return true;
    } catch (error) {
      if (!(error instanceof PixelError)) throw error;
    }
    // What differs between frames stands in their functional groups only.
    if (json['52009230'] === undefined) return false;
  }
  return false;
}

async function mappingOf(
  source: PixelSource & Pick<MappingJobTools, 'objects'>,
  images: readonly InstanceEntry[],
  packed: string,
): Promise<SeriesMapping | undefined> {
  const jsonOf = new Map((await readSeriesMetadata(source.objects, packed)).map(({ instanceId, json }) => [instanceId, json]));
  for (const entry of images) {
    const deflated = jsonOf.get(entry.id);
    if (deflated === undefined) continue;
    const json: DicomJsonObject = JSON.parse((inflatedQuickly(deflated) ?? inflatedText(deflated)).toString('utf8')); // Written by ingest.
    if (await needsMapping(source, entry, json)) return measuredMapping(source, placesOf(images));
  }
  return undefined;
}

function* placesOf(images: readonly InstanceEntry[]): Generator<Place> {
  for (const entry of images) for (let frame = 0; frame < entry.frames; frame += 1) yield { entry, frame };
}

/**
 * Finds the mapping of packed series that nothing was added to for five minutes from all their frames, where a frame needs one, and tells the web
 * processes; of series of three frames at the most there is nothing to find. A series whose files can't be read keeps the mapping of its first, middle and last frame.
 * Gives the number of series. Idempotent.
 */
export async function mapSeries(
  { db, objects, clock, by }: MappingJobTools & { readonly by: Service },
  signal?: AbortSignal,
): Promise<number> {
  requirePermission(by, 'studies.read');
  const scope = scopeOf(by);
  const quietSince = new Date(clock.now().getTime() - QUIET_AFTER_MS);
  let done = 0;
  for (let some = SHORT_A_RUN; some === SHORT_A_RUN && signal?.aborted !== true; done += some)
    some = await db.withScope(scope, (tx) => passShort(tx, quietSince, SHORT_A_RUN));
  const series = await db.reading(scope, (tx) => findUnmapped(tx, quietSince, SERIES_A_RUN));
  if (series.length === 0) return done;
  const heavy = createHeavyWork();
  const pixels = createPixelSource({ db, objects, headers: heavy });
  try {
    for (const { id, version, metadata_object: packed } of series) {
      if (signal?.aborted === true) break;
      const { instances } = await pixels.tables.load({ seriesId: id, version, scope });
      const mapping = await mappingOf(pixels, instances.filter(isImage), packed).catch((error: unknown) => {
        // A header that is longer than any that is read is one that can't be read.
        if (error instanceof Failure || error instanceof RangeError) return undefined;
        throw error;
      });
      await db.withScope(scope, (tx) => keepMapping(tx, { id, version }, mapping));
      done += 1;
    }
  } finally {
    await pixels.close();
    await heavy.close();
  }
  return done;
}

export const mappingJobs = (tools: MappingJobTools): ServiceJob[] => [
  serviceJob(MAP_SERIES, ['studies.read'], async (by, _payload, { signal }) => {
    let series = 0;
    for (let some = 1; some > 0 && !signal.aborted; series += some) some = await mapSeries({ ...tools, by }, signal);
    return { series };
  }),
];
