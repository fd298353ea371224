import type { FrameFormat } from '../../pixels/frame-format.ts';
import { cellBytes } from './black.ts';
import type { PixelMask } from './masks.ts';

/** What is black in native pixels, and where; see `paintBlack`. */
export interface Painting {
  readonly format: FrameFormat;
  readonly masks: readonly PixelMask[];
  /** Stored values of a black pixel (`blackOf`). */
  readonly black: readonly number[];
}

/** A run of pixels of one plane: `units` are bits of a picture of one bit, else bytes. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly pattern: Uint8Array;
}

interface Layout {
  /** Units of a frame, of a plane and of a pixel in a plane. */
  readonly frame: number;
  readonly plane: number;
  readonly pixel: number;
  readonly patterns: readonly Uint8Array[];
}

function layoutOf({ format, black }: Painting): Layout {
  const { rows, columns, samplesPerPixel, bitsAllocated, planarConfiguration } = format;
  if (bitsAllocated === 1) {
    const plane = rows * columns;
    return { frame: plane, plane, pixel: 1, patterns: [Uint8Array.of(black[0] === 0 ? 0 : 1)] };
  }
  const cells = Array.from({ length: samplesPerPixel }, (_, sample) => cellBytes(black[sample] ?? 0, format));
  const isPlanar = planarConfiguration === 1 && samplesPerPixel > 1;
  const patterns = isPlanar ? cells : [Uint8Array.from(cells.flatMap((cell) => [...cell]))];
  const pixel = patterns[0]?.length ?? 1;
  const plane = rows * columns * pixel;
  return { frame: plane * patterns.length, plane, pixel, patterns };
}

/** The rows of a mask in one frame that lie between two units of the pixel data. */
function* spansOf(
  { frame, plane, pixel, patterns }: Layout,
  { mask, columns, at }: { mask: PixelMask; columns: number; at: number },
  { start, end }: { start: number; end: number },
): Generator<Span> {
  for (const [index, pattern] of patterns.entries()) {
    const base = at * frame + index * plane;
    const line = columns * pixel;
    const first = Math.max(mask.top, Math.floor((start - base) / line));
    const last = Math.min(mask.bottom, Math.ceil((end - base) / line));
    for (let row = first; row < last; row += 1) {
      const from = base + row * line + mask.left * pixel;
      const to = base + row * line + mask.right * pixel;
      if (to > start && from < end) yield { from, to, pattern };
    }
  }
}

/** Sets bytes, each to its place in the pattern. */
function paintBytes(chunk: Uint8Array, start: number, { from, to, pattern }: Span): void {
  const last = Math.min(to, start + chunk.length);
  for (let at = Math.max(from, start); at < last; at += 1) chunk[at - start] = pattern[(at - from) % pattern.length] ?? 0;
}

/** Sets bits, the first pixel in the lowest one (PS3.5 8.1.1). */
function paintBits(chunk: Uint8Array, start: number, { from, to, pattern }: Span): void {
  const last = Math.min(to, start + chunk.length * 8);
  for (let bit = Math.max(from, start) - start; bit < last - start; bit += 1) {
    const byte = chunk[bit >> 3] ?? 0;
    chunk[bit >> 3] = pattern[0] === 1 ? byte | (1 << (bit & 7)) : byte & ~(1 << (bit & 7));
  }
}

/**
 * Makes black, in place, what of `masks` lies in a chunk of native pixel data (PS3.5 8.1; little endian, any number of frames). `offset` is where the chunk
 * begins in the pixel data. No other bit changes. Pixels share no chrominance: YBR_FULL_422 is to be decoded before.
 */
export function paintBlack(chunk: Uint8Array, offset: number, painting: Painting): void {
  const layout = layoutOf(painting);
  const isBits = painting.format.bitsAllocated === 1;
  const start = isBits ? offset * 8 : offset;
  const end = start + chunk.length * (isBits ? 8 : 1);
  const [first, last] = [Math.floor(start / layout.frame), Math.ceil(end / layout.frame)];
  for (const mask of painting.masks)
    for (let frame = mask.frame ?? first; frame <= (mask.frame ?? last - 1); frame += 1)
      for (const span of spansOf(layout, { mask, columns: painting.format.columns, at: frame }, { start, end }))
        if (isBits) paintBits(chunk, start, span);
        else paintBytes(chunk, start, span);
}
