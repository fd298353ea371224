import {
  type DecodedFrame,
  type EncodedFrame,
  frameFormatOf,
  type ParsedInstance,
  PixelError,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import type { InstanceEntry } from '../../archive/pixels/series-table.ts';
import { Failure } from '../../kernel/failure.ts';
import { decodedPhotometric, encodedPhotometric } from '../../platform/codecs/encodable.ts';
import type { MediaRange } from './accept.ts';
import { imageSyntaxOf, readFrameOf } from './frames.ts';
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

/** A frame as stored, with what a codec thread must know about it. `frame` counts from 0. */
export async function encodedFrame(
  web: Pick<Dicomweb, 'objects' | 'locator'>,
  entry: InstanceEntry,
  frame: number,
): Promise<EncodedFrame> {
  const { header, pixelTag } = await imageHeader(web, entry);
  const table = await web.locator.frameTable(entry);
  const bytes = await readFrameOf(web.objects, entry, { table, frame, datasetOffset: () => web.locator.datasetOffset(entry) });
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

/** A frame in another compression. Fails with FRAME_UNREADABLE or NOT_ACCEPTABLE. */
export async function recodeFrame(
  web: Dicomweb,
  entry: InstanceEntry,
  frame: number,
  transferSyntaxUid: string,
): Promise<Buffer> {
  const { bytes } = await web.codecs.encodeFrame(await encodedFrame(web, entry, frame), transferSyntaxUid);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * A frame decoded to explicit little endian as the dataset's attributes describe it, save that colour which the codec transformed comes
 * as RGB (docs/decisions/0006-pixels.md). Fails with FRAME_UNREADABLE or NOT_ACCEPTABLE.
 */
export async function transcodeFrame(web: Dicomweb, entry: InstanceEntry, frame: number): Promise<Buffer> {
  const encoded = await encodedFrame(web, entry, frame);
  return toNative(await web.codecs.decodeFrame(encoded), encoded);
}

/** What the pure pixel functions refuse is a frame that cannot be read. */
export const asFailure = (error: unknown): unknown =>
  error instanceof PixelError ? new Failure('FRAME_UNREADABLE', { cause: error }) : error;
