/** From the least to the greatest value, both included. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** The range that holds both. */
export const unionOf = (left: ValueRange | undefined, right: ValueRange | undefined): ValueRange | undefined =>
  left === undefined || right === undefined
    ? (left ?? right)
    : { min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };

/** Finds the range of the values that are put into it; what is no finite number is left out. */
export class RangeFinder {
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  get range(): ValueRange | undefined {
    return this.#min <= this.#max ? { min: this.#min, max: this.#max } : undefined;
  }
}
