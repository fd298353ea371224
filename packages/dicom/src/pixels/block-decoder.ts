import { PixelError } from './frame-format.ts';
import type { EntropyReader, HuffmanTable } from './jpeg-entropy.ts';

/** Natural position of the k-th coefficient in zig-zag order (ITU-T T.81 figure A.6). */
export const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42,
  49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

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
