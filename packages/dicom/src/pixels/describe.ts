import { jsonElement, jsonNumber, jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import type { FrameFormat } from './frame-format.ts';

/** The tag of the pixel data that a dataset has: floats and doubles have their own (PS3.3 C.7.6.24, C.7.6.25). */
export const pixelTagOf = (json: DicomJsonObject): string =>
  ['7FE00008', '7FE00009'].find((tag) => jsonElement(json, tag) !== undefined) ?? '7FE00010';

/**
 * Image Pixel attributes (PS3.3 C.7.6.3.1) in DICOM JSON → the format of a frame; nothing is checked but `checkFormat` does. `pixelTag` is
 * the tag of the pixel data, floats have their own.
 */
export function frameFormatOf(json: DicomJsonObject, pixelTag: string): FrameFormat {
  const isFloat = pixelTag === '7FE00008' || pixelTag === '7FE00009';
  const bitsAllocated = jsonNumber(json, '00280100') ?? (pixelTag === '7FE00009' ? 64 : isFloat ? 32 : 0);
  const bitsStored = isFloat ? bitsAllocated : (jsonNumber(json, '00280101') ?? bitsAllocated);
  return {
    rows: jsonNumber(json, '00280010') ?? 0,
    columns: jsonNumber(json, '00280011') ?? 0,
    samplesPerPixel: jsonNumber(json, '00280002') ?? 1,
    bitsAllocated,
    bitsStored,
    highBit: isFloat ? bitsAllocated - 1 : (jsonNumber(json, '00280102') ?? bitsStored - 1),
    pixelRepresentation: jsonNumber(json, '00280103') === 1 ? 1 : 0,
    photometricInterpretation: jsonString(json, '00280004') ?? 'MONOCHROME2',
    planarConfiguration: jsonNumber(json, '00280006') === 1 ? 1 : 0,
    isFloat,
  };
}
