/** A picture of 8 bits: samples of a pixel together, row after row. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
}

/** RGB → grey as Pillow does it (ITU-R 601, 16-bit fixed point); alpha is ignored. */
export function toGrey({ pixels, channels }: Picture): Uint8Array {
  if (channels === 1) return pixels;
  const grey = new Uint8Array(Math.floor(pixels.length / channels));
  for (let to = 0, from = 0; to < grey.length; to += 1, from += channels) {
    grey[to] =
      channels < 3
        ? (pixels[from] ?? 0)
        : ((pixels[from] ?? 0) * 19_595 + (pixels[from + 1] ?? 0) * 38_470 + (pixels[from + 2] ?? 0) * 7_471 + 0x8000) >>> 16;
  }
  return grey;
}

/** How colourful a picture is: the mean of greatest less least of red, green and blue, 0 to 255. A tinted film has a few, a photograph of a room some tens. */
export function colourOf({ pixels, channels }: Picture): number {
  if (channels < 3) return 0;
  let sum = 0;
  for (let at = 0; at < pixels.length; at += channels) {
    const [r, g, b] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    sum += Math.max(r, g, b) - Math.min(r, g, b);
  }
  return sum / (pixels.length / channels);
}

const BITS = 22;
const ONE = 2 ** BITS;
const HALF = 2 ** (BITS - 1);

/** For each place of the result: the first sample that it is made of, and the weight of each from there on. */
interface Weights {
  readonly from: Int32Array;
  readonly weights: readonly Int32Array[];
}

/** The antialiased triangle filter: a sample counts by its distance, as far as one sample of the coarser of both grids. */
function weightsOf(size: number, to: number): Weights {
  const scale = size / to;
  const reach = Math.max(scale, 1);
  const from = new Int32Array(to);
  const weights = Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(size, Math.trunc(centre + reach + 0.5));
    from[place] = first;
    const raw = Array.from({ length: end - first }, (_, index) =>
      Math.max(0, 1 - Math.abs((first + index - centre + 0.5) / reach)),
    );
    const sum = raw.reduce((all, weight) => all + weight, 0);
    return Int32Array.from(raw, (weight) => Math.trunc(0.5 + (weight / sum) * ONE));
  });
  return { from, weights };
}

/** What is summed of a line: its samples stand `step` apart from `start` on. */
function sampleAt(samples: Uint8Array, start: number, step: number, weights: Int32Array): number {
  let sum = HALF;
  for (let index = 0; index < weights.length; index += 1) sum += (samples[start + index * step] ?? 0) * (weights[index] ?? 0);
  return Math.min(255, sum >> BITS);
}

/**
 * The whole picture in `side` × `side` samples, its proportions not kept: across first and rounded to 8 bits, then down. Equal to Pillow's BILINEAR bit for bit;
 * a canvas or OpenCV samples large pictures without averaging, and a model sees another picture then.
 */
export function shrink(grey: Uint8Array, width: number, height: number, side: number): Uint8Array {
  const across = weightsOf(width, side);
  const down = weightsOf(height, side);
  const lines = new Uint8Array(side * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < side; x += 1)
      lines[y * side + x] = sampleAt(grey, y * width + (across.from[x] ?? 0), 1, across.weights[x] ?? new Int32Array(0));
  const result = new Uint8Array(side * side);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      result[y * side + x] = sampleAt(lines, (down.from[y] ?? 0) * side + x, side, down.weights[y] ?? new Int32Array(0));
  return result;
}
