import { DECODER_FAILED, type DecodedFrame, decodeFrame, encodeRle, PixelError, ybrFullToRgb } from '@negatoscope/dicom';
import {
  encodedPhotometric,
  HTJ2K_LOSSLESS,
  HTJ2K_RPCL,
  JPEG_2000_LOSSLESS,
  JPEG_BASELINE,
  JPEG_LS_LOSSLESS,
  RLE_LOSSLESS,
} from './encodable.ts';
import { type EncodedPicture, NOT_ENCODABLE } from './messages.ts';
import type { Codecs, EncodedSize, Jpeg2000Encoder, WasmEncoder } from './wasm.ts';

/** About what libjpeg calls visually lossless; DICOM names no quality. */
const JPEG_QUALITY = 90;
const SAMPLES_422 = 1;
const INTERLEAVED_BY_SAMPLE = 2;

/** Runs one WebAssembly encoder; what it throws is an address of its own. */
function runEncoder<E extends WasmEncoder>(
  encoder: E,
  size: EncodedSize,
  pixels: Uint8Array,
  setUp: (encoder: E) => void,
): Uint8Array {
  try {
    encoder.getDecodedBuffer(size).set(pixels);
    setUp(encoder);
    encoder.encode();
    return Uint8Array.from(encoder.getEncodedBuffer());
  } catch {
    throw new PixelError(DECODER_FAILED);
  } finally {
    encoder.delete();
  }
}

/**
 * Bits a stream must have so that every cell comes back: those stored, or those allocated where the others are in use (an overlay, a sign that is
 * extended over them in a stream without sign).
 */
function neededBits({ pixels, bitsAllocated, bitsStored, pixelRepresentation }: DecodedFrame, isSigned: boolean): number {
  if (bitsStored === bitsAllocated) return bitsAllocated;
  const cells =
    bitsAllocated === 8 ? pixels : new Uint16Array(pixels.buffer, pixels.byteOffset, Math.floor(pixels.byteLength / 2));
  const isExtended = isSigned && pixelRepresentation === 1;
  const down = 32 - bitsAllocated;
  const low = isExtended ? -(2 ** (bitsStored - 1)) : 0;
  const high = isExtended ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1;
  const fits = cells.every((cell) => {
    const value = isExtended ? (cell << down) >> down : cell;
    return value >= low && value <= high;
  });
  return fits ? bitsStored : bitsAllocated;
}

/** Cells must begin at an even address to be looked at as words. */
const aligned = (frame: DecodedFrame): DecodedFrame =>
  frame.pixels.byteOffset % 2 === 0 ? frame : { ...frame, pixels: Uint8Array.from(frame.pixels) };

/** Encoders read as many bytes a sample as its bits need: of a cell of 16 bits that holds 8, the lower byte. */
const narrowed = ({ pixels, bitsAllocated }: DecodedFrame, bits: number): Uint8Array =>
  bitsAllocated === 16 && bits <= 8 ? Uint8Array.from({ length: pixels.length / 2 }, (_, i) => pixels[2 * i] ?? 0) : pixels;

function sizeOf(frame: DecodedFrame, bitsPerSample: number, isSigned: boolean): EncodedSize {
  const { columns: width, rows: height, samplesPerPixel: componentCount } = frame;
  return { width, height, bitsPerSample, componentCount, isSigned, isUsingColorTransform: componentCount === 3 };
}

async function encodeJpegLs(codecs: Codecs, frame: DecodedFrame): Promise<Uint8Array> {
  const encoder = await codecs.encoder('JpegLSEncoder');
  const bits = neededBits(frame, false);
  return runEncoder(encoder, sizeOf(frame, bits, false), narrowed(frame, bits), (one) => {
    one.setNearLossless(0);
    one.setInterleaveMode(frame.samplesPerPixel > 1 ? INTERLEAVED_BY_SAMPLE : 0);
  });
}

/** Wavelet levels: five as usual, fewer where the image has not as many pixels a side. */
const levels = ({ rows, columns }: DecodedFrame): number => Math.min(5, Math.floor(Math.log2(Math.min(rows, columns))));

/** Of a stream that begins with its lowest resolution: as many as make that 64 pixels a side at most (PS3.5 8.2.15). */
const manyLevels = (frame: DecodedFrame): number =>
  Math.min(
    Math.max(levels(frame), Math.ceil(Math.log2(Math.max(frame.rows, frame.columns) / 64))),
    Math.floor(Math.log2(Math.min(frame.rows, frame.columns))),
  );

function encodeWavelet<E extends Jpeg2000Encoder>(
  encoder: E,
  frame: DecodedFrame,
  setUp: (encoder: E) => void = () => undefined,
): Uint8Array {
  const isSigned = frame.pixelRepresentation === 1;
  // The encoder takes no signed bytes: a ninth bit makes them words.
  const bits = Math.max(neededBits(frame, true), isSigned ? 9 : 1);
  return runEncoder(encoder, sizeOf(frame, bits, isSigned), narrowed(frame, bits), (one) => {
    one.setQuality(true, 0);
    one.setDecompositions(levels(frame));
    setUp(one);
  });
}

const RPCL = 2;

/** By resolution, each in a tile part of its own whose length the main header tells. */
const encodeRpcl = async (codecs: Codecs, frame: DecodedFrame): Promise<Uint8Array> =>
  encodeWavelet(await codecs.encoder('HTJ2KEncoder'), frame, (encoder) => {
    encoder.setDecompositions(manyLevels(frame));
    encoder.setProgressionOrder(RPCL);
    encoder.setTLMMarker(true);
    encoder.setTilePartDivisionsAtResolutions(true);
  });

async function encodeJpeg(codecs: Codecs, frame: DecodedFrame): Promise<Uint8Array> {
  const isYbr = frame.photometricInterpretation === 'YBR_FULL';
  const pixels = isYbr ? ybrFullToRgb(Uint8Array.from(frame.pixels)) : frame.pixels;
  // The result gets as many bytes as the samples take, and these say how many; noise and small images need more than 8 bits each.
  const room = 8 * Math.ceil((2 * pixels.length + 4096) / pixels.length);
  const encoder = await codecs.encoder('JPEGEncoder');
  return runEncoder(encoder, sizeOf(frame, room, false), pixels, (one) => {
    one.setProgressive(0);
    one.setQuality(JPEG_QUALITY);
    one.setSubSampling(SAMPLES_422);
  });
}

async function encode(codecs: Codecs, frame: DecodedFrame, transferSyntaxUid: string): Promise<Uint8Array> {
  switch (transferSyntaxUid) {
    case RLE_LOSSLESS:
      return encodeRle(frame);
    case JPEG_LS_LOSSLESS:
      return encodeJpegLs(codecs, frame);
    case JPEG_2000_LOSSLESS:
      return encodeWavelet(await codecs.encoder('J2KEncoder'), frame);
    case HTJ2K_LOSSLESS:
      return encodeWavelet(await codecs.encoder('HTJ2KEncoder'), frame);
    case HTJ2K_RPCL:
      return encodeRpcl(codecs, frame);
    case JPEG_BASELINE:
      return encodeJpeg(codecs, frame);
    default:
      throw new PixelError(NOT_ENCODABLE);
  }
}

const isEqual = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/**
 * Encodes a decoded frame in the thread it is called in. What is called lossless is decoded again and compared before it leaves: an encoder that
 * errs must not change an image in silence. Fails with PixelError, NOT_ENCODABLE for pictures that the syntax can't hold.
 */
export async function encodeInThread(codecs: Codecs, decoded: DecodedFrame, transferSyntaxUid: string): Promise<EncodedPicture> {
  const photometricInterpretation = encodedPhotometric(decoded, transferSyntaxUid);
  if (photometricInterpretation === undefined) throw new PixelError(NOT_ENCODABLE);
  const frame = aligned(decoded);
  const bytes = await encode(codecs, frame, transferSyntaxUid);
  if (transferSyntaxUid !== JPEG_BASELINE) {
    const again = await decodeFrame(codecs, { ...frame, transferSyntaxUid, bytes, photometricInterpretation });
    if (!isEqual(again.pixels, frame.pixels)) throw new PixelError(DECODER_FAILED);
  }
  return { bytes, photometricInterpretation };
}
