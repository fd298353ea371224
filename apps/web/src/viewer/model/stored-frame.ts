import { decodedBytes, frameFormatOf, pixelTagOf, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { type DicomJson, readNumber, readString, TAG } from './dicom-json.ts';

/** Explicit VR little endian: what the server gives when it is asked to decode a frame. */
export const DECODED_SYNTAX = '1.2.840.10008.1.2.1';

export const isNative = (transferSyntaxUid: string): boolean => TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isEncapsulated !== true;

/**
 * Whether the server's decoding may stand in for the browser's: a decoded frame keeps the attributes of a grey image, while those of
 * colour may change (JPEG and JPEG 2000 become RGB).
 */
export const canServerDecode = (dataset: DicomJson): boolean =>
  /^MONOCHROME/.test(readString(dataset, TAG.PhotometricInterpretation) ?? '');

/** HTJ2K with the lowest resolution first: what the form of a frame for slow lines is in. */
export const PROGRESSIVE_SYNTAX = '1.2.840.10008.1.2.4.202';

/** Of a CT of 512 pixels a side it is a picture with a mean error below its noise; a fiftieth of larger ones. */
const LEAST_BEGINNING = 10 * 1024;
const MOST_BEGINNING = 64 * 1024;

const bytesOfFrame = (dataset: DicomJson): number => decodedBytes(frameFormatOf(dataset, pixelTagOf(dataset)));

/** Bytes that make the first picture of a frame in its form for slow lines. */
export const beginningBytes = (dataset: DicomJson): number =>
  Math.round(Math.min(MOST_BEGINNING, Math.max(LEAST_BEGINNING, bytesOfFrame(dataset) / 50)));

/**
 * Whether a frame may have a form for slow lines, as far as its attributes tell; the server, which knows how it is stored, may still refuse. A small one
 * is here as soon as its beginning.
 */
export const mayComeInParts = (dataset: DicomJson): boolean =>
  canServerDecode(dataset) &&
  readNumber(dataset, TAG.SamplesPerPixel) === 1 &&
  [8, 16].includes(readNumber(dataset, TAG.BitsAllocated) ?? 0) &&
  readString(dataset, TAG.LossyImageCompression) !== '01' &&
  bytesOfFrame(dataset) > 4 * LEAST_BEGINNING;
