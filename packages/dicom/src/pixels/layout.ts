import { PixelError } from './frame-format.ts';

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
