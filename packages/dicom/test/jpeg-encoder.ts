import { ZIGZAG } from '../src/pixels/block-decoder.ts';

/** Writes JPEG streams of given coefficients, sequential or progressive (ITU-T T.81 annexes F and G): slow, plain, and independent of the decoder. */

/** 64 quantised coefficients of a block in zig-zag order. */
export type Block = readonly number[];

export interface JpegPicture {
  readonly rows: number;
  readonly columns: number;
  readonly precision: 8 | 12;
  /** Of each component, blocks row after row. */
  readonly components: readonly (readonly Block[])[];
  /** In zig-zag order; entries above 255 make a table of 16 bits. */
  readonly quantisation: readonly number[];
  /** Blocks between restart markers; none when absent. */
  readonly restartInterval?: number;
}

/** A progressive scan: coefficients `from` to `to`, down to bit `low`; `high` is the bit of the scan before, 0 for the first. */
export interface Scan {
  readonly from: number;
  readonly to: number;
  readonly high: number;
  readonly low: number;
}

class Bits {
  readonly bytes: number[] = [];
  #bits = 0;
  #count = 0;

  put(value: number, count: number): void {
    for (let at = count - 1; at >= 0; at -= 1) {
      this.#bits = (this.#bits << 1) | ((value >> at) & 1);
      this.#count += 1;
      if (this.#count === 8) this.#flush();
    }
  }

  /** Fills the byte with ones, and marks a restart where a number is given. */
  align(restart?: number): void {
    while (this.#count > 0) this.put(1, 1);
    if (restart !== undefined) this.bytes.push(0xff, 0xd0 + (restart % 8));
  }

  #flush(): void {
    this.bytes.push(this.#bits, ...(this.#bits === 0xff ? [0] : []));
    this.#bits = 0;
    this.#count = 0;
  }
}

/** Every symbol has a code: those below 128 their own eight bits, the others nine that begin with a one. */
const putSymbol = (bits: Bits, symbol: number): void => (symbol < 128 ? bits.put(symbol, 8) : bits.put(128 + symbol, 9));
const HUFFMAN = [0, 0, 0, 0, 0, 0, 0, 128, 128, 0, 0, 0, 0, 0, 0, 0, ...Array.from({ length: 256 }, (_, symbol) => symbol)];
const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));
const putValue = (bits: Bits, value: number): void => {
  const size = sizeOf(value);
  bits.put(value < 0 ? value + 2 ** size - 1 : value, size);
};
/** F.1.4.1.2, G.1.2.1: DC is shifted as it is, AC towards zero. */
const shiftedAc = (value: number, low: number): number => Math.sign(value) * (Math.abs(value) >> low);

function sequentialBlock(bits: Bits, block: Block, prediction: number): void {
  const difference = (block[0] ?? 0) - prediction;
  putSymbol(bits, sizeOf(difference));
  putValue(bits, difference);
  putRuns(bits, block.slice(1));
}

/** Runs of zeros and what follows them, with an end of block where zeros remain. */
function putRuns(bits: Bits, values: readonly number[], onlyZerosLeft = () => putSymbol(bits, 0)): void {
  let run = 0;
  for (const value of values) {
    if (value === 0) {
      run += 1;
      continue;
    }
    for (; run > 15; run -= 16) putSymbol(bits, 0xf0);
    putSymbol(bits, (run << 4) | sizeOf(value));
    putValue(bits, value);
    run = 0;
  }
  if (run > 0) onlyZerosLeft();
}

/** G.1.2.3: new ones by run, sign and the bits of what lies between; then the bits of what comes behind the last. */
function refinedAc(bits: Bits, values: readonly number[], low: number): void {
  const sizes = values.map((value) => Math.abs(value) >> low);
  const last = sizes.lastIndexOf(1);
  let [run, corrections]: [number, number[]] = [0, []];
  const putCorrections = (): void => {
    for (const bit of corrections) bits.put(bit, 1);
    corrections = [];
  };
  for (const [at, size] of sizes.entries()) {
    if (size === 0) {
      run += 1;
      continue;
    }
    for (; run > 15 && at <= last; run -= 16) {
      putSymbol(bits, 0xf0);
      putCorrections();
    }
    if (size > 1) {
      corrections.push(size & 1);
      continue;
    }
    putSymbol(bits, (run << 4) | 1);
    bits.put((values[at] ?? 0) > 0 ? 1 : 0, 1);
    putCorrections();
    run = 0;
  }
  if (run === 0 && corrections.length === 0) return;
  putSymbol(bits, 0);
  putCorrections();
}

/** Blocks that have nothing more, told at once (G.1.2.2): their number's size, and what is above it. */
function putEndOfBand(bits: Bits, blocks: number): void {
  if (blocks === 0) return;
  const size = sizeOf(blocks) - 1;
  putSymbol(bits, size << 4);
  bits.put(blocks - 2 ** size, size);
}

function scanData({ components, restartInterval = 0 }: JpegPicture, which: readonly number[], scan?: Scan): number[] {
  const bits = new Bits();
  const predictions = which.map(() => 0);
  let ended = 0;
  const flush = (): void => {
    putEndOfBand(bits, ended);
    ended = 0;
  };
  for (let at = 0; at < (components[0]?.length ?? 0); at += 1) {
    if (restartInterval > 0 && at > 0 && at % restartInterval === 0) {
      flush();
      bits.align(at / restartInterval - 1);
      predictions.fill(0);
    }
    for (const [place, component] of which.entries()) {
      const block = components[component]?.[at] ?? [];
      const prediction = predictions[place] ?? 0;
      if (scan === undefined) {
        sequentialBlock(bits, block, prediction);
        predictions[place] = block[0] ?? 0;
      } else if (scan.from === 0) {
        const value = (block[0] ?? 0) >> scan.low;
        if (scan.high > 0) bits.put(value & 1, 1);
        else {
          putSymbol(bits, sizeOf(value - prediction));
          putValue(bits, value - prediction);
          predictions[place] = value;
        }
      } else {
        const values = block.slice(scan.from, scan.to + 1);
        if (scan.high > 0) refinedAc(bits, values, scan.low);
        else {
          const shifted = values.map((value) => shiftedAc(value, scan.low));
          if (shifted.some((value) => value !== 0)) flush();
          putRuns(bits, shifted, () => {
            ended += 1;
          });
        }
      }
    }
  }
  flush();
  bits.align();
  return bits.bytes;
}

const segment = (marker: number, content: readonly number[]): number[] => [
  ...[0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255],
  ...content,
];

/** A stream of the picture: sequential in one scan, or progressive in those that are given. */
export function jpegOf(picture: JpegPicture, scans?: readonly Scan[]): Uint8Array {
  const { rows, columns, precision, components, quantisation, restartInterval = 0 } = picture;
  const isWide = quantisation.some((value) => value > 255);
  const all = components.map((_, index) => index);
  const scanOf = (which: readonly number[], scan?: Scan): number[] => {
    const { from, to, high, low } = scan ?? { from: 0, to: 63, high: 0, low: 0 };
    const tables = which.flatMap((index) => [index + 1, 0]);
    return [...segment(0xda, [which.length, ...tables, from, to, (high << 4) | low]), ...scanData(picture, which, scan)];
  };
  // Only DC scans may hold several components (G.1.1.1.1).
  const data =
    scans?.flatMap((scan) => (scan.from === 0 ? scanOf(all, scan) : all.flatMap((one) => scanOf([one], scan)))) ?? scanOf(all);
  const sizes = [precision, rows >> 8, rows & 255, columns >> 8, columns & 255, components.length];
  const sof = scans !== undefined ? 0xc2 : precision === 8 ? 0xc0 : 0xc1;
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xdb, [isWide ? 16 : 0, ...quantisation.flatMap((value) => (isWide ? [value >> 8, value & 255] : [value]))]),
    ...segment(sof, [...sizes, ...all.flatMap((index) => [index + 1, 0x11, 0])]),
    ...segment(0xc4, [0, ...HUFFMAN, 16, ...HUFFMAN]),
    ...(restartInterval > 0 ? segment(0xdd, [restartInterval >> 8, restartInterval & 255]) : []),
    ...data,
    ...[0xff, 0xd9],
  ]);
}

/** Samples of a component by the formula of the standard (A.3.3), clamped, row after row. */
export function samplesOf({ rows, columns, precision, components, quantisation }: JpegPicture, component: number): number[] {
  const wide = Math.ceil(columns / 8);
  const scale = (at: number): number => (at === 0 ? Math.SQRT1_2 : 1);
  const decoded = (components[component] ?? []).map((block) => {
    const natural = new Array<number>(64).fill(0);
    for (const [k, value] of block.entries()) natural[ZIGZAG[k] ?? 0] = value * (quantisation[k] ?? 0);
    return Array.from({ length: 64 }, (_, at) => {
      const [x, y] = [at % 8, at >> 3];
      let sum = 0;
      for (const [place, value] of natural.entries()) {
        if (value === 0) continue;
        const [u, v] = [place % 8, place >> 3];
        sum +=
          scale(u) * scale(v) * value * Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.cos(((2 * y + 1) * v * Math.PI) / 16);
      }
      return Math.max(0, Math.min(2 ** precision - 1, sum / 4 + 2 ** (precision - 1)));
    });
  });
  return Array.from({ length: rows * columns }, (_, at) => {
    const [x, y] = [at % columns, Math.floor(at / columns)];
    return decoded[(y >> 3) * wide + (x >> 3)]?.[(y & 7) * 8 + (x & 7)] ?? -1;
  });
}
