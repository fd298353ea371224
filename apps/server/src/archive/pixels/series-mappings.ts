import { type FrameMeasure, type SeriesMapping, seriesMappingOf } from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import { filling } from '../../kernel/filling-cache.ts';
import { encodedFrame, isImage, isUnreadable, type PixelSource } from './decoded-frames.ts';
import { withFrameMemory } from './frame-memory.ts';
import { planOfFrame } from './frame-plan.ts';
import type { SeriesHandle } from './handles.ts';
import type { InstanceEntry, SeriesTables } from './series-table.ts';

export interface FoundMapping {
  /** Undefined for a series without a grayscale frame that can be read. */
  readonly mapping: SeriesMapping | undefined;
  /** True when every frame was measured; false when the first, middle and last stand for others. */
  readonly isWhole: boolean;
}

/** The mapping of frames that store no window; one answer for a version of a series, whoever asks. */
export interface SeriesMappings {
  of(series: SeriesHandle): Promise<FoundMapping>;
}

const MAX_KEPT = 10_000;

/** One frame of a series, from 0. */
export interface Place {
  readonly entry: InstanceEntry;
  readonly frame: number;
}

/** So many frames stand for all of a series. */
export const SAMPLES = 3;

const framesOf = (images: readonly InstanceEntry[]): number => images.reduce((sum, { frames }) => sum + frames, 0);

/** First, middle and last frame of the images of a series, all its frames counted in one row. */
export function samplePlaces(entries: readonly InstanceEntry[]): Place[] {
  const images = entries.filter(isImage);
  const total = framesOf(images);
  const wanted = [...new Set([0, Math.floor(total / 2), total - 1])];
  const places: Place[] = [];
  let before = 0;
  for (const entry of images) {
    for (const at of wanted) if (at >= before && at < before + entry.frames) places.push({ entry, frame: at - before });
    before += entry.frames;
  }
  return places;
}

/** What a frame says of the range of its series; undefined for colour and for what can't be read, which costs only itself. */
async function measure(ports: PixelSource, { entry, frame }: Place): Promise<FrameMeasure | undefined> {
  try {
    const plan = await planOfFrame(ports, entry, frame);
    if (plan.kind !== 'gray') return undefined;
    return await withFrameMemory(ports, entry, { frame, isDecoded: true }, async () =>
      ports.codecs.measureFrame(await encodedFrame(ports, entry, frame), plan),
    );
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** Frames that are read and decoded at the same time. */
const AT_ONCE = 4;

/** The mapping that these frames have together; undefined when none of them is gray and can be read. */
export async function measuredMapping(ports: PixelSource, places: Iterable<Place>): Promise<SeriesMapping | undefined> {
  const measures: FrameMeasure[] = [];
  const waiting = places[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      const one = await measure(ports, next.value);
      if (one !== undefined) measures.push(one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return measures.length === 0 ? undefined : seriesMappingOf(measures);
}

export function createSeriesMappings(ports: PixelSource & { readonly tables: SeriesTables }): SeriesMappings {
  const known = new LRUCache<string, Promise<FoundMapping>>(filling(MAX_KEPT));

  async function sampled(series: SeriesHandle): Promise<FoundMapping> {
    const { instances } = await ports.tables.load(series);
    const places = samplePlaces(instances);
    const isWhole = places.length === framesOf(instances.filter(isImage));
    return { mapping: await measuredMapping(ports, places), isWhole };
  }

  return {
    of: async (series) => {
      if (series.mapping !== undefined) return { mapping: series.mapping, isWhole: true };
      const key = `${series.seriesId}:${series.version}`;
      const pending =
        known.get(key) ??
        sampled(series).catch((error: unknown) => {
          known.delete(key);
          throw error;
        });
      known.set(key, pending);
      return pending;
    },
  };
}
