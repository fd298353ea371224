import { type DecodedFrame, decodedBytes, type EncodedFrame, PixelError } from '../pixels/frame-format.ts';
import { interleavePlanes, unpackBits } from '../pixels/layout.ts';
import { decodeRle } from '../pixels/rle.ts';
import { expandChroma422 } from '../pixels/ybr.ts';
import type { Decoders } from './decoders.ts';

/** Uncompressed bytes: bits unpacked, subsampled colour expanded, planes interleaved; a padding byte at the end is left out. */
export function unpackNative(frame: EncodedFrame): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation: color } = frame;
  const count = rows * columns * samplesPerPixel;
  if (bitsAllocated === 1)
    return { ...frame, pixels: unpackBits(frame.bytes, count), bitsAllocated: 8, bitsStored: 1, highBit: 0 };
  const expected = decodedBytes(frame);
  const isShared = samplesPerPixel === 3 && /^YBR_(FULL|PARTIAL)_422$/.test(color) && frame.bytes.length < expected;
  if (isShared && bitsAllocated === 8) {
    const photometricInterpretation = color === 'YBR_FULL_422' ? 'YBR_FULL' : color;
    return { ...frame, pixels: expandChroma422(frame.bytes, rows, columns), photometricInterpretation, planarConfiguration: 0 };
  }
  if (frame.bytes.length < expected) throw new PixelError('too few bytes');
  const bytes = frame.bytes.subarray(0, expected);
  const isPlanar = frame.planarConfiguration === 1 && samplesPerPixel > 1;
  const pixels = isPlanar ? interleavePlanes(bytes, samplesPerPixel, bitsAllocated / 8) : bytes;
  return { ...frame, pixels, planarConfiguration: 0 };
}

export function decodeRleFrame(frame: EncodedFrame): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated } = frame;
  if (bitsAllocated === 1) {
    const packed = decodeRle(frame.bytes, Math.ceil((rows * columns * samplesPerPixel) / 8), 1, 1);
    return unpackNative({ ...frame, bytes: packed });
  }
  return { ...frame, pixels: decodeRle(frame.bytes, rows * columns, samplesPerPixel, bitsAllocated / 8) };
}

export async function inflateFrame(decoders: Decoders, frame: EncodedFrame): Promise<DecodedFrame> {
  const limit = Math.ceil((frame.rows * frame.columns * frame.samplesPerPixel * frame.bitsAllocated) / 8) + 16;
  const bytes = await decoders.inflate(frame.bytes, limit).catch(() => {
    throw new PixelError('deflated frame damaged');
  });
  return unpackNative({ ...frame, bytes });
}
