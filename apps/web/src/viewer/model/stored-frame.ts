import { TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { type DicomJson, readString, TAG } from './dicom-json.ts';

/** Explicit VR little endian: what the server gives when it is asked to decode a frame. */
export const DECODED_SYNTAX = '1.2.840.10008.1.2.1';

export const isNative = (transferSyntaxUid: string): boolean => TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isEncapsulated !== true;

/**
 * Whether the server's decoding may stand in for the browser's: a decoded frame keeps the attributes of a grey image, while those of
 * colour may change (JPEG and JPEG 2000 become RGB).
 */
export const canServerDecode = (dataset: DicomJson): boolean =>
  /^MONOCHROME/.test(readString(dataset, TAG.PhotometricInterpretation) ?? '');
