import type { Levels } from './levels.ts';

/** Side of a tile as a power of two: 16 pixels, which no stroke of text fills. */
export const TILE_BITS = 4;
const SIDE = 1 << TILE_BITS;
/** Bins of eight levels. */
const BINS = 32;
const BIN_BITS = 3;
/** Levels between the darkest and the brightest, below which nobody reads. */
const LEAST_CONTRAST = 24;
/** What is written has one level: noise and tissue have many more pixels between it and the ground. */
const MOST_BETWEEN = 3;

export interface Tiles {
  readonly across: number;
  readonly down: number;
  readonly bright: Polarity;
  readonly dark: Polarity;
}

/** What is brighter than the ground, or darker. */
export interface Polarity {
  /** Level between writing and ground around each tile. */
  readonly threshold: Uint8Array;
  /** Between writing and ground; 0 where nothing is written. */
  readonly contrast: Uint8Array;
}

interface Counts {
  readonly across: number;
  readonly down: number;
  readonly low: Uint8Array;
  readonly high: Uint8Array;
  readonly bins: Uint16Array;
}

function countsOf({ rows, columns, levels }: Levels): Counts {
  const across = Math.ceil(columns / SIDE);
  const down = Math.ceil(rows / SIDE);
  const low = new Uint8Array(across * down).fill(255);
  const high = new Uint8Array(across * down);
  const bins = new Uint16Array(across * down * BINS);
  for (let row = 0; row < rows; row += 1) {
    for (let tileX = 0; tileX < across; tileX += 1) {
      const tile = (row >> TILE_BITS) * across + tileX;
      const base = tile * BINS;
      const end = row * columns + Math.min(columns, (tileX + 1) * SIDE);
      let [least, most] = [low[tile] as number, high[tile] as number]; // In range.
      for (let at = row * columns + tileX * SIDE; at < end; at += 1) {
        const level = levels[at] as number; // In range.
        if (level < least) least = level;
        if (level > most) most = level;
        (bins[base + (level >> BIN_BITS)] as number)++;
      }
      low[tile] = least;
      high[tile] = most;
    }
  }
  return { across, down, low, high, bins };
}

/** Each number with those of the tiles around it, by rows and then by columns: `fields` numbers a tile. */
function around<Numbers extends Uint8Array | Uint16Array>(
  { across, down }: { across: number; down: number },
  { numbers, fields, join }: { numbers: Numbers; fields: number; join: (left: number, right: number) => number },
): Numbers {
  const rows = numbers.slice() as Numbers; // The same kind.
  const line = across * fields;
  for (let at = 0; at < numbers.length; at += 1) {
    const column = at % line;
    let value = numbers[at] as number; // In range.
    if (column >= fields) value = join(value, numbers[at - fields] as number);
    if (column + fields < line) value = join(value, numbers[at + fields] as number);
    rows[at] = value;
  }
  const all = rows.slice() as Numbers; // The same kind.
  for (let at = 0; at < down * line; at += 1) {
    let value = rows[at] as number; // In range.
    if (at >= line) value = join(value, rows[at - line] as number);
    if (at + line < rows.length) value = join(value, rows[at + line] as number);
    all[at] = value;
  }
  return all;
}

/** The level that half of the pixels reach: that of the ground, since writing takes less than half. */
function medianOf(bins: Uint16Array): number {
  let half = 0;
  for (let bin = 0; bin < BINS; bin += 1) half += (bins[bin] ?? 0) / 2;
  let bin = 0;
  for (let sum = bins[0] ?? 0; sum < half && bin < BINS - 1; sum += bins[bin] ?? 0) bin += 1;
  return (bin << BIN_BITS) + (1 << (BIN_BITS - 1));
}

/** How many pixels lie between ground and writing, for each one of the level of the writing. */
function between(bins: Uint16Array, ground: number, writing: number): number {
  const levelOf = (share: number): number => (ground + (writing - ground) * share) / (1 << BIN_BITS);
  const [one, other] = [levelOf(0.4), levelOf(0.7)];
  const [from, to] = one < other ? [one, other] : [other, one];
  let [middle, beyond] = [0, 0];
  for (let bin = 0; bin < BINS; bin += 1) {
    const count = bins[bin] ?? 0;
    if (bin + 0.5 >= from && bin + 0.5 < to) middle += count;
    else if (writing > ground ? bin + 0.5 >= to : bin + 0.5 < from) beyond += count;
  }
  return middle / Math.max(1, beyond);
}

/** Thresholds around each tile, between the ground and the brightest or darkest level, where those are far enough from each other and little lies between. */
export function tilesOf(picture: Levels): Tiles {
  const counts = countsOf(picture);
  const size = counts.low.length;
  const empty = (): Polarity => ({ threshold: new Uint8Array(size), contrast: new Uint8Array(size) });
  const [bright, dark] = [empty(), empty()];
  const lows = around(counts, { numbers: counts.low, fields: 1, join: Math.min });
  const highs = around(counts, { numbers: counts.high, fields: 1, join: Math.max });
  const sums = around(counts, { numbers: counts.bins, fields: BINS, join: (left, right) => left + right });
  for (let tile = 0; tile < size; tile += 1) {
    const [low = 0, high = 0] = [lows[tile], highs[tile]];
    if (high - low < LEAST_CONTRAST) continue;
    const bins = sums.subarray(tile * BINS, (tile + 1) * BINS);
    const ground = medianOf(bins);
    for (const [polarity, writing] of [
      [bright, high],
      [dark, low],
    ] as const) {
      const contrast = Math.abs(writing - ground);
      polarity.threshold[tile] = Math.round(ground + (writing - ground) * 0.55);
      if (contrast >= LEAST_CONTRAST && between(bins, ground, writing) <= MOST_BETWEEN) polarity.contrast[tile] = contrast;
    }
  }
  return { across: counts.across, down: counts.down, bright, dark };
}
