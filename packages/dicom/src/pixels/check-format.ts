import { decodedBytes, type FrameFormat, PixelError } from './frame-format.ts';

/** Fails with PixelError unless the attributes describe a frame of at most `maxBytes` bytes once decoded. */
export function checkFormat(format: FrameFormat, maxBytes: number): void {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit, isFloat } = format;
  const isSize = (size: number): boolean => Number.isInteger(size) && size >= 1 && size <= 65_535;
  if (!isSize(rows) || !isSize(columns)) throw new PixelError('rows or columns out of range');
  if (![1, 3, 4].includes(samplesPerPixel)) throw new PixelError('samples per pixel out of range');
  if (!(isFloat ? [32, 64] : [1, 8, 16, 32]).includes(bitsAllocated)) throw new PixelError('bits allocated out of range');
  const isStored = Number.isInteger(bitsStored) && bitsStored >= 1 && bitsStored <= bitsAllocated;
  if (!isFloat && !isStored) throw new PixelError('bits stored out of range');
  if (!isFloat && !(highBit >= bitsStored - 1 && highBit < bitsAllocated)) throw new PixelError('high bit out of range');
  if (decodedBytes(format) > maxBytes) throw new PixelError('frame too large');
}
