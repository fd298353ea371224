import { checkFormat } from '../pixels/check-format.ts';
import { type DecodedFrame, type EncodedFrame, PixelError } from '../pixels/frame-format.ts';
import { TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import type { Decoders } from './decoders.ts';
import { finished, MAX_FRAME_BYTES } from './finished.ts';
import { fit } from './fit.ts';
import { decodeJ2k } from './j2k.ts';
import { decodeJpegFamily } from './jpeg-family.ts';
import { decodeRleFrame, inflateFrame, unpackNative } from './native.ts';
import { asStreamed, runDecoder } from './run-decoder.ts';

/** JPEG XL (PS3.5 A.4.12): its header is bit-packed, so that the size is checked once the decoder has read it. */
async function decodeJpegXl(decoders: Decoders, stored: EncodedFrame): Promise<DecodedFrame> {
  const decoded = runDecoder(await decoders.decoder('JpegXLDecoder'), stored.bytes, stored);
  const frame = asStreamed(stored, decoded);
  const samples = frame.rows * frame.columns * frame.samplesPerPixel;
  const precision = Math.min(frame.bitsStored, (decoded.bytes.length / samples) * 8);
  const header = { ...frame, components: frame.samplesPerPixel, precision, isSigned: false, process: 0, isJfif: false };
  const pixels = fit(decoded, { ...header, colorTransform: undefined }, frame);
  return frame.samplesPerPixel === 3 ? { ...frame, pixels, photometricInterpretation: 'RGB' } : { ...frame, pixels };
}

async function decodeBySyntax(decoders: Decoders, frame: EncodedFrame): Promise<DecodedFrame> {
  const syntax = TRANSFER_SYNTAXES.get(frame.transferSyntaxUid);
  if (syntax === undefined || !syntax.isEncapsulated) return unpackNative(frame);
  switch (syntax.mediaType) {
    case 'image/jpeg':
    case 'image/jls':
      return decodeJpegFamily(decoders, frame);
    case 'image/jp2':
    case 'image/jpx':
    case 'image/jphc':
      return decodeJ2k(decoders, frame);
    case 'image/jxl':
      return decodeJpegXl(decoders, frame);
    case 'image/dicom-rle':
      return decodeRleFrame(frame);
    case 'application/x-deflate':
      return inflateFrame(decoders, frame);
    case 'application/octet-stream':
      return unpackNative(frame);
    default:
      throw new PixelError('transfer syntax not supported');
  }
}

/**
 * Decodes one frame (PS3.5 section 8 and annex A) in the thread it is called in. The length of the result is exact. Fails with PixelError
 * for anything that is no such frame.
 */
export async function decodeFrame(decoders: Decoders, frame: EncodedFrame): Promise<DecodedFrame> {
  checkFormat(frame, MAX_FRAME_BYTES);
  return finished(frame, await decodeBySyntax(decoders, frame));
}
