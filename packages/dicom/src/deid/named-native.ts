import type { ByteWindow } from '../byte-window.ts';
import { jsonNumber } from '../json-access.ts';
import type { ByteReader } from '../part10-start.ts';
import type { DicomJsonObject } from '../types.ts';
import { type NameSearch, searchFor, shortSearchFor } from './named-bytes.ts';
import { LEAST_IN_PIXELS } from './named-frame.ts';

const CHUNK_BYTES = 1_048_576;
/** Of the chunk before: a name may lie over the edge. */
const OVERLAP_BYTES = 1024;
/** A letter in the upper byte has the last bit but one: with so few bits stored no pixel has it, whatever its sign (PS3.5 8.1.1). */
const MOST_WITHOUT_LETTERS = 14;

/**
 * The search for names in native pixels, or decoded ones: of six letters or more anywhere; of three or more, side by side, where two bytes of a pixel can't be letters both (16 bits
 * allocated, 14 stored at most), so that letters are no picture.
 */
export function nativeSearch(naming: ReadonlySet<string>, json: DicomJsonObject): NameSearch {
  const isNamed = searchFor(naming, LEAST_IN_PIXELS);
  if (!hasSpareBits(json)) return isNamed;
  const isShortNamed = shortSearchFor(naming);
  return (bytes) => isNamed(bytes) || isShortNamed(bytes);
}

/** Whether the bits that no letter has are above those of the pixel: old files have these at the upper end (High Bit, PS3.3 C.7.6.3.1), and any upper byte. */
function hasSpareBits(json: DicomJsonObject): boolean {
  const stored = jsonNumber(json, '00280101') ?? 16;
  return (
    jsonNumber(json, '00280100') === 16 && stored <= MOST_WITHOUT_LETTERS && (jsonNumber(json, '00280102') ?? stored - 1) < stored
  );
}

/** Where pieces of so many bytes begin that overlap, so that a name is in one of them whole. */
export function* overlapping(begin: number, end: number): Generator<{ readonly at: number; readonly length: number }> {
  for (let at = begin; at < end; at += CHUNK_BYTES - OVERLAP_BYTES) {
    yield { at, length: Math.min(CHUNK_BYTES, end - at) };
    if (at + CHUNK_BYTES >= end) return;
  }
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** Whether the bytes of native pixels, from `begin` to before `end`, spell a name: nobody sees it in the picture, and every editor shows it. */
export function* isNativeNamed(
  window: ByteWindow,
  { begin, end }: { readonly begin: number; readonly end: number },
  naming: ReadonlySet<string>,
  json: DicomJsonObject,
): ByteReader<boolean> {
  if (naming.size === 0) return false;
  const isNamed = nativeSearch(naming, json);
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
