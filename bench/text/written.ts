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
  return pixelRepresentation === 1 ? new Int16Array(buffer, byteOffset, length / 2) : new Uint16Array(buffer, byteOffset, length / 2);
};

/** Writes a French name of a height at a place that the seed chooses: `contrast` of the range of the picture brighter, or darker, than what is around. */
export function writeName(source: DecodedFrame, how: { seed: string; height: number; contrast: number; isBright: boolean }): Written {
  const frame = { ...source, pixels: source.pixels.slice() };
  const prng = createPrng('text', how.seed);
  const text = `${prng.pick(FAMILY_NAMES)} ${prng.pick([...MEN, ...WOMEN])}`.toUpperCase().slice(0, 14);
  const { width, above } = sizeOfText({ text, height: how.height });
  const x = prng.integer(2, Math.max(2, frame.columns - width - 2));
  const y = prng.integer(above + 2, Math.max(above + 2, frame.rows - how.height - 4));
  const values = samplesOf(frame);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const { samplesPerPixel, rows, columns } = frame;
  const around: number[] = [];
  for (let row = y; row < Math.min(rows, y + how.height); row += 2)
    for (let column = x; column < Math.min(columns, x + width); column += 2) around.push(values[(row * columns + column) * samplesPerPixel] ?? 0);
  const ground = around.sort((left, right) => left - right)[how.isBright ? Math.floor(around.length * 0.9) : Math.floor(around.length * 0.1)] ?? 0;
  const wanted = ground + (how.isBright ? 1 : -1) * how.contrast * (high - low);
  const level = Math.round(Math.max(low, Math.min(high, wanted)));
  paintText({ text, x, y, height: how.height }, (column, row, share) => {
    if (column < 0 || row < 0 || column >= columns || row >= rows) return;
    for (let sample = 0; sample < samplesPerPixel; sample += 1) {
      const at = (row * columns + column) * samplesPerPixel + sample;
      values[at] = Math.round((values[at] ?? 0) * (1 - share) + level * share);
    }
  });
  return { frame, box: { x, y, width: Math.min(width, columns - x), height: how.height } };
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
