import { readNumber, readString } from '../json-readers.ts';
import { frameFormatOf, pixelTagOf } from '../pixels/describe.ts';
import { decodedBytes } from '../pixels/frame-format.ts';
import type { DicomJsonObject } from '../types.ts';

/**
 * Whether the server's decoding may stand in for the browser's: a decoded frame keeps the attributes of a grey image, while those of
 * colour may change (JPEG and JPEG 2000 become RGB).
 */
export const canServerDecode = (dataset: DicomJsonObject): boolean => /^MONOCHROME/.test(readString(dataset, '00280004') ?? '');

/** Of a CT of 512 pixels a side it is a picture with a mean error below its noise; a fiftieth of larger ones. */
const LEAST_BEGINNING = 10 * 1024;
const MOST_BEGINNING = 64 * 1024;

const bytesOfFrame = (dataset: DicomJsonObject): number => decodedBytes(frameFormatOf(dataset, pixelTagOf(dataset)));

/** Bytes that make the first picture of a frame in its form for slow lines. */
export const beginningBytes = (dataset: DicomJsonObject): number =>
  Math.round(Math.min(MOST_BEGINNING, Math.max(LEAST_BEGINNING, bytesOfFrame(dataset) / 50)));

/**
 * Whether a frame may have a form for slow lines, as far as its attributes tell; the server, which knows how it is stored, may still refuse. A small one
 * is here as soon as its beginning.
 */
export const mayComeInParts = (dataset: DicomJsonObject): boolean =>
  canServerDecode(dataset) &&
  readNumber(dataset, '00280002') === 1 &&
  [8, 16].includes(readNumber(dataset, '00280100') ?? 0) &&
  readString(dataset, '00282110') !== '01' &&
  bytesOfFrame(dataset) > 4 * LEAST_BEGINNING;
