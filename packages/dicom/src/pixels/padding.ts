import { jsonNumber, jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import type { FrameFormat } from './frame-format.ts';

/** Stored values that stand for "no image here" (PS3.3 C.7.5.1.1.2), both included. */
export type Padding = readonly [number, number];

/** The number of a padding attribute as the stored value it means: signed data may carry it as unsigned words. */
function asStored(value: number, { pixelRepresentation, bitsStored }: FrameFormat): number {
  if (pixelRepresentation === 0 || value < 0) return value;
  if (bitsStored < 32 && value >= 2 ** (bitsStored - 1) && value < 2 ** bitsStored) return value - 2 ** bitsStored;
  return value > 32_767 && value < 65_536 ? value - 65_536 : value;
}

/**
 * Pixel Padding Value (0028,0120) up to Pixel Padding Range Limit (0028,0121), of floats (0028,0122) and (0028,0124), of doubles (0028,0123) and
 * (0028,0125); undefined when there is none, for colour, and for a single value in an image that was ever lossy (0028,2110): coding has changed
 * values around it, and others into it, so that it is a value like others (PS3.3 C.7.5.1.1.2). `isLossy`: what the transfer syntax says where the dataset
 * says nothing.
 */
export function paddingOf(json: DicomJsonObject, format: FrameFormat, isLossy = false): Padding | undefined {
  if (format.samplesPerPixel > 1) return undefined;
  const [valueTag, limitTag] = !format.isFloat
    ? ['00280120', '00280121']
    : format.bitsAllocated === 64
      ? ['00280123', '00280125']
      : ['00280122', '00280124'];
  const value = jsonNumber(json, valueTag);
  if (value === undefined) return undefined;
  const limit = jsonNumber(json, limitTag);
  const declared = jsonString(json, '00282110');
  if (limit === undefined && (declared === undefined ? isLossy : declared === '01')) return undefined;
  const [first, last] = [asStored(value, format), asStored(limit ?? value, format)];
  return [Math.min(first, last), Math.max(first, last)];
}
