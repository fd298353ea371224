import type { DecodedFrame } from './frame-format.ts';
import type { Span } from './spans.ts';
import { valueReader } from './value-reader.ts';
import type { ValuePlan } from './values.ts';

/** What stands in a part of a frame, in modality values. */
export interface RegionStatistics {
  /** Pixels that count: padding and what is no number are left out. */
  readonly count: number;
  readonly mean: number;
  /** Standard deviation of the sample (n − 1); 0 of a single pixel. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** Adds numbers without losing the small ones beside the large (Neumaier): whole numbers come out exact. */
class ExactSum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    const next = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#lost;
  }
}

/** Statistics of the pixels of a grayscale frame that the spans name; undefined when none of them counts. The frame must be here without loss: a preview's values are not its own. */
export function regionStatistics(frame: DecodedFrame, plan: ValuePlan, spans: readonly Span[]): RegionStatistics | undefined {
  const read = valueReader(frame, plan);
  const visit = (take: (value: number) => void): void => {
    for (const { row, from, to } of spans)
      for (let index = row * frame.columns + from; index < row * frame.columns + to; index += 1) {
        const value = read(index);
        if (value !== undefined && Number.isFinite(value)) take(value);
      }
  };
  const sum = new ExactSum();
  let [count, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  visit((value) => {
    sum.add(value);
    count += 1;
    if (value < min) min = value;
    if (value > max) max = value;
  });
  if (count === 0) return undefined;
  const mean = sum.value / count;
  const squares = new ExactSum();
  visit((value) => squares.add((value - mean) ** 2));
  return { count, mean, deviation: count === 1 ? 0 : Math.sqrt(squares.value / (count - 1)), min, max };
}
