import type { ByteSpace } from './types.ts';

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
