import { concat } from '../concat.ts';
import { PixelError } from './frame-format.ts';
import { namedTables, tableSegment, tablesOf } from './jpeg-tables.ts';

const [SOI, EOI, SOS] = [0xd8, 0xd9, 0xda];
const [DQT, DHT, DAC, DNL, DRI, SOF55, LSE] = [0xdb, 0xc4, 0xcc, 0xdc, 0xdd, 0xf7, 0xf8];
/** Segments beside frame headers, scans and tables that say how to decode. Reserved markers, restarts outside of a scan and hierarchy are none. */
const NEEDED = new Set([SOS, DNL, DRI, SOF55, LSE]);
const isFrameHeader = (marker: number): boolean =>
  marker === SOF55 || (marker >= 0xc0 && marker <= 0xcf && ![DHT, 0xc8, DAC].includes(marker));
/** Arithmetic coding has conditions in the place of tables of codes. */
const isArithmetic = (frame: number): boolean => frame > 0xc8 && frame <= 0xcf;

/** Whether a segment without a list of its own is as long as it says (T.81 B.2.4.4, B.2.5; T.87 C.2.4, C.2.5: intervals may be longer, and of the parameters only those of coding are read). */
function isExact(marker: number, content: Uint8Array): boolean {
  if (marker === DRI) return content.length >= 2 && content.length <= 4;
  if (marker === LSE) return content[0] === 1 && content.length === 11;
  return marker !== DNL || content.length === 2;
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

interface Segment {
  readonly marker: number;
  /** Behind its length. */
  readonly content: Uint8Array;
  /** All of it; of a scan with its data. */
  readonly bytes: Uint8Array;
}

/** The segments behind SOI to before EOI, or to where the bytes end; whether there was an EOI. */
function segmentsOf(bytes: Uint8Array): { segments: Segment[]; isEnded: boolean } {
  const segments: Segment[] = [];
  let isLs = false;
  for (let at = 2; at + 1 < bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) throw new PixelError('JPEG marker expected');
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === EOI) return { segments, isEnded: true };
    const end = at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (end < at + 4 || end > bytes.length) throw new PixelError('JPEG segment out of range');
    const content = bytes.subarray(at + 4, end);
    if (!isExact(marker, content)) throw new PixelError('JPEG segment of another length');
    if (marker === SOF55) isLs = true;
    const stop = marker === SOS ? scanEnd(bytes, end, isLs) : end;
    segments.push({ marker, content, bytes: bytes.subarray(at, stop) });
    at = stop;
  }
  return { segments, isEnded: false };
}

/** Of the tables of a segment those that something uses before they are defined again: `later` are those that are before the next scan. */
function keptTables({ marker, content }: Segment, used: ReadonlySet<string>, later: Set<string>): Uint8Array {
  const kept = tablesOf(marker, content)
    .reverse()
    .filter(({ name }) => used.has(name) && !later.has(name) && later.add(name));
  return tableSegment(marker, kept.reverse());
}

/**
 * A JPEG (ITU-T T.81) or JPEG-LS (T.87) stream with what decodes it and nothing else: no comment, no application segment as it was, no table that neither frame
 * nor scan uses, nothing behind the end of the image. Fails with PixelError for what is no such stream.
 */
export function bareJpeg(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw new PixelError('no JPEG stream');
  const { segments, isEnded } = segmentsOf(bytes);
  const frame = segments.find(({ marker }) => isFrameHeader(marker))?.marker ?? 0;
  const used = new Set(
    segments.flatMap(({ marker, content }) =>
      marker === SOS || isFrameHeader(marker) ? namedTables(marker, content, frame) : [],
    ),
  );
  const later = new Set<string>();
  const pieces: Uint8Array[] = [];
  for (const segment of segments.reverse()) {
    const { marker, content } = segment;
    if (marker === SOS) later.clear();
    const isKept = NEEDED.has(marker) || isFrameHeader(marker) || (marker === DAC && isArithmetic(frame));
    if (marker === DQT || marker === DHT) pieces.push(keptTables(segment, used, later));
    else pieces.push(isKept ? segment.bytes : Uint8Array.from(applicationSegment(marker, content)));
  }
  return concat([Uint8Array.of(0xff, SOI), ...pieces.reverse(), ...(isEnded ? [Uint8Array.of(0xff, EOI)] : [])]);
}
