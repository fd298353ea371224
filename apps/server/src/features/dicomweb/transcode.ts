import {
  type DecodedFrame,
  type EncodedFrame,
  frameFormatOf,
  type ParsedInstance,
  PixelError,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { decodedPhotometric, encodedPhotometric } from '../../platform/codecs/encodable.ts';
import type { MediaRange } from './accept.ts';
import { imageSyntaxOf, readFrames } from './frames.ts';
import type { InstanceEntry } from './series-table.ts';
import type { Dicomweb } from './service.ts';

/** Whether frames of a transfer syntax can be decoded one by one; videos cannot. */
export const isDecodable = (transferSyntaxUid: string): boolean =>
  TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType.startsWith('video/') !== true;

/** Whether an instance has frames that can be shown. */
export const isImage = (entry: InstanceEntry): boolean =>
  entry.rows !== null && entry.columns !== null && entry.frames > 0 && isDecodable(entry.transferSyntaxUid);

/** Header of an instance that has pixels to decode. Fails with NOT_ACCEPTABLE for documents, waveforms, reports and videos. */
export async function imageHeader(
  web: Pick<Dicomweb, 'locator'>,
  entry: InstanceEntry,
): Promise<{ header: ParsedInstance; pixelTag: string }> {
  const header = await web.locator.header(entry);
  if (header.pixelData === undefined || !isDecodable(entry.transferSyntaxUid))
    throw new Failure('NOT_ACCEPTABLE', { detail: 'This instance has no image that can be shown.' });
  return { header, pixelTag: header.pixelData.tag };
}

/** Frames as stored, with what a codec thread must know about them. `frames` count from 0. */
export async function encodedFrames(
  web: Pick<Dicomweb, 'objects' | 'locator'>,
  entry: InstanceEntry,
  frames: readonly number[],
): Promise<EncodedFrame[]> {
  const { header, pixelTag } = await imageHeader(web, entry);
  const table = await web.locator.frameTable(entry);
  const bodies = await readFrames(web.objects, entry, table, frames, () => web.locator.datasetOffset(entry));
  const format = { ...frameFormatOf(header.json, pixelTag), transferSyntaxUid: header.transferSyntaxUid };
  return bodies.map((bytes) => ({ ...format, bytes }));
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

const AT_ONCE = 8;

/** In which transfer syntaxes the frames of an instance can be put, of those that the ranges ask for; nothing is read when they ask for none. */
export async function encodableFrames(
  web: Dicomweb,
  entry: InstanceEntry,
  ranges: readonly MediaRange[],
): Promise<(transferSyntaxUid: string) => boolean> {
  const isAsked = ranges.some((range) => {
    const syntax = imageSyntaxOf(range);
    return syntax !== undefined && syntax !== entry.transferSyntaxUid;
  });
  if (!isAsked || !isDecodable(entry.transferSyntaxUid)) return () => false;
  const { header, pixelTag } = await imageHeader(web, entry);
  const format = frameFormatOf(header.json, pixelTag);
  const picture = { ...format, photometricInterpretation: decodedPhotometric(format, header.transferSyntaxUid) };
  return (transferSyntaxUid) => encodedPhotometric(picture, transferSyntaxUid) !== undefined;
}

/** Frames in another compression. Fails with FRAME_UNREADABLE or NOT_ACCEPTABLE. */
export async function recodeFrames(
  web: Dicomweb,
  entry: InstanceEntry,
  frames: readonly number[],
  transferSyntaxUid: string,
): Promise<Buffer[]> {
  const result: Buffer[] = [];
  for (let at = 0; at < frames.length; at += AT_ONCE) {
    const encoded = await encodedFrames(web, entry, frames.slice(at, at + AT_ONCE));
    const made = await Promise.all(encoded.map((one) => web.codecs.encodeFrame(one, transferSyntaxUid)));
    result.push(...made.map(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  }
  return result;
}

/**
 * Frames decoded to explicit little endian as the dataset's attributes describe them, save that colour which the codec transformed comes
 * as RGB (docs/decisions/0006-pixels.md). Fails with FRAME_UNREADABLE or NOT_ACCEPTABLE.
 */
export async function transcodeFrames(web: Dicomweb, entry: InstanceEntry, frames: readonly number[]): Promise<Buffer[]> {
  const result: Buffer[] = [];
  for (let at = 0; at < frames.length; at += AT_ONCE) {
    const encoded = await encodedFrames(web, entry, frames.slice(at, at + AT_ONCE));
    result.push(...(await Promise.all(encoded.map(async (one) => toNative(await web.codecs.decodeFrame(one), one)))));
  }
  return result;
}

/** What the pure pixel functions refuse is a frame that cannot be read. */
export const asFailure = (error: unknown): unknown =>
  error instanceof PixelError ? new Failure('FRAME_UNREADABLE', { cause: error }) : error;
