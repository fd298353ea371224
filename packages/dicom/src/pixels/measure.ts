import { possibleRange } from './default-voi.ts';
import type { DecodedFrame } from './frame-format.ts';
import { unionOf, type ValueRange } from './range.ts';
import { type ValuePlan, valueRange } from './values.ts';
import { fullWindow, type Window } from './voi.ts';

/** What one frame adds to the mapping of its series, in modality values. */
export interface FrameMeasure {
  /** Values that occur, padding left out; undefined when there are none. */
  readonly found: ValueRange | undefined;
  /** Values that its bits can hold; undefined for floats. */
  readonly possible: ValueRange | undefined;
}

/** Measures a grayscale frame. */
export const measureFrame = (frame: DecodedFrame, plan: ValuePlan): FrameMeasure => ({
  found: valueRange(frame, plan),
  possible: possibleRange(frame, plan.modality),
});

/** The one range that shows every frame of a series which stores no window; modality values, `lower` below `upper`. */
export interface SeriesMapping {
  /** Shown black, or white where the image is inverted. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Joins what was measured. Where all values are the same no range can be made of them, and the bits decide: a flat series is shown as it is stored,
 * a flat one of floats between 0 and its value.
 */
export function seriesMappingOf(measures: Iterable<FrameMeasure>): SeriesMapping {
  let [found, possible]: (ValueRange | undefined)[] = [];
  for (const measure of measures) {
    found = unionOf(found, measure.found);
    possible = unionOf(possible, measure.possible);
  }
  if (found !== undefined && found.max > found.min) return { lower: found.min, upper: found.max };
  if (possible !== undefined && possible.max > possible.min) return { lower: possible.min, upper: possible.max };
  const value = found?.min ?? 0;
  return value === 0 ? { lower: 0, upper: 1 } : { lower: Math.min(0, value), upper: Math.max(0, value) };
}

/** The mapping as a window: `lower` is its black, `upper` its white (LINEAR_EXACT, PS3.3 C.11.2.1.3.2). */
export const mappingWindow = ({ lower, upper }: SeriesMapping): Window => fullWindow(lower, upper);
