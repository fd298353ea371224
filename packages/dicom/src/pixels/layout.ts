import { type DecodedFrame, decodedBytes, PixelError, type Size } from './frame-format.ts';

/** One byte (0 or 1) for each bit, lowest bit first (PS3.5 8.1.1). Fails with PixelError when `bytes` holds fewer than `count` bits. */
export function unpackBits(bytes: Uint8Array, count: number): Uint8Array {
  if (bytes.length * 8 < count) throw new PixelError('too few bits');
  const result = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) result[i] = ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1;
  return result;
}

/** Planes (Planar Configuration 1, PS3.3 C.7.6.3.1.3) → samples of a pixel together. `bytes` holds `samples` planes of equal size. */
export function interleavePlanes(bytes: Uint8Array, samples: number, bytesPerSample: number): Uint8Array {
  const pixels = Math.floor(bytes.length / (samples * bytesPerSample));
  const result = new Uint8Array(pixels * samples * bytesPerSample);
  for (let sample = 0; sample < samples; sample += 1) {
    for (let byte = 0; byte < bytesPerSample; byte += 1) {
      let from = sample * pixels * bytesPerSample + byte;
      let to = sample * bytesPerSample + byte;
      for (let i = 0; i < pixels; i += 1, from += bytesPerSample, to += samples * bytesPerSample) result[to] = bytes[from] ?? 0;
    }
  }
  return result;
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

/**
 * Samples of `fromBytes` bytes (little endian) as samples of `toBytes`: codecs keep the precision of their stream, datasets say how wide a cell
 * is. `signBits` > 0 extends two's complement of that many bits.
 */
export function widenSamples(bytes: Uint8Array, fromBytes: 1 | 2 | 4, toBytes: 1 | 2 | 4, signBits: number): Uint8Array {
  if (fromBytes > toBytes) throw new PixelError('more bits than allocated');
  const count = Math.floor(bytes.length / fromBytes);
  const result = new Uint8Array(count * toBytes);
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const target = new DataView(result.buffer);
  const shift = signBits > 0 ? 32 - signBits : 0;
  for (let i = 0; i < count; i += 1) {
    const raw =
      fromBytes === 1 ? (bytes[i] ?? 0) : fromBytes === 2 ? source.getUint16(2 * i, true) : source.getInt32(4 * i, true);
    const value = shift > 0 ? (raw << shift) >> shift : raw;
    if (toBytes === 1) result[i] = value & 0xff;
    else if (toBytes === 2) target.setInt16(2 * i, value, true);
    else target.setInt32(4 * i, value, true);
  }
  return result;
}

/** A tile that was cut at the edge of its slide → one of the whole size, black where nothing was stored. */
export function wholeTile(tile: DecodedFrame, size: Size): DecodedFrame {
  if (tile.rows === size.rows && tile.columns === size.columns) return tile;
  const whole = { ...tile, rows: size.rows, columns: size.columns };
  const pixels = new Uint8Array(decodedBytes(whole));
  // Black is not zero in colour differences (PS3.3 C.7.6.3.1.2).
  if (/^YBR/.test(tile.photometricInterpretation) && tile.bitsAllocated === 8)
    for (let at = 0; at < pixels.length; at += 1) if (at % tile.samplesPerPixel > 0) pixels[at] = 128;
  const [from, to] = [decodedBytes({ ...tile, rows: 1 }), decodedBytes({ ...whole, rows: 1 })];
  for (let row = 0; row < tile.rows; row += 1) pixels.set(tile.pixels.subarray(row * from, (row + 1) * from), row * to);
  return { ...whole, pixels };
}
