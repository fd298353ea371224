import { jsonNumber, jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import type { FrameFormat } from './frame-format.ts';
import { frameSources } from './functional-groups.ts';
import { type ModalityTransform, modalityFunction } from './modality.ts';
import { unitOf } from './modality-unit.ts';
import type { ValueRange } from './range.ts';
import { fullWindow, type Window } from './voi.ts';

/** Soft tissue: from air to metal everything would be grey. */
const CT_WINDOW: Window = { kind: 'window', center: 40, width: 400, shape: 'linear' };

/** The modality values that stored values of this format can have; undefined for floats. */
export function possibleRange(format: FrameFormat, modality: ModalityTransform): ValueRange | undefined {
  const { isFloat, bitsStored, pixelRepresentation } = format;
  if (isFloat) return undefined;
  const least = pixelRepresentation === 1 ? -(2 ** (bitsStored - 1)) : 0;
  const ends = [least, least + 2 ** bitsStored - 1].map(modalityFunction(modality));
  return { min: Math.min(...ends), max: Math.max(...ends) };
}

const isUltrasound = (json: DicomJsonObject, { bitsStored, pixelRepresentation }: FrameFormat): boolean =>
  /^(US|IVUS)$/.test(jsonString(json, '00080060') ?? '') && bitsStored === 8 && pixelRepresentation === 0;

const hasIntercept = (json: DicomJsonObject, frame: number): boolean =>
  frameSources(json, frame, '00289145').some((source) => jsonNumber(source, '00281052') !== undefined);

/**
 * The window of a frame that stores none, where its kind has one: a bit is black or white, ultrasound of 8 bits is shown as it is, CT in
 * Hounsfield units in soft tissue. Undefined for all others, which are shown by the mapping of their series.
 */
export function windowOfKind(
  json: DicomJsonObject,
  frame: number,
  format: FrameFormat,
  modality: ModalityTransform,
): Window | undefined {
  const possible = possibleRange(format, modality);
  if (possible !== undefined && (format.bitsStored === 1 || isUltrasound(json, format))) {
    return fullWindow(possible.min, possible.max);
  }
  const isCt = jsonString(json, '00080060') === 'CT' && hasIntercept(json, frame);
  return isCt && unitOf(json, frame) === 'HU' ? CT_WINDOW : undefined;
}
