import { concat } from '../concat.ts';
import { type DecodedFrame, type EncodedFrame, type FrameFormat, PixelError } from '../pixels/frame-format.ts';
import { decodeJpegDct } from '../pixels/jpeg-dct.ts';
import { readJpegHeader, type StreamHeader } from '../pixels/stream-headers.ts';
import type { Decoders } from './decoders.ts';
import { checkHeader, fit } from './fit.ts';
import { asStreamed, bytesOf, DECODER_FAILED, runDecoder } from './run-decoder.ts';

/** `FF EE`, Adobe, transform 0: tells libjpeg that three components are RGB when the dataset says so and the stream is silent. */
const ADOBE_RGB = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);

function withColorSpace(bytes: Uint8Array, header: StreamHeader, format: FrameFormat): Uint8Array {
  const isSilent = header.colorTransform === undefined && !header.isJfif;
  if (header.components !== 3 || !isSilent || format.photometricInterpretation !== 'RGB') return bytes;
  return concat([bytes.subarray(0, 2), ADOBE_RGB, bytes.subarray(2)]);
}

/** JPEG in all its processes and JPEG-LS (PS3.5 A.4.1 to A.4.3): what the stream says decides, mislabelled ones are common. */
export async function decodeJpegFamily(decoders: Decoders, stored: EncodedFrame): Promise<DecodedFrame> {
  const header = readJpegHeader(stored.bytes);
  const frame = asStreamed(stored, header);
  checkHeader(header, frame);
  const { bytes } = frame;
  const isDct = header.process <= 0xc2;
  if (isDct && header.precision === 8) {
    const decoded = runDecoder(await decoders.decoder('JPEGDecoder'), withColorSpace(bytes, header, frame), frame);
    const photometricInterpretation = header.components === 3 ? 'RGB' : frame.photometricInterpretation;
    return { ...frame, pixels: fit(decoded, header, frame), photometricInterpretation };
  }
  if (isDct) return { ...frame, pixels: fit({ bytes: decodeJpegDct(bytes) }, header, frame) };
  if (header.process === 0xf7) {
    const decoded = runDecoder(await decoders.decoder('JpegLSDecoder'), bytes, frame);
    return { ...frame, pixels: fit(decoded, header, frame) };
  }
  if (header.process !== 0xc3) throw new PixelError('JPEG process not supported');
  return { ...frame, pixels: fit({ bytes: decodeLossless(decoders, bytes, header) }, header, frame) };
}

function decodeLossless(decoders: Decoders, bytes: Uint8Array, header: StreamHeader): Uint8Array {
  try {
    return bytesOf(decoders.lossless().decode(bytes.buffer, bytes.byteOffset, bytes.length, header.precision > 8 ? 2 : 1));
  } catch {
    throw new PixelError(DECODER_FAILED);
  }
}
