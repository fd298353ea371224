import { PixelError } from './frame-format.ts';

const [DQT, SOS] = [0xdb, 0xda];
const LOSSLESS = new Set([0xc3, 0xc7, 0xcb, 0xcf]);
const PROGRESSIVE = new Set([0xc2, 0xc6, 0xca, 0xce]);

/**
 * Tables that a frame header (T.81 B.2.2) or the header of a scan in a frame of the kind `frame` (B.2.3) name: by `q`, `0` (DC, lossless) or `1` (AC), and their number.
 * Fails with PixelError where the header is longer or shorter than it says.
 */
export function namedTables(marker: number, content: Uint8Array, frame: number): string[] {
  const isScan = marker === SOS;
  const count = content[isScan ? 0 : 5] ?? 0;
  const [start, width] = isScan ? [1, 2] : [6, 3];
  const end = start + count * width;
  if (content.length !== end + (isScan ? 3 : 0)) throw new PixelError('JPEG header of another length');
  const [hasDc, hasAc] = coefficients(frame, [content[end] ?? 0, content[end + 1] ?? 0]);
  const names: string[] = [];
  for (let at = start; at < end; at += width) {
    const tables = content[at + width - 1] ?? 0;
    if (!isScan) names.push(`q${tables}`);
    if (isScan && hasDc) names.push(`0${tables >> 4}`);
    if (isScan && hasAc) names.push(`1${tables & 15}`);
  }
  return names;
}

/** Whether a scan has coefficients of either kind; `first` and `last` are its spectral selection. */
function coefficients(frame: number, [first, last]: readonly [first: number, last: number]): [hasDc: boolean, hasAc: boolean] {
  if (LOSSLESS.has(frame)) return [true, false];
  return PROGRESSIVE.has(frame) ? [first === 0, last > 0] : [true, true];
}

interface Table {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The tables of a DQT or DHT segment (T.81 B.2.4.1, B.2.4.2). Fails with PixelError where it is longer or shorter than they are. */
export function tablesOf(marker: number, content: Uint8Array): Table[] {
  const tables: Table[] = [];
  for (let at = 0; at < content.length; ) {
    const head = content[at] ?? 0;
    const codes = marker === DQT ? 0 : content.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
    const name = marker === DQT ? `q${head & 15}` : `${head >> 4}${head & 15}`;
    const length = marker !== DQT ? 17 + codes : head >> 4 === 0 ? 65 : 129;
    if (at + length > content.length) throw new PixelError('JPEG segment of another length');
    tables.push({ name, bytes: content.subarray(at, at + length) });
    at += length;
  }
  return tables;
}

/** A segment of these tables; empty for none. */
export function tableSegment(marker: number, tables: readonly Table[]): Uint8Array {
  const content = tables.flatMap(({ bytes }) => [...bytes]);
  const length = content.length + 2;
  return Uint8Array.from(content.length === 0 ? [] : [0xff, marker, length >> 8, length & 0xff, ...content]);
}
