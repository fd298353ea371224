import type { ByteWindow } from './byte-window.ts';
import { DicomError } from './errors.ts';
import type { ByteReader } from './part10-start.ts';

export const ITEM_HEADER_BYTES = 8;
const MAX_OFFSET_TABLE_BYTES = 64 * 1024 * 1024;

export interface ItemHeader {
  readonly isItem: boolean;
  readonly isDelimiter: boolean;
  readonly length: number;
}

/** Reads an item header (PS3.5 7.5; pixel data fragments are always little endian). */
export function itemHeader(bytes: Uint8Array): ItemHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isDelimitation = view.getUint16(0, true) === 0xfffe;
  const element = view.getUint16(2, true);
  return {
    isItem: isDelimitation && element === 0xe000,
    isDelimiter: isDelimitation && element === 0xe0dd,
    length: view.getUint32(4, true),
  };
}

/** Reads the Basic Offset Table and leaves the window at the first fragment. */
export function* readOffsetTable(window: ByteWindow): ByteReader<number[]> {
  const head = yield* window.peek(ITEM_HEADER_BYTES);
  if (head.length < ITEM_HEADER_BYTES) throw new DicomError('TRUNCATED', { offset: window.pos });
  const header = itemHeader(head);
  if (!header.isItem) throw new DicomError('BAD_STRUCTURE', { offset: window.pos });
  if (header.length > MAX_OFFSET_TABLE_BYTES) throw new DicomError('BAD_LENGTH', { offset: window.pos });
  window.pos += ITEM_HEADER_BYTES;
  const bytes = yield* window.peek(Math.max(header.length, 1));
  if (bytes.length < header.length) throw new DicomError('TRUNCATED', { offset: window.pos });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table: number[] = [];
  for (let at = 0; at + 4 <= header.length; at += 4) table.push(view.getUint32(at, true));
  window.pos += header.length;
  return table;
}
