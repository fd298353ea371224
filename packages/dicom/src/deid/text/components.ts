import type { Levels } from './levels.ts';
import { TILE_BITS, type Tiles } from './tiles.ts';

/** A connected piece of what is brighter, or darker, than what is around it. */
export interface Component {
  readonly left: number;
  readonly top: number;
  /** First column and row that are no longer part of it. */
  readonly right: number;
  readonly bottom: number;
  readonly area: number;
  /** Runs of pixels in rows. */
  readonly runs: number;
  readonly mean: number;
  /** Between it and what is around it. */
  readonly contrast: number;
  /** Standard deviation of its levels, as a share of the contrast around it. */
  readonly spread: number;
  /** How much the levels change where its runs begin and end, as a share of the contrast. */
  readonly edge: number;
}

const FIELDS = 10;
const [PARENT, LEFT, RIGHT, TOP, BOTTOM, AREA, RUNS, SUM, SQUARES, EDGE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Joins runs of neighbouring rows that touch, at corners too. */
class Joiner {
  #data = new Float64Array(FIELDS * 4096);
  #count = 0;
  #above: number[] = [];
  #row: number[] = [];
  #next = 0;

  /** Ends a row; runs are triples of begin, end and label. */
  endRow(): void {
    [this.#above, this.#row] = [this.#row, this.#above];
    this.#row.length = 0;
    this.#next = 0;
  }

  run(row: number, from: number, to: number, told: { sum: number; squares: number; edge: number }): void {
    const above = this.#above;
    while (this.#next < above.length && (above[this.#next + 1] as number) < from) this.#next += 3;
    let label = -1;
    for (let at = this.#next; at < above.length && (above[at] as number) <= to; at += 3) {
      const root = this.#root(above[at + 2] as number);
      label = label === -1 ? root : this.#join(label, root);
    }
    if (label === -1) label = this.#add(row, from, to);
    const [data, base] = [this.#data, label * FIELDS];
    if (from < (data[base + LEFT] as number)) data[base + LEFT] = from;
    if (to > (data[base + RIGHT] as number)) data[base + RIGHT] = to;
    data[base + BOTTOM] = row + 1;
    (data[base + AREA] as number) += to - from;
    (data[base + RUNS] as number) += 1;
    (data[base + SUM] as number) += told.sum;
    (data[base + SQUARES] as number) += told.squares;
    (data[base + EDGE] as number) += told.edge;
    this.#row.push(from, to, label);
  }

  #add(row: number, from: number, to: number): number {
    if ((this.#count + 1) * FIELDS > this.#data.length) {
      const larger = new Float64Array(this.#data.length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    const base = this.#count * FIELDS;
    this.#data.set([this.#count, from, to, row, row + 1, 0, 0, 0, 0, 0], base);
    this.#count += 1;
    return this.#count - 1;
  }

  #root(label: number): number {
    const data = this.#data;
    let root = label;
    while (data[root * FIELDS] !== root) root = data[root * FIELDS] as number;
    data[label * FIELDS] = root;
    return root;
  }

  #join(left: number, right: number): number {
    if (left === right) return left;
    const [kept, gone] = left < right ? [left, right] : [right, left];
    const [data, to, from] = [this.#data, kept * FIELDS, gone * FIELDS];
    data[from + PARENT] = kept;
    for (const field of [LEFT, TOP]) data[to + field] = Math.min(data[to + field] as number, data[from + field] as number);
    for (const field of [RIGHT, BOTTOM]) data[to + field] = Math.max(data[to + field] as number, data[from + field] as number);
    for (const field of [AREA, RUNS, SUM, SQUARES, EDGE]) (data[to + field] as number) += data[from + field] as number;
    return kept;
  }

  /** Those that are high enough to be read and no higher than text is. */
  components(contrastAt: (x: number, y: number) => number): Component[] {
    const found: Component[] = [];
    const data = this.#data;
    for (let label = 0; label < this.#count; label += 1) {
      const base = label * FIELDS;
      const [parent = 0, left = 0, right = 0, top = 0, bottom = 0, area = 0, runs = 0, sum = 0, squares = 0, edge = 0] =
        data.subarray(base, base + FIELDS);
      if (parent !== label || bottom - top < 4 || bottom - top > 160 || right - left > 2000) continue;
      const contrast = Math.max(1, contrastAt((left + right) >> 1, (top + bottom) >> 1));
      const mean = sum / area;
      const spread = Math.sqrt(Math.max(0, squares / area - mean * mean)) / contrast;
      found.push({ left, top, right, bottom, area, runs, mean, contrast, spread, edge: edge / (2 * runs * contrast) });
    }
    return found;
  }
}

/** Pieces of one polarity: what is brighter than the threshold of its tile, or what is not. */
export function componentsOf({ rows, columns, levels }: Levels, tiles: Tiles, isBright: boolean): Component[] {
  const joiner = new Joiner();
  const { across } = tiles;
  const { threshold, contrast } = isBright ? tiles.bright : tiles.dark;
  for (let row = 0; row < rows; row += 1) {
    const [start, tileRow] = [row * columns, (row >> TILE_BITS) * across];
    let [from, sum, squares] = [-1, 0, 0];
    const end = (to: number): void => {
      const before = levels[start + Math.max(0, from - 2)] as number;
      const behind = levels[start + Math.min(columns - 1, to + 1)] as number;
      const inside = (levels[start + Math.min(to - 1, from + 1)] as number) + (levels[start + Math.max(from, to - 2)] as number);
      joiner.run(row, from, to, { sum, squares, edge: Math.abs(inside - before - behind) });
      [from, sum, squares] = [-1, 0, 0];
    };
    for (let tileX = 0; tileX < across; tileX += 1) {
      const first = tileX << TILE_BITS;
      if (contrast[tileRow + tileX] === 0) {
        if (from >= 0) end(first);
        continue;
      }
      const [limit, last] = [threshold[tileRow + tileX] as number, Math.min(columns, first + (1 << TILE_BITS))];
      for (let x = first; x < last; x += 1) {
        const level = levels[start + x] as number;
        if (level > limit === isBright) {
          if (from < 0) from = x;
          sum += level;
          squares += level * level;
        } else if (from >= 0) end(x);
      }
    }
    if (from >= 0) end(columns);
    joiner.endRow();
  }
  return joiner.components((x, y) => contrast[(y >> TILE_BITS) * across + (x >> TILE_BITS)] ?? 0);
}
