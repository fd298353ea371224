import type { ByteWindow } from './byte-window.ts';
import { ITEM, SEQUENCE_DELIMITER } from './level-stack.ts';
import type { ByteReader } from './part10-start.ts';
import type { PixelDataInfo } from './types.ts';

/** Of an element or item: tag and length. */
export const HEADER_BYTES = 8;
const MAX_ITEMS = 2_000_000;

/** Moves the window behind Pixel Data, over the fragments from `from` on (PS3.5 A.4); false where nothing whole follows. */
export function* leavePixelData(window: ByteWindow, pixels: PixelDataInfo, from = pixels.offset): ByteReader<boolean> {
  if (pixels.length !== undefined) {
    window.pos = pixels.offset + pixels.length;
    return (yield* window.peek(HEADER_BYTES)).length === HEADER_BYTES;
  }
  window.pos = from;
  for (let count = 0; count < MAX_ITEMS; count += 1) {
    if ((yield* window.peek(HEADER_BYTES)).length < HEADER_BYTES) return false;
    const at = window.index;
    const tag = window.view.getUint16(at, true) * 65_536 + window.view.getUint16(at + 2, true);
    if (tag !== ITEM && tag !== SEQUENCE_DELIMITER) return false;
    window.pos += HEADER_BYTES + (tag === ITEM ? window.view.getUint32(at + 4, true) : 0);
    if (tag === SEQUENCE_DELIMITER) return (yield* window.peek(HEADER_BYTES)).length === HEADER_BYTES;
  }
  return false;
}
