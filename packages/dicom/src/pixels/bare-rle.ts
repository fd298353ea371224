import { PixelError } from './frame-format.ts';
import { RLE_HEADER_BYTES, RLE_MAX_SEGMENTS, rleSegments } from './rle.ts';

/** The runs of a segment (PS3.5 G.3.2) that make `count` bytes, written at `at`; gives the place after them. A run that goes on is cut. */
function copyRuns(source: Uint8Array, count: number, target: Uint8Array, at: number): number {
  let to = at;
  let i = 0;
  for (let missing = count; missing > 0; ) {
    const control = source[i] ?? 128;
    i += 1;
    if (i >= source.length) throw new PixelError('RLE segment too short');
    if (control === 128) continue;
    const length = Math.min(control < 128 ? control + 1 : 257 - control, missing);
    const isLiteral = control < 128 || length === 1;
    const copied = isLiteral ? length : 1;
    if (i + copied > source.length) throw new PixelError('RLE segment too short');
    target[to] = isLiteral ? length - 1 : 257 - length;
    target.set(source.subarray(i, i + copied), to + 1);
    to += 1 + copied;
    i += control < 128 ? control + 1 : 1;
    missing -= length;
  }
  return to;
}

/**
 * RLE Lossless (PS3.5 annex G) with a header of offsets and the runs that make the pixels: nothing between the segments or behind the last, no run that says
 * nothing. `segments` of `count` bytes each. Fails with PixelError.
 */
export function bareRle(bytes: Uint8Array, count: number, segments: number): Uint8Array {
  const sources = rleSegments(bytes, segments);
  // A copied run is never longer than its source; each segment may need one byte to be even.
  const target = new Uint8Array(bytes.length + RLE_MAX_SEGMENTS);
  const header = new DataView(target.buffer, 0, RLE_HEADER_BYTES);
  header.setUint32(0, segments, true);
  let at = RLE_HEADER_BYTES;
  for (const [place, segment] of sources.entries()) {
    header.setUint32(4 + 4 * place, at, true);
    at = copyRuns(segment, count, target, at);
    at += at % 2;
  }
  return target.subarray(0, at);
}
