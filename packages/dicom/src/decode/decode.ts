import {
  checkFormat,
  type DecodedFrame,
  decodedBytes,
  type EncodedFrame,
  type FrameFormat,
  PixelError,
  type Size,
} from '../pixels/frame-format.ts';
import { decodeJpegDct } from '../pixels/jpeg-dct.ts';
import { expandChroma422, interleavePlanes, unpackBits, wholeTile, widenSamples } from '../pixels/layout.ts';
import { decodeRle } from '../pixels/rle.ts';
import { readJ2kHeader, readJpegHeader, type StreamHeader } from '../pixels/stream-headers.ts';
import { TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import type { Decoders, WasmDecoder } from './decoders.ts';

/** A decoded frame may have this many bytes; more is refused before any memory is asked for. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** Why a frame failed when a codec's own state can no longer be trusted: the thread is given up with it. */
export const DECODER_FAILED = 'decoder failed';

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/**
 * A frame of the size that its stream has, where that may differ: tiles in the last column and row of a slide may be cut to what belongs to it, though
 * Rows and Columns say another size (PS3.3 C.8.12.4).
 */
function asStreamed<F extends FrameFormat>(frame: F, { rows, columns }: Size): F {
  const { lastTile } = frame;
  const isCut =
    lastTile !== undefined &&
    (rows === frame.rows || rows === lastTile.rows) &&
    (columns === frame.columns || columns === lastTile.columns);
  return isCut ? { ...frame, rows, columns } : frame;
}

interface Decoded {
  readonly bytes: Uint8Array;
  /** True when samples come one plane after the other. */
  readonly isPlanar?: boolean;
}

/** Runs one WebAssembly decoder; what it throws is a number or an object of its own, never a message worth keeping. */
function runDecoder(decoder: WasmDecoder, bytes: Uint8Array, format: FrameFormat): Decoded & Size {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, componentCount } = decoder.getFrameInfo();
    const { rows, columns } = asStreamed(format, { rows: height, columns: width });
    const isAsked = width === columns && height === rows && componentCount === format.samplesPerPixel;
    if (!isAsked) throw new PixelError('decoder gave another size');
    // A view into the decoder's memory, gone with the decoder.
    const result = bytesOf(decoder.getDecodedBuffer().slice());
    return { bytes: result, isPlanar: componentCount > 1 && decoder.getInterleaveMode?.() === 0, rows, columns };
  } catch (error) {
    throw error instanceof PixelError ? error : new PixelError(DECODER_FAILED);
  } finally {
    decoder.delete();
  }
}

function checkHeader(header: StreamHeader, format: FrameFormat): void {
  const isAsked =
    header.rows === format.rows && header.columns === format.columns && header.components === format.samplesPerPixel;
  if (!isAsked) throw new PixelError('stream has another size than the dataset');
  if (header.precision > format.bitsAllocated) throw new PixelError('stream has more bits than allocated');
}

/** Cells of the width that the dataset allocates, from samples as wide as the codec made them. */
function fit(decoded: Decoded, header: StreamHeader, format: FrameFormat): Uint8Array {
  const { samplesPerPixel, pixelRepresentation } = format;
  const samples = format.rows * format.columns * samplesPerPixel;
  const width = decoded.bytes.length / samples;
  if (width !== 1 && width !== 2 && width !== 4) throw new PixelError('decoder gave another length');
  const bytes = decoded.isPlanar === true ? interleavePlanes(decoded.bytes, samplesPerPixel, width) : decoded.bytes;
  const target = Math.max(1, format.bitsAllocated / 8);
  if (target !== 1 && target !== 2 && target !== 4) throw new PixelError('bits allocated out of range');
  // What an unsigned stream holds is the cell's bits as they are, the sign at the high bit.
  const signBits = pixelRepresentation === 1 && header.isSigned ? width * 8 : 0;
  return width === target ? bytes : widenSamples(bytes, width, target, signBits);
}

/** `FF EE`, Adobe, transform 0: tells libjpeg that three components are RGB when the dataset says so and the stream is silent. */
const ADOBE_RGB = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);

function withColorSpace(bytes: Uint8Array, header: StreamHeader, format: FrameFormat): Uint8Array {
  const isSilent = header.colorTransform === undefined && !header.isJfif;
  if (header.components !== 3 || !isSilent || format.photometricInterpretation !== 'RGB') return bytes;
  const result = new Uint8Array(bytes.length + ADOBE_RGB.length);
  result.set(bytes.subarray(0, 2));
  result.set(ADOBE_RGB, 2);
  result.set(bytes.subarray(2), 2 + ADOBE_RGB.length);
  return result;
}

/** JPEG in all its processes and JPEG-LS (PS3.5 A.4.1 to A.4.3): what the stream says decides, mislabelled ones are common. */
async function decodeJpegFamily(decoders: Decoders, stored: EncodedFrame): Promise<DecodedFrame> {
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

const HTJ2K = /^1\.2\.840\.10008\.1\.2\.4\.20[123]$/;

/**
 * JPEG 2000 and HTJ2K (PS3.5 A.4.4): the component transform is undone by the codec, so RCT and ICT become RGB. A signed stream has signed samples, whatever
 * the dataset says; an unsigned one of signed values holds their bits, the sign at High Bit.
 */
async function decodeJ2k(decoders: Decoders, stored: EncodedFrame): Promise<DecodedFrame> {
  const header = readJ2kHeader(stored.bytes);
  const frame = asStreamed(stored, header);
  checkHeader(header, frame);
  const decoder = await decoders.decoder(HTJ2K.test(frame.transferSyntaxUid) ? 'HTJ2KDecoder' : 'J2KDecoder');
  const pixelRepresentation = header.isSigned ? 1 : frame.pixelRepresentation;
  const pixels = fit(runDecoder(decoder, frame.bytes, frame), header, { ...frame, pixelRepresentation });
  const isTransformed = header.colorTransform === 1 || /^YBR_(RCT|ICT)$/.test(frame.photometricInterpretation);
  const decoded = { ...frame, pixels, pixelRepresentation };
  return header.components === 3 && isTransformed ? { ...decoded, photometricInterpretation: 'RGB' } : decoded;
}

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

/** Uncompressed bytes: bits unpacked, subsampled colour expanded, planes interleaved; a padding byte at the end is left out. */
function unpackNative(frame: EncodedFrame): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation: color } = frame;
  const count = rows * columns * samplesPerPixel;
  if (bitsAllocated === 1)
    return { ...frame, pixels: unpackBits(frame.bytes, count), bitsAllocated: 8, bitsStored: 1, highBit: 0 };
  const expected = decodedBytes(frame);
  const isShared = samplesPerPixel === 3 && /^YBR_(FULL|PARTIAL)_422$/.test(color) && frame.bytes.length < expected;
  if (isShared && bitsAllocated === 8) {
    const photometricInterpretation = color === 'YBR_FULL_422' ? 'YBR_FULL' : color;
    return { ...frame, pixels: expandChroma422(frame.bytes, rows, columns), photometricInterpretation, planarConfiguration: 0 };
  }
  if (frame.bytes.length < expected) throw new PixelError('too few bytes');
  const bytes = frame.bytes.subarray(0, expected);
  const isPlanar = frame.planarConfiguration === 1 && samplesPerPixel > 1;
  const pixels = isPlanar ? interleavePlanes(bytes, samplesPerPixel, bitsAllocated / 8) : bytes;
  return { ...frame, pixels, planarConfiguration: 0 };
}

function decodeRleFrame(frame: EncodedFrame): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated } = frame;
  if (bitsAllocated === 1) {
    const packed = decodeRle(frame.bytes, Math.ceil((rows * columns * samplesPerPixel) / 8), 1, 1);
    return unpackNative({ ...frame, bytes: packed });
  }
  return { ...frame, pixels: decodeRle(frame.bytes, rows * columns, samplesPerPixel, bitsAllocated / 8) };
}

async function inflateFrame(decoders: Decoders, frame: EncodedFrame): Promise<DecodedFrame> {
  const limit = Math.ceil((frame.rows * frame.columns * frame.samplesPerPixel * frame.bitsAllocated) / 8) + 16;
  const bytes = await decoders.inflate(frame.bytes, limit).catch(() => {
    throw new PixelError('deflated frame damaged');
  });
  return unpackNative({ ...frame, bytes });
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
  const {
    transferSyntaxUid: _syntax,
    bytes: _bytes,
    ...decoded
  } = {
    ...frame,
    ...(await decodeBySyntax(decoders, frame)),
    planarConfiguration: 0 as const,
  };
  if (decoded.pixels.length !== decodedBytes(decoded)) throw new PixelError('decoder gave another length');
  return wholeTile(decoded, frame);
}
