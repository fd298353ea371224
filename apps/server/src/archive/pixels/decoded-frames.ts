import {
  type DecodedFrame,
  type EncodedFrame,
  frameFormatOf,
  type ParsedInstance,
  PixelError,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import type { CodecPool } from '../../platform/codecs/pool.ts';
import type { StoredSource } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';
import { storedFrame } from './stored-frames.ts';

/** What decodes as well. */
export interface PixelSource extends StoredSource {
  /** Threads that decode and encode frames. */
  readonly codecs: CodecPool;
}

/** Whether frames of a transfer syntax can be decoded one by one; videos cannot. */
export const isDecodable = (transferSyntaxUid: string): boolean =>
  TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType.startsWith('video/') !== true;

/** Whether an instance has frames that can be shown. */
export const isImage = (entry: InstanceEntry): boolean =>
  entry.rows !== null && entry.columns !== null && entry.frames > 0 && isDecodable(entry.transferSyntaxUid);

/** Header of an instance that has pixels to decode. Fails with NOT_ACCEPTABLE for documents, waveforms, reports and videos. */
export async function imageHeader(
  source: Pick<StoredSource, 'locator'>,
  entry: InstanceEntry,
): Promise<{ header: ParsedInstance; pixelTag: string }> {
  const header = await source.locator.header(entry);
  if (header.pixelData === undefined || !isDecodable(entry.transferSyntaxUid))
    throw new Failure('NOT_ACCEPTABLE', { detail: 'This instance has no image that can be shown.' });
  return { header, pixelTag: header.pixelData.tag };
}

/** A frame as stored, with what a codec thread must know about it. `frame` counts from 0. */
export async function encodedFrame(source: StoredSource, entry: InstanceEntry, frame: number): Promise<EncodedFrame> {
  const { header, pixelTag } = await imageHeader(source, entry);
  const bytes = await storedFrame(source, entry, frame);
  return { ...frameFormatOf(header.json, pixelTag), transferSyntaxUid: header.transferSyntaxUid, bytes };
}

/** One bit a pixel again, lowest bit first (PS3.5 8.1.1): what the dataset's Bits Allocated of 1 announces. */
function packBits(pixels: Uint8Array): Buffer {
  const packed = Buffer.alloc(Math.ceil(pixels.length / 8));
  for (let i = 0; i < pixels.length; i += 1) packed[i >> 3] = (packed[i >> 3] ?? 0) | ((pixels[i] ?? 0) << (i & 7));
  return packed;
}

/** Samples in planes, when the dataset announces Planar Configuration 1 (PS3.3 C.7.6.3.1.3). */
function toPlanes({ pixels, samplesPerPixel, bitsAllocated }: DecodedFrame): Buffer {
  const width = bitsAllocated / 8;
  const count = pixels.length / samplesPerPixel / width;
  const planes = Buffer.alloc(pixels.length);
  for (let i = 0; i < pixels.length; i += 1) {
    const sample = Math.floor(i / width) % samplesPerPixel;
    const pixel = Math.floor(i / (width * samplesPerPixel));
    planes[(sample * count + pixel) * width + (i % width)] = pixels[i] ?? 0;
  }
  return planes;
}

function toNative(decoded: DecodedFrame, encoded: EncodedFrame): Buffer {
  if (encoded.bitsAllocated === 1) return packBits(decoded.pixels);
  if (encoded.planarConfiguration === 1 && encoded.samplesPerPixel > 1) return toPlanes(decoded);
  return Buffer.from(decoded.pixels.buffer, decoded.pixels.byteOffset, decoded.pixels.byteLength);
}

/** A frame in another compression. Fails with FRAME_UNREADABLE or NOT_ACCEPTABLE. */
export async function recodeFrame(
  source: PixelSource,
  entry: InstanceEntry,
  frame: number,
  transferSyntaxUid: string,
): Promise<Buffer> {
  const { bytes } = await source.codecs.encodeFrame(await encodedFrame(source, entry, frame), transferSyntaxUid);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * A frame decoded to explicit little endian as the dataset's attributes describe it, save that colour which the codec transformed comes
 * as RGB (docs/decisions/0006-pixels.md). Fails with FRAME_UNREADABLE or NOT_ACCEPTABLE.
 */
export async function decodedFrame(source: PixelSource, entry: InstanceEntry, frame: number): Promise<Buffer> {
  const encoded = await encodedFrame(source, entry, frame);
  return toNative(await source.codecs.decodeFrame(encoded), encoded);
}

/** What the pure pixel functions refuse is a frame that cannot be read. */
export const asFailure = (error: unknown): unknown =>
  error instanceof PixelError ? new Failure('FRAME_UNREADABLE', { cause: error }) : error;

/** Whether a failure is that of one frame, which costs only itself, and not of what reads it. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof PixelError ||
  (error instanceof Failure && ['FRAME_UNREADABLE', 'NOT_ACCEPTABLE', 'OBJECT_DAMAGED'].includes(error.code));
