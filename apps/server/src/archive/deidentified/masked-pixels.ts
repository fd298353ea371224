import {
  blackOf,
  canPaintNative,
  checkFormat,
  type DecidedPixels,
  type DecodedFrame,
  type FrameFormat,
  frameFormatOf,
  masksWithin,
  type Painting,
  type PixelMask,
  paintBlack,
  paletteOf,
} from '@negatoscope/dicom';
import type { CodecPool } from '../../platform/codecs/pool.ts';
import type { Scratch, ScratchBytes } from '../../platform/objects/scratch/index.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import {
  bulkReader,
  encodedFrame,
  type HeaderThread,
  type InstanceEntry,
  imageHeader,
  openLooseFile,
  type PixelSource,
} from '../pixels/index.ts';
import { NotDeidentified } from './refusal.ts';

/** By which compressed pixels are decoded, and where they wait until they have left. */
export interface MaskTools {
  readonly codecs: CodecPool;
  readonly headers: HeaderThread;
  readonly scratch: Pick<Scratch, 'create'>;
}

/** What of a file's pixels is written in the place of what is stored. */
export interface MaskedPixels {
  readonly decided: DecidedPixels;
  /** Where the pixels are native: laid over them while they leave. */
  readonly painting?: Painting;
  /** Where they were compressed: all frames, decoded and masked. */
  readonly frames?: ScratchBytes;
}

interface Stored {
  readonly id: string;
  readonly sizeBytes: number;
}

/** Decoded pixels of one file: what is longer waits for who cuts it. */
const MOST_DECODED_BYTES = 8 * 1024 ** 3;

/**
 * Makes ready what of a file is black. Native pixels stay where they are, and are painted while they are sent; compressed ones are decoded by the one pipeline and
 * kept aside until then, since a frame that can't be read is to be known before the first byte leaves. Without masks they only leave decoded. Fails with NotDeidentified, and with FRAME_UNREADABLE.
 */
export async function maskedPixels(
  tools: MaskTools,
  objects: ObjectReader,
  stored: Stored,
  masks: readonly PixelMask[],
): Promise<MaskedPixels> {
  const read = (offset: number, length: number): Promise<Buffer> => objects.read(stored.id, offset, length);
  const { source, entry } = await openLooseFile({ ...stored, read }, tools);
  const { header, pixelTag } = await imageHeader(source, entry);
  const format = frameFormatOf(header.json, pixelTag);
  const within = masksWithin(masks, { ...format, frames: entry.frames });
  if (within === undefined) throw new NotDeidentified('MASK_OUTSIDE');
  requirePlaces(format);
  const { kind } = await source.locator.frameTable(entry);
  const palette = await paletteOf(header.json, bulkReader(source, entry));
  if (kind !== 'encapsulated' && canPaintNative(header.json))
    return { decided: { done: 'masked' }, painting: { format, masks: within, black: blackOf(format, header.json, palette) } };
  if (format.bitsAllocated === 1) throw new NotDeidentified('PIXELS_NOT_CLEARED');
  const paintingOf = (frame: DecodedFrame): Painting => ({
    format: frame,
    masks: within,
    black: blackOf(frame, header.json, palette),
  });
  return decodedPixels(tools, { source, entry, paintingOf, done: within.length === 0 ? 'accepted' : 'masked' });
}

/** Where a pixel stands is known of cells that whoever looked could be shown; single bits have one sample. Fails with NotDeidentified. */
function requirePlaces(format: FrameFormat): void {
  try {
    checkFormat(format, MOST_DECODED_BYTES);
  } catch (error) {
    throw new NotDeidentified('PIXELS_NOT_CLEARED', error);
  }
  if (format.bitsAllocated === 1 && format.samplesPerPixel > 1) throw new NotDeidentified('PIXELS_NOT_CLEARED');
}

interface Decoding {
  readonly source: PixelSource;
  readonly entry: InstanceEntry;
  readonly paintingOf: (frame: DecodedFrame) => Painting;
  readonly done: DecidedPixels['done'];
}

const described = ({ photometricInterpretation, samplesPerPixel, bitsAllocated }: DecodedFrame): string =>
  JSON.stringify([photometricInterpretation, samplesPerPixel, bitsAllocated]);

/** All frames, one after the other. */
async function decodedPixels(tools: MaskTools, { source, entry, paintingOf, done }: Decoding): Promise<MaskedPixels> {
  const frames = await tools.scratch.create();
  try {
    let first: DecodedFrame | undefined;
    for (let at = 0; at < entry.frames; at += 1) {
      const frame = await tools.codecs.decodeFrame(await encodedFrame(source, entry, at));
      first ??= frame;
      // One header describes them all.
      if (described(frame) !== described(first)) throw new NotDeidentified('PIXELS_DAMAGED');
      if (frames.sizeBytes + frame.pixels.length > MOST_DECODED_BYTES) throw new NotDeidentified('PIXELS_TOO_LARGE');
      const painting = paintingOf(frame);
      const masks = painting.masks.filter((mask) => mask.frame === undefined || mask.frame === at);
      paintBlack(frame.pixels, 0, { ...painting, masks: masks.map((mask) => ({ ...mask, frame: 0 })) });
      await frames.write(frame.pixels);
    }
    if (first === undefined) throw new NotDeidentified('PIXELS_DAMAGED');
    return { decided: { done, decoded: { format: first, sizeBytes: frames.sizeBytes } }, frames };
  } catch (error) {
    await frames.remove();
    throw error;
  }
}
