import type { DecodedFrame, TextBox } from '@negatoscope/dicom';
import { createPrng, FAMILY_NAMES, MEN, paintText, sizeOfText, WOMEN } from '@negatoscope/testkit';

/** A frame with a name in it, and where that is. */
export interface Written {
  readonly frame: DecodedFrame;
  readonly box: Omit<TextBox, 'score'>;
}

const samplesOf = (frame: DecodedFrame): Uint8Array | Uint16Array | Int16Array => {
  const { pixels, bitsAllocated, pixelRepresentation } = frame;
  if (bitsAllocated === 8) return pixels;
  const { buffer, byteOffset, length } = pixels;
  return pixelRepresentation === 1
    ? new Int16Array(buffer, byteOffset, length / 2)
    : new Uint16Array(buffer, byteOffset, length / 2);
};

const TRIES = 40;

/** Ninth tenth of the values under a box, or the first. */
function groundOf(frame: DecodedFrame, values: ArrayLike<number>, box: Written['box'], isBright: boolean): number {
  const { samplesPerPixel, rows, columns } = frame;
  const around: number[] = [];
  for (let row = box.y; row < Math.min(rows, box.y + box.height); row += 2)
    for (let column = box.x; column < Math.min(columns, box.x + box.width); column += 2)
      around.push(values[(row * columns + column) * samplesPerPixel] ?? 0);
  return around.sort((left, right) => left - right)[Math.floor(around.length * (isBright ? 0.9 : 0.1))] ?? 0;
}

function rangeOf(values: ArrayLike<number>): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at += 1) {
    low = Math.min(low, values[at] ?? 0);
    high = Math.max(high, values[at] ?? 0);
  }
  return { low, high };
}

interface How {
  readonly seed: string;
  readonly height: number;
  readonly contrast: number;
  readonly isBright: boolean;
}

/**
 * Writes a French name of a height at a place that the seed chooses: `contrast` of the range of the picture brighter, or darker, than what is around. Undefined
 * where no place has room for so much.
 */
export function writeName(source: DecodedFrame, { seed, height, contrast, isBright }: How): Written | undefined {
  const frame = { ...source, pixels: source.pixels.slice() };
  const { samplesPerPixel, rows, columns } = frame;
  const prng = createPrng('text', seed);
  const whole = `${prng.pick(FAMILY_NAMES)} ${prng.pick([...MEN, ...WOMEN])}`.toUpperCase();
  const text = whole.slice(0, Math.max(4, Math.floor((columns - 8) / ((height / 7) * 6)))).trim();
  const { width, above } = sizeOfText({ text, height });
  const values = samplesOf(frame);
  const { low, high } = rangeOf(values);
  for (let tried = 0; tried < TRIES; tried += 1) {
    const x = prng.integer(2, Math.max(2, columns - width - 2));
    const y = prng.integer(above + 2, Math.max(above + 2, rows - height - 4));
    const box = { x, y, width: Math.min(width, columns - x), height };
    const level = Math.round(groundOf(frame, values, box, isBright) + (isBright ? 1 : -1) * contrast * (high - low));
    if (level < low || level > high) continue;
    paintText({ text, x, y, height }, (column, row, share) => {
      if (column < 0 || row < 0 || column >= columns || row >= rows) return;
      const at = (row * columns + column) * samplesPerPixel;
      for (let sample = at; sample < at + samplesPerPixel; sample += 1)
        values[sample] = Math.round((values[sample] ?? 0) * (1 - share) + level * share);
    });
    return { frame, box };
  }
  return undefined;
}

/** The share of a box, by its width, that the boxes found cover. */
export function covered(box: Written['box'], found: readonly TextBox[]): number {
  const middle = box.y + box.height / 2;
  const columns = new Set<number>();
  for (const one of found) {
    if (one.y > middle || one.y + one.height < middle || one.height > box.height * 3) continue;
    for (let x = Math.max(box.x, one.x); x < Math.min(box.x + box.width, one.x + one.width); x += 1) columns.add(x);
  }
  return columns.size / box.width;
}
