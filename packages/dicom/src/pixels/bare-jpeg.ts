import { concat } from '../concat.ts';
import { PixelError } from './frame-format.ts';

const [SOI, EOI, SOS] = [0xd8, 0xd9, 0xda];
/** Markers that no decoder needs, though of that range: reserved, restarts outside of a scan, hierarchy. */
const NOT_NEEDED = new Set([0xc8, 0xde, 0xdf]);
/** Segments that say how to decode: frame headers, tables, restart interval, and JPEG-LS's frame header and parameters. */
const isNeeded = (marker: number): boolean =>
  (((marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xd9 && marker <= 0xdf)) && !NOT_NEEDED.has(marker)) ||
  marker === 0xf7 ||
  marker === 0xf8;

/** Whether a table of quantisation or a restart interval is as long as it says (T.81 B.2.4.1, B.2.4.4; T.87 C.2.5 has longer intervals). */
function isExact(marker: number, content: Uint8Array): boolean {
  if (marker === 0xdd) return content.length >= 2 && content.length <= 4;
  if (marker !== 0xdb) return true;
  let at = 0;
  while (at < content.length) at += (content[at] ?? 0) >> 4 === 0 ? 65 : 129;
  return at === content.length;
}

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const JFIF = [0xff, 0xe0, 0, 16, ...ascii('JFIF'), 0, 1, 2, 0, 0, 1, 0, 1, 0, 0];
const startsWith = (bytes: Uint8Array, text: string): boolean => ascii(text).every((code, at) => bytes[at] === code);

/**
 * What decoders take from an application segment, written anew: whether it is JFIF, Adobe's colour transform, and the colour transform of HP's JPEG-LS.
 * Empty for all else: names, comments, thumbnails, profiles.
 */
function applicationSegment(marker: number, content: Uint8Array): number[] {
  if (marker === 0xe0 && startsWith(content, 'JFIF\0')) return JFIF;
  if (marker === 0xee && content.length >= 12 && startsWith(content, 'Adobe'))
    return [0xff, 0xee, 0, 14, ...ascii('Adobe'), 0, 100, 0, 0, 0, 0, content[11] ?? 0];
  if (marker === 0xe8 && content.length === 5 && startsWith(content, 'mrfx'))
    return [0xff, 0xe8, 0, 7, ...ascii('mrfx'), content[4] ?? 0];
  return [];
}

/** Where the entropy-coded data from `at` on end: at the next marker that is neither a restart nor a stuffed byte (T.81 B.1.1.5; T.87 A.1 stuffs a bit). */
function scanEnd(bytes: Uint8Array, start: number, isLs: boolean): number {
  for (let at = start; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || next === 0xff || (next >= 0xd0 && next <= 0xd7)) continue;
    if (isLs ? next >= 0x80 : next !== 0) return at;
  }
  return bytes.length;
}

/**
 * A JPEG (ITU-T T.81) or JPEG-LS (T.87) stream with what decodes it and nothing else: no comment, no application segment as it was, nothing
 * behind the end of the image. Fails with PixelError for what is no such stream.
 */
export function bareJpeg(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [Uint8Array.of(0xff, SOI)];
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw new PixelError('no JPEG stream');
  let isLs = false;
  for (let at = 2; at + 1 < bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) throw new PixelError('JPEG marker expected');
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === EOI) {
      pieces.push(Uint8Array.of(0xff, EOI));
      break;
    }
    const end = at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (end < at + 4 || end > bytes.length) throw new PixelError('JPEG segment out of range');
    if (!isExact(marker, bytes.subarray(at + 4, end))) throw new PixelError('JPEG segment of another length');
    if (marker === 0xf7) isLs = true;
    const stop = marker === SOS ? scanEnd(bytes, end, isLs) : end;
    pieces.push(
      isNeeded(marker) ? bytes.subarray(at, stop) : Uint8Array.from(applicationSegment(marker, bytes.subarray(at + 4, end))),
    );
    at = stop;
  }
  return concat(pieces);
}
