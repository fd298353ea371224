import { TRANSFER_SYNTAXES } from '@negatoscope/dicom';

/** Explicit VR little endian: what the server gives when it is asked to decode a frame. */
export const DECODED_SYNTAX = '1.2.840.10008.1.2.1';

export const isNative = (transferSyntaxUid: string): boolean => TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isEncapsulated !== true;

/** HTJ2K with the lowest resolution first: what the form of a frame for slow lines is in. */
export const PROGRESSIVE_SYNTAX = '1.2.840.10008.1.2.4.202';
