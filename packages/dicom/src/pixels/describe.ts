import { jsonElement, jsonNumber, jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import type { FrameFormat, Size } from './frame-format.ts';

/** The tag of the pixel data that a dataset has: floats and doubles have their own (PS3.3 C.7.6.24, C.7.6.25). */
export const pixelTagOf = (json: DicomJsonObject): string =>
  ['7FE00008', '7FE00009'].find((tag) => jsonElement(json, tag) !== undefined) ?? '7FE00010';

/** What is left for the last tiles of a Total Pixel Matrix (PS3.3 C.8.12.4) that is no multiple of a tile. */
function lastTileOf(json: DicomJsonObject, { rows, columns }: Size): { readonly lastTile?: Size } {
  const rest = (total: number | undefined, tile: number): number => (total === undefined ? 0 : total % tile) || tile;
  const last = { rows: rest(jsonNumber(json, '00480007'), rows), columns: rest(jsonNumber(json, '00480006'), columns) };
  return last.rows === rows && last.columns === columns ? {} : { lastTile: last };
}

/**
 * Image Pixel attributes (PS3.3 C.7.6.3.1) in DICOM JSON → the format of a frame; nothing is checked but `checkFormat` does. `pixelTag` is
 * the tag of the pixel data, floats have their own.
 */
export function frameFormatOf(json: DicomJsonObject, pixelTag: string): FrameFormat {
  const isFloat = pixelTag === '7FE00008' || pixelTag === '7FE00009';
  const bitsAllocated = jsonNumber(json, '00280100') ?? (pixelTag === '7FE00009' ? 64 : isFloat ? 32 : 0);
  const bitsStored = isFloat ? bitsAllocated : (jsonNumber(json, '00280101') ?? bitsAllocated);
  const size = { rows: jsonNumber(json, '00280010') ?? 0, columns: jsonNumber(json, '00280011') ?? 0 };
  return {
    ...size,
    ...lastTileOf(json, size),
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
