import type { EncapsulatedFrames, FrameTable } from './frame-table.ts';

export interface ByteRange {
  /** Bytes from the start of the space. */
  readonly offset: number;
  readonly length: number;
}

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
