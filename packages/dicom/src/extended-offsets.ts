import type { ByteWindow } from './byte-window.ts';
import { ITEM_HEADER_BYTES, itemHeader } from './offset-table.ts';
import { readWords } from './offset-words.ts';
import type { ByteReader } from './part10-start.ts';
import type { ParsedInstance } from './types.ts';

const OFFSETS = '7FE00001';
const LENGTHS = '7FE00002';

export interface ExtendedTable {
  /** First byte of each frame's only fragment. */
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
}

/**
 * Reads the Extended Offset Table (PS3.3 C.7.6.3.1.8): one fragment a frame. Undefined when there is none or when it cannot be true: wrong number
 * of entries, not ascending, past the end of the file, or pointing at something else than an item in its first or last entry.
 */
export function* readExtendedTable(
  parsed: ParsedInstance,
  window: ByteWindow,
  context: { base: number; announced: number },
): ByteReader<ExtendedTable | undefined> {
  const { base, announced } = context;
  const rawOffsets = yield* readWords(parsed, window, OFFSETS);
  const rawLengths = yield* readWords(parsed, window, LENGTHS);
  if (rawOffsets === undefined || rawOffsets.length !== announced || rawLengths?.length !== announced) return undefined;
  const offsets = new Float64Array(announced);
  const lengths = new Uint32Array(announced);
  let end = base;
  for (let frame = 0; frame < announced; frame += 1) {
    const offset = base + (rawOffsets[frame] ?? 0) + ITEM_HEADER_BYTES;
    const length = rawLengths[frame] ?? 0;
    if (offset < end + ITEM_HEADER_BYTES || offset + length > (window.end ?? Number.MAX_SAFE_INTEGER) || length > 0xfffffffe)
      return undefined;
    offsets[frame] = offset;
    lengths[frame] = length;
    end = offset + length;
  }
  for (const frame of [0, announced - 1]) {
    window.pos = (offsets[frame] ?? 0) - ITEM_HEADER_BYTES;
    const head = yield* window.peek(ITEM_HEADER_BYTES);
    if (head.length < ITEM_HEADER_BYTES) return undefined;
    const header = itemHeader(head);
    // Items have even length, the table may give the length without the padding byte.
    if (!header.isItem || header.length < (lengths[frame] ?? 0) || header.length > (lengths[frame] ?? 0) + 1) return undefined;
  }
  return { offsets, lengths };
}
