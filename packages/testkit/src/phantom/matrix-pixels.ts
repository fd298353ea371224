import type { ElementInput } from '../part10/dataset.ts';
import { encodeRle } from '../part10/rle.ts';
import { createPrng } from '../prng.ts';
import { type CaseShape, samplesOf } from './pixel-case.ts';

/** Values that touch both ends of the range, zero, and places between; runs too, so that RLE has something to pack. */
export function expectedFrame(shape: CaseShape, name: string, frame: number): number[] {
  const prng = createPrng('matrix', name, frame);
  const low = shape.isSigned ? -(2 ** (shape.bitsStored - 1)) : 0;
  const high = shape.isSigned ? 2 ** (shape.bitsStored - 1) - 1 : 2 ** shape.bitsStored - 1;
  const count = shape.rows * shape.columns * samplesOf(shape);
  const values: number[] = [low, high, 0, high, low];
  while (values.length < count) {
    const value = prng.integer(low, high);
    const run = prng.next() < 0.3 ? prng.integer(2, 9) : 1;
    for (let index = 0; index < run && values.length < count; index++) values.push(value);
  }
  return values;
}

/** Stored little-endian bytes of one frame (PS3.5 8.1.1), by pixel or by plane; 1-bit frames are packed by the caller across frames. */
function frameBytes(shape: CaseShape, values: readonly number[]): Uint8Array {
  const size = shape.bitsAllocated / 8;
  const samples = samplesOf(shape);
  const pixels = shape.rows * shape.columns;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  const mask = 2 ** shape.bitsStored;
  values.forEach((value, index) => {
    const place = shape.planarConfiguration === 1 ? (index % samples) * pixels + Math.floor(index / samples) : index;
    const stored = value < 0 ? value + mask : value;
    if (size === 1) view.setUint8(place, stored);
    else if (size === 2) view.setUint16(place * 2, stored, true);
    else view.setUint32(place * 4, stored, true);
  });
  return bytes;
}

/** Bits of all frames in one stream, the first pixel in the least significant bit, frames not padded (PS3.5 8.1.1). */
function packBits(frames: readonly (readonly number[])[]): Uint8Array {
  const bits = frames.flat();
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7));
  });
  return bytes;
}

export function pixelElement(shape: CaseShape, expected: readonly (readonly number[])[]): ElementInput {
  if (shape.bitsAllocated === 1) return { vr: 'OB', value: packBits(expected) };
  const frames = expected.map((values) => frameBytes(shape, values));
  if (shape.syntax === 'rle') {
    const rle = { ...shape, samplesPerPixel: samplesOf(shape), bytesPerSample: shape.bitsAllocated / 8 };
    return { frames: frames.map((frame) => [encodeRle(frame, rle)]), offsetTable: 'basic' };
  }
  const bytes = new Uint8Array(Buffer.concat(frames));
  if (shape.bitsAllocated === 8) return { vr: shape.syntax === 'implicit' ? 'OW' : 'OB', value: bytes };
  // Samples of 32 bits are swapped as a whole in big endian, as the value of an OL would be, then labelled OW.
  return { vr: 'OW', value: shape.bitsAllocated === 32 && shape.syntax === 'bigEndian' ? swapHalves(bytes) : bytes };
}

/** Exchanges the 16-bit halves of 32-bit words, which with the writer's swap of each half reverses the whole word. */
function swapHalves(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at + 3 < bytes.length; at += 4)
    out.set([bytes[at + 2] ?? 0, bytes[at + 3] ?? 0, bytes[at] ?? 0, bytes[at + 1] ?? 0], at);
  return out;
}
