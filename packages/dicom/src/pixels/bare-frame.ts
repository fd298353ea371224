import { TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import { bareJ2k } from './bare-j2k.ts';
import { bareJpeg } from './bare-jpeg.ts';
import { PixelError } from './frame-format.ts';

/** By media type (PS3.18 8.7.3.3); the other compressions of pixels have no place for text. */
const WRITERS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  'image/jpeg': bareJpeg,
  'image/jls': bareJpeg,
  'image/jp2': bareJ2k,
  'image/jpx': bareJ2k,
  'image/jphc': bareJ2k,
  'image/dicom-rle': (bytes) => bytes,
  'application/x-deflate': (bytes) => bytes,
  'application/octet-stream': (bytes) => bytes,
};

/** Whether frames of a transfer syntax can leave as they are stored without what else their writer put in: `bareFrame` knows their format. */
export const canBeBare = (transferSyntaxUid: string): boolean =>
  (TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType ?? '') in WRITERS;

/**
 * A stored frame with what decodes it and nothing else: comments and application segments may name the patient. The pixels stay as they are, bit for
 * bit. Fails with PixelError for what is not of its format, and for transfer syntaxes that `canBeBare` denies.
 */
export function bareFrame(bytes: Uint8Array, transferSyntaxUid: string): Uint8Array {
  const write = WRITERS[TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType ?? ''];
  if (write === undefined) throw new PixelError('frames of this transfer syntax stay as they are');
  return write(bytes);
}
