import type { ByteWindow } from './byte-window.ts';
import { DicomError } from './errors.ts';
import type { FrameWarningCode } from './frame-table.ts';
import { startsImage } from './image-markers.ts';
import { ITEM_HEADER_BYTES, itemHeader } from './offset-table.ts';
import type { ByteReader } from './part10-start.ts';

/** Fragments of an encapsulated Pixel Data in file order. */
export interface Fragments {
  readonly offsets: number[];
  readonly lengths: number[];
  /** Whether each fragment begins with the marker of an image. */
  readonly startsImage: boolean[];
  /** The Basic Offset Table, empty when there is none. */
  readonly offsetTable: readonly number[];
  /** First byte of the first fragment's item header: where offset tables count from (PS3.5 A.4). */
  readonly base: number;
}
const MARKER_BYTES = 12;
const SMALL_FRAGMENT_BYTES = 16_384;
const WINDOW_BYTES = 65_536;

/**
 * Walks the fragments from item header to item header, reading some bytes of each. Ends at the sequence delimiter, or, with a warning, where
 * the file ends or something else than an item comes. Fails with ELEMENT_LIMIT, TRUNCATED, BAD_STRUCTURE, BAD_LENGTH.
 */
export function* scanFragments(
  window: ByteWindow,
  options: { offsetTable: readonly number[]; maxFragments: number; warnings: Set<FrameWarningCode> },
): ByteReader<Fragments> {
  const { offsetTable, maxFragments, warnings } = options;
  const fragments: Fragments = { offsets: [], lengths: [], startsImage: [], offsetTable, base: window.pos };
  window.windowBytes = WINDOW_BYTES;
  window.jumpBytes = WINDOW_BYTES;
  for (;;) {
    const head = yield* window.peek(ITEM_HEADER_BYTES + MARKER_BYTES);
    const header = head.length < ITEM_HEADER_BYTES ? undefined : itemHeader(head);
    if (header?.isDelimiter) return fragments;
    if (header === undefined || !header.isItem || header.length === 0xffffffff) {
      warnings.add(header === undefined ? 'PIXEL_DATA_TRUNCATED' : 'BAD_STRUCTURE');
      return fragments;
    }
    if (fragments.offsets.length >= maxFragments) throw new DicomError('ELEMENT_LIMIT', { limit: maxFragments });
    const offset = window.pos + ITEM_HEADER_BYTES;
    const isCut = window.end !== undefined && offset + header.length > window.end;
    if (isCut) warnings.add('PIXEL_DATA_TRUNCATED');
    const length = isCut && window.end !== undefined ? Math.max(0, window.end - offset) : header.length;
    fragments.offsets.push(offset);
    fragments.lengths.push(length);
    fragments.startsImage.push(startsImage(head.subarray(ITEM_HEADER_BYTES, ITEM_HEADER_BYTES + length)));
    window.pos = offset + length;
    // Far jumps read only what the next header needs; small fragments come in windows of many.
    window.jumpBytes = length > SMALL_FRAGMENT_BYTES ? ITEM_HEADER_BYTES + MARKER_BYTES : WINDOW_BYTES;
    if (isCut) return fragments;
  }
}
