import { TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import { bareJ2k } from './bare-j2k.ts';
import { bareJpeg } from './bare-jpeg.ts';
import { bareRle } from './bare-rle.ts';
import { type EncodedFrame, PixelError } from './frame-format.ts';

/** The segments that a frame of the dataset has: as many as samples have bytes; one of all its bits, where pixels are bits. */
function bareRleFrame({ bytes, rows, columns, samplesPerPixel, bitsAllocated }: EncodedFrame): Uint8Array {
  if (bitsAllocated === 1) return bareRle(bytes, Math.ceil((rows * columns * samplesPerPixel) / 8), 1);
  return bareRle(bytes, rows * columns, (samplesPerPixel * bitsAllocated) / 8);
}

/** As many bytes as the pixels need (PS3.5 8.1.1); fewer where two pixels share their chrominance (PS3.3 C.7.6.3.1.2). */
function bareOctets({
  bytes,
  rows,
  columns,
  samplesPerPixel,
  bitsAllocated,
  photometricInterpretation,
}: EncodedFrame): Uint8Array {
  const pixels = rows * columns;
  const whole = Math.ceil((pixels * samplesPerPixel * bitsAllocated) / 8);
  const isShared = samplesPerPixel === 3 && /^YBR_(FULL|PARTIAL)_422$/.test(photometricInterpretation) && bytes.length < whole;
  const expected = isShared ? Math.ceil((pixels * 2 * bitsAllocated) / 8) : whole;
  if (bytes.length < expected) throw new PixelError('too few bytes');
  return bytes.subarray(0, expected);
}

/** By media type (PS3.18 8.7.3.3). */
const WRITERS: Readonly<Record<string, (frame: EncodedFrame) => Uint8Array>> = {
  'image/jpeg': ({ bytes }) => bareJpeg(bytes),
  'image/jls': ({ bytes }) => bareJpeg(bytes),
  'image/jp2': ({ bytes }) => bareJ2k(bytes),
  'image/jpx': ({ bytes }) => bareJ2k(bytes),
  'image/jphc': ({ bytes }) => bareJ2k(bytes),
  'image/dicom-rle': bareRleFrame,
  'application/octet-stream': bareOctets,
};

/** Whether frames of a transfer syntax can leave as they are stored without what else their writer put in: `bareFrame` knows their format. */
export const canBeBare = (transferSyntaxUid: string): boolean =>
  (TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType ?? '') in WRITERS;

/**
 * A stored frame with what decodes it and nothing else: comments, application segments and what stands behind the pixels may name the patient. The pixels stay
 * as they are, bit for bit. Fails with PixelError for what is not of its format, and for transfer syntaxes that `canBeBare` denies.
 */
export function bareFrame(frame: EncodedFrame): Uint8Array {
  const write = WRITERS[TRANSFER_SYNTAXES.get(frame.transferSyntaxUid)?.mediaType ?? ''];
  if (write === undefined) throw new PixelError('frames of this transfer syntax stay as they are');
  return write(frame);
}
