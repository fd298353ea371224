import type { Levels } from './levels.ts';

/** Side of a tile as a power of two: 16 pixels, which no stroke of text fills. */
export const TILE_BITS = 4;
const SIDE = 1 << TILE_BITS;
const BINS = 16;
/** Levels between the darkest and the brightest, below which nobody reads. */
const LEAST_CONTRAST = 28;
/** What is written has two levels; noise and tissue have most pixels between. */
const MOST_BETWEEN = 0.42;

export interface Tiles {
  readonly across: number;
  readonly down: number;
  /** Level between writing and ground around each tile. */
  readonly threshold: Uint8Array;
  /** Between the darkest and the brightest around it; 0 where nothing is written. */
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
        (bins[base + (level >> 4)] as number)++;
      }
      low[tile] = least;
      high[tile] = most;
    }
  }
  return { across, down, low, high, bins };
}

/** The tile and those around it, cut at the borders. */
function around({ across, down }: { across: number; down: number }, tile: number): number[] {
  const [x, y] = [tile % across, Math.floor(tile / across)];
  const found: number[] = [];
  for (let dy = -1; dy <= 1; dy += 1)
    for (let dx = -1; dx <= 1; dx += 1)
      if (x + dx >= 0 && x + dx < across && y + dy >= 0 && y + dy < down) found.push(tile + dy * across + dx);
  return found;
}

/** The share of the pixels of some tiles whose level is in the middle third between two levels. */
function between(bins: Uint16Array, tiles: readonly number[], low: number, high: number): number {
  const first = Math.ceil((low + (high - low) * 0.35) / BINS);
  const last = Math.floor((high - (high - low) * 0.35) / BINS);
  let [middle, all] = [0, 0];
  for (const tile of tiles)
    for (let bin = 0; bin < BINS; bin += 1) {
      const count = bins[tile * BINS + bin] ?? 0;
      all += count;
      if (bin >= first && bin < last) middle += count;
    }
  return middle / Math.max(1, all);
}

/** Thresholds around each tile, midway between the darkest and the brightest, where there are two levels that are far enough from each other. */
export function tilesOf(picture: Levels): Tiles {
  const counts = countsOf(picture);
  const threshold = new Uint8Array(counts.low.length);
  const contrast = new Uint8Array(counts.low.length);
  for (let tile = 0; tile < threshold.length; tile += 1) {
    const tiles = around(counts, tile);
    let [low, high] = [255, 0];
    for (const one of tiles) {
      low = Math.min(low, counts.low[one] ?? 255);
      high = Math.max(high, counts.high[one] ?? 0);
    }
    threshold[tile] = (low + high) >> 1;
    if (high - low >= LEAST_CONTRAST && between(counts.bins, tiles, low, high) <= MOST_BETWEEN) contrast[tile] = high - low;
  }
  return { across: counts.across, down: counts.down, threshold, contrast };
}
