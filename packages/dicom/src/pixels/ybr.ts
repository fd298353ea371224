import { PixelError } from './frame-format.ts';

const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/** YBR_FULL (PS3.3 C.7.6.3.1.2, ITU-R BT.601 with full range) → RGB in place, three bytes a pixel. */
export function ybrFullToRgb(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    const y = bytes[i] ?? 0;
    const cb = (bytes[i + 1] ?? 0) - 128;
    const cr = (bytes[i + 2] ?? 0) - 128;
    bytes[i] = clamp(y + 1.402 * cr);
    bytes[i + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    bytes[i + 2] = clamp(y + 1.772 * cb);
  }
  return bytes;
}

/** YBR_PARTIAL_422 and _420 (PS3.3 C.7.6.3.1.2: luminance 16 to 235, chrominance 16 to 240) → RGB in place. */
export function ybrPartialToRgb(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    const y = 1.164_383 * ((bytes[i] ?? 0) - 16);
    const cb = (bytes[i + 1] ?? 0) - 128;
    const cr = (bytes[i + 2] ?? 0) - 128;
    bytes[i] = clamp(y + 1.596_027 * cr);
    bytes[i + 1] = clamp(y - 0.391_762 * cb - 0.812_968 * cr);
    bytes[i + 2] = clamp(y + 2.017_232 * cb);
  }
  return bytes;
}

/**
 * Uncompressed YBR_FULL_422 or YBR_PARTIAL_422 of 8 bits (PS3.3 C.7.6.3.1.2: Y1 Y2 Cb Cr for each two pixels of a row) → three samples a
 * pixel. `columns` must be even. Fails with PixelError when bytes are missing.
 */
export function expandChroma422(bytes: Uint8Array, rows: number, columns: number): Uint8Array {
  const pairs = (rows * columns) / 2;
  if (columns % 2 !== 0 || bytes.length < pairs * 4) throw new PixelError('subsampled colour too short');
  const result = new Uint8Array(pairs * 6);
  for (let pair = 0, from = 0, to = 0; pair < pairs; pair += 1, from += 4, to += 6) {
    const cb = bytes[from + 2] ?? 0;
    const cr = bytes[from + 3] ?? 0;
    result[to] = bytes[from] ?? 0;
    result[to + 1] = cb;
    result[to + 2] = cr;
    result[to + 3] = bytes[from + 1] ?? 0;
    result[to + 4] = cb;
    result[to + 5] = cr;
  }
  return result;
}
