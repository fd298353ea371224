import type { RenderedFrame } from '@negatoscope/dicom';

/** Pixels that every browser gives a canvas: of one with more Safari shows nothing on phones and tablets, and says nothing. */
const MOST_PIXELS = 4096 * 4096;

/** Sums of the samples of each square, channel by channel. */
function sumsOf({ pixels, rows, columns, channels }: RenderedFrame, step: number, width: number): Uint32Array {
  const sums = new Uint32Array(Math.ceil(rows / step) * width * channels);
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    const start = Math.floor(row / step) * width;
    for (let column = 0; column < columns; column += 1) {
      const square = (start + Math.floor(column / step)) * channels;
      for (let channel = 0; channel < channels; channel += 1, at += 1)
        sums[square + channel] = (sums[square + channel] ?? 0) + (pixels[at] ?? 0);
    }
  }
  return sums;
}

/** A picture that a canvas takes, for who shows it whole and smaller than it is: itself, or one of which each pixel is the mean of a square of it. */
export function reducedPicture(picture: RenderedFrame, most = MOST_PIXELS): RenderedFrame {
  const { rows, columns, channels } = picture;
  const step = Math.ceil(Math.sqrt((rows * columns) / most));
  if (step <= 1) return picture;
  const [height, width] = [Math.ceil(rows / step), Math.ceil(columns / step)];
  const sums = sumsOf(picture, step, width);
  // At the right and the lower edge squares have as many pixels as there are.
  const pixelsOf = (square: number): number =>
    Math.min(step, columns - (square % width) * step) * Math.min(step, rows - Math.floor(square / width) * step);
  const pixels = Uint8Array.from(sums, (sum, at) => Math.round(sum / pixelsOf(Math.floor(at / channels))));
  return { pixels, rows: height, columns: width, channels };
}
