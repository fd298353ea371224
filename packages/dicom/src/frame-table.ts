import { swapWords } from './swap-words.ts';
import type { ByteSpace } from './types.ts';

export interface ByteRange {
  /** Bytes from the start of the space. */
  readonly offset: number;
  readonly length: number;
}

/** Codes of recovered faults; their order is part of the stored form, so new ones go last. */
export const FRAME_WARNING_CODES = [
  'PIXEL_LENGTH_MISMATCH',
  'PIXEL_DATA_TRUNCATED',
  'FRAME_COUNT_MISMATCH',
  'FRAME_COUNT_INVALID',
  'OFFSET_TABLE_INVALID',
  'BAD_STRUCTURE',
  'VIDEO_STREAM',
  'PIXEL_DATA_EXCESS',
] as const;

export type FrameWarningCode = (typeof FRAME_WARNING_CODES)[number];

interface Located {
  readonly space: ByteSpace;
  /** Frames that are there. */
  readonly count: number;
  /** Frames the dataset announces (Number of Frames, 1 when absent). */
  readonly announced: number;
  readonly warnings: readonly FrameWarningCode[];
}

/** Uncompressed frames of equal size, one after the other (PS3.5 8.1). Words of `wordBytes` are big endian when `bigEndian` is true. */
export interface NativeFrames extends Located {
  readonly kind: 'native';
  readonly offset: number;
  readonly frameBytes: number;
  readonly bigEndian: boolean;
  readonly wordBytes: number;
}

/** Uncompressed frames that do not begin on byte borders (PS3.5 8.1.1): frame `i` begins at bit `i * frameBits`, lowest bit first. */
export interface PackedFrames extends Located {
  readonly kind: 'packed-bits';
  readonly offset: number;
  readonly frameBits: number;
  readonly bigEndian: boolean;
  readonly wordBytes: number;
}

/** Compressed frames, each one or several fragments (PS3.5 A.4). */
export interface EncapsulatedFrames extends Located {
  readonly kind: 'encapsulated';
  /** First byte of each fragment's value, ascending. */
  readonly fragmentOffsets: Float64Array;
  readonly fragmentLengths: Uint32Array;
  /** Index of the first fragment of each frame, and after the last frame the number of fragments: `count + 1` numbers. */
  readonly firstFragments: Uint32Array;
}

/** No Pixel Data, or an empty one. */
export interface NoFrames extends Located {
  readonly kind: 'none';
}

/** Where the frames of one instance are; about 16 bytes a frame at most in memory. */
export type FrameTable = NativeFrames | PackedFrames | EncapsulatedFrames | NoFrames;

/**
 * The bytes of one frame, in order: one range, or several when a frame has several fragments. `index` counts from 0. For `packed-bits` the
 * range holds the frame and up to 7 bits of each neighbour. Undefined when there is no such frame.
 */
export function frameRanges(table: FrameTable, index: number): readonly ByteRange[] | undefined {
  if (!Number.isInteger(index) || index < 0 || index >= table.count) return undefined;
  switch (table.kind) {
    case 'native':
      return [{ offset: table.offset + index * table.frameBytes, length: table.frameBytes }];
    case 'packed-bits': {
      const first = Math.floor((index * table.frameBits) / 8);
      return [{ offset: table.offset + first, length: Math.ceil(((index + 1) * table.frameBits) / 8) - first }];
    }
    case 'encapsulated':
      return fragmentRanges(table, index);
    default:
      return undefined;
  }
}

function fragmentRanges(table: EncapsulatedFrames, index: number): ByteRange[] {
  const ranges: ByteRange[] = [];
  const last = table.firstFragments[index + 1] ?? 0;
  for (let fragment = table.firstFragments[index] ?? last; fragment < last; fragment += 1) {
    ranges.push({ offset: table.fragmentOffsets[fragment] ?? 0, length: table.fragmentLengths[fragment] ?? 0 });
  }
  return ranges;
}

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
