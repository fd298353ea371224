import { ctVolume } from '../phantom/ct.ts';
import type { CtBase } from '../phantom/ct-protocols.ts';
import type { GeneratedInstance } from '../phantom/instance.ts';
import type { Seed } from '../prng.ts';
import { writeZip } from './zip.ts';
import type { ZipEntry } from './zip-records.ts';

export interface CtBatchOptions {
  readonly instances: number;
  readonly seed: Seed;
  /** Instances in each series, each series in a study and patient of its own. Default 100. */
  readonly perSeries?: number;
  /** Default 512, also for columns: 512 KiB of pixels. */
  readonly rows?: number;
  readonly columns?: number;
}

/** Yields any number of CT instances quickly: all series share one painted body and differ in noise and identity. About 50 MiB is held. */
export function* ctBatch(options: CtBatchOptions): Generator<GeneratedInstance> {
  const { instances, seed, perSeries = 100, rows = 512, columns = 512 } = options;
  const base: CtBase = new Map();
  let made = 0;
  for (let series = 0; made < instances; series++) {
    for (const instance of ctVolume({ seed: `${seed}/${series}`, bodySeed: seed, base, slices: perSeries, rows, columns })) {
      yield instance;
      if (++made === instances) return;
    }
  }
}

/** Writes `instances` CT instances to a ZIP on disk (stored, not compressed), one at a time. */
export async function ctZip(
  path: string,
  options: CtBatchOptions,
): Promise<{ readonly entries: number; readonly sizeBytes: number }> {
  function* entries(): Generator<ZipEntry> {
    for (const instance of ctBatch(options))
      yield { name: `${instance.seriesInstanceUid}/${instance.fileName}`, bytes: instance.bytes };
  }
  return await writeZip(path, entries());
}
