import { PixelError } from './frame-format.ts';

/** Natural position of the k-th coefficient in zig-zag order (ITU-T T.81 figure A.6). */
export const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42,
  49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

/** A Huffman table (T.81 annex C): for each code length the first code, where its values begin and how many there are. */
export interface HuffmanTable {
  readonly counts: Uint8Array;
  readonly values: Uint8Array;
}

/** Bits of an entropy-coded segment; after its end zeros are read, as libjpeg does. */
export class EntropyReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #left = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  bit(): number {
    if (this.#left === 0) {
      const byte = this.#bytes[this.#at];
      const isMarker = byte === 0xff && this.#bytes[this.#at + 1] !== 0;
      this.#bits = byte === undefined || isMarker ? 0 : byte;
      if (byte !== undefined && !isMarker) this.#at += byte === 0xff ? 2 : 1;
      this.#left = 8;
    }
    this.#left -= 1;
    return (this.#bits >> this.#left) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = (value << 1) | this.bit();
    return value;
  }

  /** RECEIVE and EXTEND (T.81 F.2.2.1). */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.bits(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  symbol(table: HuffmanTable): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 0; length < 16; length += 1) {
      code |= this.bit();
      const count = table.counts[length] ?? 0;
      if (code - first < count) return table.values[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new PixelError('JPEG code unknown');
  }

  /** Goes on after the next restart marker. */
  restart(): void {
    this.#left = 0;
    const bytes = this.#bytes;
    while (this.#at + 1 < bytes.length && !(bytes[this.#at] === 0xff && ((bytes[this.#at + 1] ?? 0) & 0xf8) === 0xd0))
      this.#at += 1;
    this.#at += 2;
  }

  /** Position of the marker that ends the segment, or the end of the bytes. */
  end(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at + 1 < bytes.length) {
      const next = bytes[at + 1] ?? 0;
      if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next & 0xf8) !== 0xd0) return at;
      at += 1;
    }
    return bytes.length;
  }
}

/** Which coefficients a scan brings (T.81 B.2.3). */
export interface ScanRange {
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly approximationHigh: number;
  readonly approximationLow: number;
}

/** State of a component during one scan. */
export interface ScanComponent {
  readonly coefficients: Int32Array;
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
  prediction: number;
}

function needed(table: HuffmanTable | undefined): HuffmanTable {
  if (table === undefined) throw new PixelError('JPEG table missing');
  return table;
}

/** Decodes the blocks of one scan; `endOfBand` counts blocks that a progressive scan skips. */
export class BlockDecoder {
  readonly #reader: EntropyReader;
  readonly #range: ScanRange;
  #endOfBand = 0;

  constructor(reader: EntropyReader, range: ScanRange) {
    this.#reader = reader;
    this.#range = range;
  }

  reset(): void {
    this.#endOfBand = 0;
  }

  /** F.2.2: all coefficients of a block of a sequential scan. */
  sequential(component: ScanComponent, at: number): void {
    const ac = needed(component.ac);
    const { coefficients } = component;
    component.prediction += this.#reader.signed(this.#reader.symbol(needed(component.dc)) & 15);
    coefficients[at] = component.prediction;
    for (let k = 1; k < 64; k += 1) {
      const symbol = this.#reader.symbol(ac);
      const size = symbol & 15;
      if (size === 0 && symbol !== 0xf0) return;
      k += symbol >> 4;
      if (size !== 0 && k < 64) coefficients[at + (ZIGZAG[k] ?? 0)] = this.#reader.signed(size);
    }
  }

  /** G.1.2: one block of a progressive scan. */
  progressive(component: ScanComponent, at: number): void {
    const { spectralStart, approximationHigh, approximationLow } = this.#range;
    if (spectralStart > 0) {
      if (approximationHigh === 0) this.#firstAc(component, at);
      else this.#refineAc(component, at);
    } else if (approximationHigh === 0) {
      component.prediction += this.#reader.signed(this.#reader.symbol(needed(component.dc)) & 15);
      component.coefficients[at] = component.prediction * (1 << approximationLow);
    } else if (this.#reader.bit() === 1) component.coefficients[at] = (component.coefficients[at] ?? 0) | (1 << approximationLow);
  }

  #firstAc(component: ScanComponent, at: number): void {
    if (this.#endOfBand > 0) {
      this.#endOfBand -= 1;
      return;
    }
    const table = needed(component.ac);
    for (let k = this.#range.spectralStart; k <= this.#range.spectralEnd; k += 1) {
      const symbol = this.#reader.symbol(table);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run < 15) {
        this.#endOfBand = (1 << run) + this.#reader.bits(run) - 1;
        return;
      }
      k += run;
      if (size !== 0 && k < 64)
        component.coefficients[at + (ZIGZAG[k] ?? 0)] = this.#reader.signed(size) * (1 << this.#range.approximationLow);
    }
  }

  /** One more bit for a coefficient that is not zero. */
  #refine(coefficients: Int32Array, index: number): void {
    const value = coefficients[index] ?? 0;
    const bit = 1 << this.#range.approximationLow;
    if (this.#reader.bit() === 1 && (Math.abs(value) & bit) === 0) coefficients[index] = value + (value > 0 ? bit : -bit);
  }

  #refineAc({ coefficients, ac }: ScanComponent, at: number): void {
    const table = needed(ac);
    const { spectralEnd, approximationLow } = this.#range;
    let k = this.#range.spectralStart;
    for (; this.#endOfBand === 0 && k <= spectralEnd; k += 1) {
      const symbol = this.#reader.symbol(table);
      let run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run < 15) {
        this.#endOfBand = (1 << run) + this.#reader.bits(run);
        break;
      }
      const value = size === 0 ? 0 : (this.#reader.bit() === 1 ? 1 : -1) * (1 << approximationLow);
      for (; k <= spectralEnd; k += 1) {
        const index = at + (ZIGZAG[k] ?? 0);
        if (coefficients[index] !== 0) this.#refine(coefficients, index);
        else if (run === 0) {
          if (value !== 0) coefficients[index] = value;
          break;
        } else run -= 1;
      }
    }
    if (this.#endOfBand === 0) return;
    for (; k <= spectralEnd; k += 1) {
      const index = at + (ZIGZAG[k] ?? 0);
      if (coefficients[index] !== 0) this.#refine(coefficients, index);
    }
    this.#endOfBand -= 1;
  }
}
