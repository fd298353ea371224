import type { DecodedFrame } from '../../pixels/frame-format.ts';

/** A picture as brightness from 0 to 255, row after row. */
export interface Levels {
  readonly rows: number;
  readonly columns: number;
  readonly levels: Uint8Array;
}

/** Share of the values that may lie beyond the darkest and the brightest level: hot pixels would leave no contrast to the rest. */
const BEYOND = 0.0002;
const STEP = 7;

/** From what level on and up to which the values of a picture lie, but for some. */
function rangeOf(counts: Uint32Array, total: number): { low: number; high: number } {
  const beyond = Math.floor(total * BEYOND);
  let low = 0;
  for (let sum = counts[0] ?? 0; sum <= beyond && low < counts.length - 1; sum += counts[low] ?? 0) low += 1;
  let high = counts.length - 1;
  for (let sum = counts[high] ?? 0; sum <= beyond && high > low; sum += counts[high] ?? 0) high -= 1;
  return { low, high };
}

/** Brightness by value: the range is spread over 256 levels. */
function tableOf(values: ArrayLike<number>, size: number, shift: number): Uint8Array {
  const counts = new Uint32Array(size);
  let total = 0;
  for (let at = 0; at < values.length; at += STEP, total += 1) {
    const value = (values[at] ?? 0) + shift;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const { low, high } = rangeOf(counts, total);
  const scale = 255 / Math.max(1, high - low);
  return Uint8Array.from({ length: size }, (_, value) => Math.min(255, Math.max(0, Math.round((value - low) * scale))));
}

function spread(values: ArrayLike<number>, size: number, shift: number): Uint8Array {
  const table = tableOf(values, size, shift);
  const levels = new Uint8Array(values.length);
  for (let at = 0; at < levels.length; at += 1) levels[at] = table[(values[at] ?? 0) + shift] ?? 0;
  return levels;
}

/** Of colours: green counts twice; of luminance and chrominance the luminance. */
function brightness({ pixels, photometricInterpretation }: DecodedFrame, count: number): Uint8Array {
  const isLuminance = photometricInterpretation.startsWith('YBR');
  const values = new Uint8Array(count);
  for (let at = 0, from = 0; at < count; at += 1, from += 3) {
    const first = pixels[from] ?? 0;
    values[at] = isLuminance ? first : (first + 2 * (pixels[from + 1] ?? 0) + (pixels[from + 2] ?? 0)) >> 2;
  }
  return values;
}

/** Words of 16 bits, wherever the bytes lie. */
function wordsOf(bytes: Uint8Array, count: number, isSigned: boolean): Uint16Array | Int16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const length = Math.min(count, aligned.length >> 1);
  return isSigned
    ? new Int16Array(aligned.buffer, aligned.byteOffset, length)
    : new Uint16Array(aligned.buffer, aligned.byteOffset, length);
}

/** Brightness of a decoded frame; undefined for one of more than 16 bits a sample or of fractions, in which nobody writes. */
export function levelsOf(frame: DecodedFrame): Levels | undefined {
  const { rows, columns, samplesPerPixel, bitsAllocated, pixelRepresentation, pixels } = frame;
  const count = rows * columns;
  if (samplesPerPixel === 3 && bitsAllocated === 8) return { rows, columns, levels: spread(brightness(frame, count), 256, 0) };
  if (samplesPerPixel !== 1 || frame.isFloat) return undefined;
  if (bitsAllocated === 8) return { rows, columns, levels: spread(pixels.subarray(0, count), 256, 0) };
  if (bitsAllocated !== 16) return undefined;
  const isSigned = pixelRepresentation === 1;
  return { rows, columns, levels: spread(wordsOf(pixels, count, isSigned), 65_536, isSigned ? 32_768 : 0) };
}
