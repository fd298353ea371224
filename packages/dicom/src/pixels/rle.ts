import { PixelError } from './frame-format.ts';

export const RLE_HEADER_BYTES = 64;
export const RLE_MAX_SEGMENTS = 15;

/** The segments of a frame, as its header says where they begin (PS3.5 G.5). Fails with PixelError unless there are `expected`. */
export function rleSegments(bytes: Uint8Array, expected: number): Uint8Array[] {
  if (bytes.length < RLE_HEADER_BYTES) throw new PixelError('RLE header missing');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count > RLE_MAX_SEGMENTS || count !== expected) throw new PixelError('RLE segments do not fit the samples');
  return Array.from({ length: count }, (_, segment) => {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < count ? view.getUint32(8 + 4 * segment, true) : bytes.length;
    if (start < RLE_HEADER_BYTES || start > end || end > bytes.length) throw new PixelError('RLE segment out of range');
    return bytes.subarray(start, end);
  });
}

/** Undoes PackBits (PS3.5 G.3.2) into every `step`-th byte of `target`; too few bytes leave zeros, as readers do with short files. */
function unpackSegment(source: Uint8Array, target: Uint8Array, place: { start: number; step: number; count: number }): number {
  const { step, count } = place;
  let at = place.start;
  let written = 0;
  let i = 0;
  while (i < source.length && written < count) {
    const control = source[i] ?? 0;
    i += 1;
    if (control === 128) continue;
    if (control < 128) {
      const length = Math.min(control + 1, count - written, source.length - i);
      for (let k = 0; k < length; k += 1, at += step) target[at] = source[i + k] ?? 0;
      i += control + 1;
      written += length;
    } else {
      if (i >= source.length) break;
      const value = source[i] ?? 0;
      i += 1;
      const length = Math.min(257 - control, count - written);
      for (let k = 0; k < length; k += 1, at += step) target[at] = value;
      written += length;
    }
  }
  return written;
}

/**
 * Decodes RLE Lossless (PS3.5 annex G). Segments hold the bytes of a sample from the most significant one, sample after sample; the result
 * has `pixels * samples * bytesPerSample` bytes, little endian, samples of a pixel together. Fails with PixelError.
 */
export function decodeRle(bytes: Uint8Array, pixels: number, samples: number, bytesPerSample: number): Uint8Array {
  const expected = samples * bytesPerSample;
  const segments = rleSegments(bytes, expected);
  const result = new Uint8Array(pixels * expected);
  for (const [segment, source] of segments.entries()) {
    const sample = Math.floor(segment / bytesPerSample);
    const significance = bytesPerSample - 1 - (segment % bytesPerSample);
    const place = { start: sample * bytesPerSample + significance, step: expected, count: pixels };
    if (unpackSegment(source, result, place) < pixels) throw new PixelError('RLE segment too short');
  }
  return result;
}
