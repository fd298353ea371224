import { type DicomJson, readNumber, readNumbers, TAG } from './dicom-json.ts';

/** How fast the frames of an object are meant to be played. */
export interface CineTiming {
  /** Undefined when the object says nothing. */
  readonly framesPerSecond: number | undefined;
  /** Milliseconds that each frame stays, where they differ and no rate is recommended. */
  readonly frameTimesMs: readonly number[] | undefined;
}

/**
 * Milliseconds that each of `count` frames stays, from Frame Time Vector: the time from the frame before to each, the first 0 (PS3.3
 * C.7.6.5.1.2). The last stays as long as the others do on average.
 */
function readFrameTimes(dataset: DicomJson | undefined, count: number): number[] | undefined {
  const steps = readNumbers(dataset, TAG.FrameTimeVector)?.slice(1);
  if (steps === undefined || count < 2 || steps.length !== count - 1 || !steps.every((step) => step > 0)) return undefined;
  return [...steps, steps.reduce((sum, step) => sum + step, 0) / steps.length];
}

/**
 * The playing rate of `count` frames of one object: Recommended Display Frame Rate, Cine Rate, Frame Time Vector, Frame Time (PS3.3 C.7.6.5,
 * C.7.6.6).
 */
export function readCineTiming(dataset: DicomJson | undefined, count: number): CineTiming {
  const recommended = [TAG.RecommendedDisplayFrameRate, TAG.CineRate].map((tag) => readNumber(dataset, tag));
  const rate = recommended.find((value) => value !== undefined && value > 0);
  if (rate !== undefined) return { framesPerSecond: rate, frameTimesMs: undefined };
  const times = readFrameTimes(dataset, count);
  if (times !== undefined) {
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    const isEven = times.every((time) => Math.abs(time - mean) < 0.01 * mean);
    return { framesPerSecond: 1000 / mean, frameTimesMs: isEven ? undefined : times };
  }
  const frameTimeMs = readNumber(dataset, TAG.FrameTime);
  return {
    framesPerSecond: frameTimeMs !== undefined && frameTimeMs > 0 ? 1000 / frameTimeMs : undefined,
    frameTimesMs: undefined,
  };
}
