import { type ByteRange, frameRanges } from './frame-ranges.ts';
import type { FrameTable } from './frame-table.ts';
import { swapWords } from './swap-words.ts';

/** How to read one frame as little endian bytes. */
export interface FrameRead {
  /** What to read, in order; for big endian data widened to whole words. */
  readonly ranges: readonly ByteRange[];
  /** Words to swap in what was read; 1 when none are. */
  readonly swapWordBytes: number;
  /** Bytes to leave out at the beginning once swapped. */
  readonly skipBytes: number;
  /** Bytes of the frame. */
  readonly lengthBytes: number;
}

/**
 * Plans the reading of one frame; `finishFrameRead` then gives its bytes. `index` counts from 0; undefined when there is no such frame.
 * For `packed-bits` the first pixel of the result is at bit `index * frameBits % 8`.
 */
export function planFrameRead(table: FrameTable, index: number): FrameRead | undefined {
  const ranges = frameRanges(table, index);
  if (ranges === undefined) return undefined;
  const lengthBytes = ranges.reduce((sum, range) => sum + range.length, 0);
  const [range] = ranges;
  if (
    range === undefined ||
    table.kind === 'encapsulated' ||
    table.kind === 'none' ||
    !table.bigEndian ||
    table.wordBytes === 1
  ) {
    return { ranges, swapWordBytes: 1, skipBytes: 0, lengthBytes };
  }
  const { offset, wordBytes } = table;
  const skipBytes = (range.offset - offset) % wordBytes;
  const length = Math.ceil((skipBytes + range.length) / wordBytes) * wordBytes;
  return { ranges: [{ offset: range.offset - skipBytes, length }], swapWordBytes: wordBytes, skipBytes, lengthBytes };
}

/** The frame's bytes from those of its ranges joined; fewer when the file ended early. */
export function finishFrameRead(read: FrameRead, bytes: Uint8Array): Uint8Array {
  const ordered = read.swapWordBytes === 1 ? bytes : swapWords(bytes, read.swapWordBytes);
  return ordered.subarray(read.skipBytes, read.skipBytes + read.lengthBytes);
}
