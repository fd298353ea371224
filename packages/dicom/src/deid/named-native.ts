import type { ByteWindow } from '../byte-window.ts';
import type { ByteReader } from '../part10-start.ts';
import { searchFor } from './named-bytes.ts';
import { LEAST_IN_PIXELS } from './named-frame.ts';

const CHUNK_BYTES = 1_048_576;
/** Of the chunk before: a name may lie over the edge. */
const OVERLAP_BYTES = 1024;

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** Whether the bytes of native pixels, from `begin` to before `end`, spell a name of six letters or more: nobody sees it in the picture, and every editor shows it. */
export function* isNativeNamed(window: ByteWindow, begin: number, end: number, naming: ReadonlySet<string>): ByteReader<boolean> {
  if (naming.size === 0) return false;
  const isNamed = searchFor(naming, LEAST_IN_PIXELS);
  let before = new Uint8Array(0);
  for (let at = begin; at < end; ) {
    window.pos = at;
    // What is in memory by itself: to have what follows behind it, both would be copied.
    const loaded = at < window.start ? 0 : Math.max(0, window.start + window.bytes.length - at);
    const bytes = yield* window.peek(Math.min(loaded || CHUNK_BYTES, end - at));
    const edge = joined(before, bytes.subarray(0, OVERLAP_BYTES));
    if (isNamed(bytes) || isNamed(edge)) return true;
    if (bytes.length === 0) return false;
    before = (bytes.length < OVERLAP_BYTES ? edge : bytes).slice(-OVERLAP_BYTES);
    at += bytes.length;
  }
  return false;
}
