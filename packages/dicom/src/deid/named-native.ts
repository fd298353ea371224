import type { ByteWindow } from '../byte-window.ts';
import type { ByteReader } from '../part10-start.ts';
import { searchFor } from './named-bytes.ts';
import { LEAST_IN_PIXELS } from './named-frame.ts';

const CHUNK_BYTES = 1_048_576;
/** Of the chunk before: a name may lie over the edge. */
const OVERLAP_BYTES = 1024;

/** Whether the bytes of native pixels, from `begin` to before `end`, spell a name of six letters or more: nobody sees it in the picture, and every editor shows it. */
export function* isNativeNamed(window: ByteWindow, begin: number, end: number, naming: ReadonlySet<string>): ByteReader<boolean> {
  if (naming.size === 0) return false;
  const isNamed = searchFor(naming, LEAST_IN_PIXELS);
  for (let at = begin; at < end; at += CHUNK_BYTES - OVERLAP_BYTES) {
    window.pos = at;
    const bytes = yield* window.peek(Math.min(CHUNK_BYTES, end - at));
    if (isNamed(bytes)) return true;
    if (at + CHUNK_BYTES >= end) return false;
  }
  return false;
}
