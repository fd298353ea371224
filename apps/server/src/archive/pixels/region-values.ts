import { type Region, type RegionStatistics, suvOf } from '@negatoscope/dicom';
import { encodedFrame, isUnreadable, type PixelSource } from './decoded-frames.ts';
import { withFrameMemory } from './frame-memory.ts';
import { planOfFrame } from './frame-plan.ts';
import type { InstanceEntry } from './series-table.ts';

/** What stands in regions of one frame, from its stored pixels. */
export interface RegionValues {
  /** Of the values: `HU`, `Bq/ml` …; `SUV` for standardized uptake values by body weight; undefined when nothing says. */
  readonly unit: string | undefined;
  /** For each region in turn; undefined for one that holds no value. */
  readonly statistics: readonly (RegionStatistics | undefined)[];
}

const times = (factor: number, { count, mean, deviation, min, max }: RegionStatistics): RegionStatistics => ({
  ...{ count, mean: mean * factor, deviation: deviation * factor, min: min * factor, max: max * factor },
});

/**
 * Statistics of regions of a stored frame, `frame` from 0: modality values of all its pixels, as they were stored, in a thread; SUV where a PET allows it.
 * `COLOUR` has none; `UNREADABLE` is a frame that can't be decoded or is damaged, which costs only itself. Fails as the store does.
 */
export async function regionValues(
  source: PixelSource,
  entry: InstanceEntry,
  frame: number,
  regions: readonly Region[],
): Promise<RegionValues | 'COLOUR' | 'UNREADABLE'> {
  try {
    const plan = await planOfFrame(source, entry, frame);
    if (plan.kind !== 'gray') return 'COLOUR';
    const suv = suvOf((await source.locator.headerOf(entry, frame)).json);
    const statistics = await withFrameMemory(source, entry, { frame, isDecoded: true }, async () =>
      source.codecs.measureRegions(await encodedFrame(source, entry, frame), plan, regions),
    );
    if (suv.kind === 'none') return { unit: plan.unit, statistics };
    return { unit: 'SUV', statistics: statistics.map((one) => one && times(suv.factor, one)) };
  } catch (error) {
    if (isUnreadable(error)) return 'UNREADABLE';
    throw error;
  }
}
