import { Failure } from '../../kernel/failure.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import { openLooseFile, renderLoose } from '../pixels/index.ts';
import { type DeidentifiedWish, deidentifiedFile } from './deidentified-file.ts';
import type { MaskTools } from './masked-pixels.ts';
import { NotDeidentified } from './refusal.ts';

/** Of a file whose picture is shown: it is held in memory while it is drawn. */
const MOST_BYTES = 64 * 1024 * 1024;
const PARAMS = {
  type: 'image/jpeg',
  quality: 80,
  window: undefined,
  viewport: { width: 512, height: 512, region: undefined, isFlippedHorizontally: false, isFlippedVertically: false },
} as const;

/**
 * The first frame of what leaves, as a JPEG of 512 pixels at most: drawn from the very bytes that an export writes. Null where nothing leaves, and for what is too long or can't be drawn. Fails as
 * the store does.
 */
export async function previewedPicture(
  tools: MaskTools,
  objects: ObjectReader,
  stored: { readonly id: string; readonly sizeBytes: number },
  wish: DeidentifiedWish,
): Promise<Buffer | null> {
  try {
    const file = await deidentifiedFile(objects, stored, wish);
    try {
      if (file.sizeBytes > MOST_BYTES) return null;
      const pieces: Buffer[] = [];
      // A piece may be the reader's own memory, which the next one takes.
      for await (const piece of file.bytes) pieces.push(Buffer.from(piece));
      const bytes = Buffer.concat(pieces);
      const read = async (offset: number, length: number): Promise<Buffer> => bytes.subarray(offset, offset + length);
      const { source, entry } = await openLooseFile({ id: 'preview', sizeBytes: bytes.length, read }, tools);
      return await renderLoose(source, { entry, frame: 0, params: PARAMS });
    } finally {
      await file.discard();
    }
  } catch (error) {
    if (error instanceof NotDeidentified) return null;
    if (error instanceof Failure && (error.code === 'FRAME_UNREADABLE' || error.code === 'NOT_ACCEPTABLE')) return null;
    throw error;
  }
}
