import { concat } from '../concat.ts';
import { PixelError } from './frame-format.ts';
import { codestreamStart } from './j2k-header.ts';

const [SOC, SOT, SOD, EOC] = [0xff4f, 0xff90, 0xff93, 0xffd9];
const [SIZ, COD, RGN] = [0xff51, 0xff52, 0xff5e];
/**
 * Segments of main and tile-part headers that say how to decode (ITU-T T.800 Table A.2; T.801 from 0xff72 on; T.814 for CAP): no comment, nothing that only tells what others can do without (profiles, tables of
 * lengths, where a component was registered), no unknown one.
 */
const NEEDED = new Set([
  ...[0xff50, SIZ, COD, 0xff53, 0xff5c, 0xff5d, RGN, 0xff5f, 0xff60, 0xff61],
  ...[0xff72, 0xff73, 0xff74, 0xff75, 0xff76, 0xff77, 0xff78, 0xff79, 0xff7a],
]);

interface Header {
  readonly pieces: Uint8Array[];
  /** Where the marker stands that ended it. */
  readonly end: number;
}

/** Whether a segment whose length its own fields tell is no longer than they say (T.800 A.5.1, A.6.1, A.6.3). `content` begins behind the length. */
function isExact(marker: number, content: Uint8Array): boolean {
  const at = (place: number): number => content[place] ?? 0;
  if (marker === SIZ) return content.length === 36 + 3 * ((at(34) << 8) | at(35));
  if (marker === COD) return content.length <= 10 + ((at(0) & 1) === 1 ? (at(5) & 0x3f) + 1 : 0);
  return marker !== RGN || content.length <= 4;
}

/** Segments from `at` to before SOT or SOD. */
function header(view: DataView, start: number, last: number): Header {
  const pieces: Uint8Array[] = [];
  for (let at = start; at + 2 <= last; ) {
    const marker = view.getUint16(at);
    if (marker === SOT || marker === SOD || marker === EOC) return { pieces, end: at };
    const end = at + 4 <= last ? at + 2 + view.getUint16(at + 2) : last + 1;
    if (marker < 0xff00 || end < at + 4 || end > last) throw new PixelError('JPEG 2000 segment out of range');
    const segment = new Uint8Array(view.buffer, view.byteOffset + at, end - at);
    if (!isExact(marker, segment.subarray(4))) throw new PixelError('JPEG 2000 segment of another length');
    if (NEEDED.has(marker)) pieces.push(segment);
    at = end;
  }
  throw new PixelError('JPEG 2000 header without end');
}

/** One tile-part (T.800 A.4.2) with its header bare and its length put right. */
function tilePart(view: DataView, at: number): { pieces: Uint8Array[]; end: number } {
  if (at + 12 > view.byteLength) throw new PixelError('JPEG 2000 tile-part out of range');
  const length = view.getUint32(at + 6);
  // 0 means: to the end of the code stream.
  const stop = length === 0 ? endOfStream(view) : at + length;
  if (stop > view.byteLength || stop < at + 14) throw new PixelError('JPEG 2000 tile-part out of range');
  const { pieces, end } = header(view, at + 12, stop);
  if (view.getUint16(end) !== SOD) throw new PixelError('JPEG 2000 tile-part without data');
  const sot = Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset + at, 12));
  const data = new Uint8Array(view.buffer, view.byteOffset + end, stop - end);
  if (length !== 0)
    new DataView(sot.buffer).setUint32(6, 12 + pieces.reduce((sum, piece) => sum + piece.length, 0) + data.length);
  return { pieces: [sot, ...pieces, data], end: stop };
}

/** Behind the data of a last tile-part of unsaid length: before EOC, or where the bytes end. */
function endOfStream(view: DataView): number {
  for (let at = view.byteLength - 2; at >= 0; at -= 1) if (view.getUint16(at) === EOC) return at;
  return view.byteLength;
}

/**
 * A JPEG 2000 or HTJ2K code stream (ITU-T T.800, T.814) with what decodes it and nothing else: no comments in any header, no boxes around
 * it, nothing between its tile-parts or behind its end, no table of lengths, which is optional and may be wrong afterwards. Fails with PixelError.
 */
export function bareJ2k(bytes: Uint8Array): Uint8Array {
  const whole = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = codestreamStart(whole);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  if (view.byteLength < 4 || view.getUint16(0) !== SOC) throw new PixelError('no JPEG 2000 code stream');
  const main = header(view, 2, view.byteLength);
  const pieces = [Uint8Array.of(0xff, 0x4f), ...main.pieces];
  let at = main.end;
  while (at + 2 <= view.byteLength && view.getUint16(at) === SOT) {
    const part = tilePart(view, at);
    pieces.push(...part.pieces);
    at = part.end;
  }
  // Other tile-parts may stand behind something else: without them another picture would leave.
  if (at + 2 <= view.byteLength && view.getUint16(at) !== EOC && view.getUint16(at) !== 0)
    throw new PixelError('JPEG 2000 tile-part expected');
  pieces.push(Uint8Array.of(0xff, 0xd9));
  return concat(pieces);
}
