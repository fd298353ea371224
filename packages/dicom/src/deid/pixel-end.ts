import type { ByteWindow } from '../byte-window.ts';
import { HEADER_BYTES } from '../leave-pixels.ts';
import { ITEM, SEQUENCE_DELIMITER } from '../level-stack.ts';
import type { ByteReader } from '../part10-start.ts';
import type { PixelDataInfo } from '../types.ts';
import { DeidRefusal } from './types.ts';

const MAX_ITEMS = 2_000_000;

/** Where Pixel Data of undefined length ends, its delimiter included: what is no fragment could be anything, and is not sent. */
export function* pixelDataEnd(window: ByteWindow, pixels: PixelDataInfo, sizeBytes: number): ByteReader<number> {
  if (pixels.length !== undefined) return pixels.offset + pixels.length;
  window.pos = pixels.offset;
  for (let count = 0; count < MAX_ITEMS; count += 1) {
    if ((yield* window.peek(HEADER_BYTES)).length < HEADER_BYTES) break;
    const at = window.index;
    const tag = window.view.getUint16(at, true) * 65_536 + window.view.getUint16(at + 2, true);
    const length = window.view.getUint32(at + 4, true);
    if (tag === SEQUENCE_DELIMITER && length === 0) return window.pos + HEADER_BYTES;
    if (tag !== ITEM) break;
    window.pos += HEADER_BYTES + length;
    if (window.pos > sizeBytes) break;
  }
  throw new DeidRefusal('PIXELS_DAMAGED');
}
