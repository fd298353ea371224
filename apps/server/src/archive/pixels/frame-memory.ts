import { decodedBytes, type FrameTable, frameFormatOf, frameRanges } from '@negatoscope/dicom';
import { workMemory } from '../../platform/sending/byte-budget.ts';
import { imageHeader } from './decoded-frames.ts';
import type { StoredSource } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';

/** Copies of a decoded frame while it is made: the codec's own, what it gives, and what is made of that. */
export const DECODED_COPIES = 3;

/** Bytes of a frame in the object; 0 where the table has no such frame. */
export const storedBytes = (table: FrameTable, frame: number): number =>
  (frameRanges(table, frame) ?? []).reduce((sum, { length }) => sum + length, 0);

/** Memory that working on one frame takes, of `decoded` bytes when it is decoded. */
export const frameMemory = (table: FrameTable, frame: number, decoded: number): number =>
  2 * storedBytes(table, frame) + DECODED_COPIES * decoded;

/** Times all there is that a single frame may take. */
const MOST_ALONE = 2;

/** What a frame takes of the memory of the process: one that needs more than there is, as a mammogram of 28 million pixels that nobody compressed, is done alone. */
export const frameShare = (bytes: number, maxBytes: number): number =>
  bytes > maxBytes && bytes <= MOST_ALONE * maxBytes ? maxBytes : bytes;

/** Bytes of one decoded frame of an instance, which every frame of it has. */
export async function decodedFrameBytes(source: Pick<StoredSource, 'locator'>, entry: InstanceEntry): Promise<number> {
  const { header, pixelTag } = await imageHeader(source, entry);
  return decodedBytes(frameFormatOf(header.json, pixelTag));
}

/** Runs what decodes one frame within the memory that the process has for such work. Fails with UNPROCESSABLE for a frame that is too large. */
export async function withFrameMemory<T>(
  source: Pick<StoredSource, 'locator'>,
  entry: InstanceEntry,
  { frame, isDecoded }: { frame: number; isDecoded: boolean },
  work: () => Promise<T>,
): Promise<T> {
  const table = await source.locator.frameTable(entry);
  const decoded = isDecoded ? await decodedFrameBytes(source, entry) : 0;
  return workMemory.use(frameShare(frameMemory(table, frame, decoded), workMemory.maxBytes), work);
}
