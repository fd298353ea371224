import { PixelError } from './frame-format.ts';
import type { StreamHeader } from './stream-headers.ts';

const JP2_SIGNATURE = 0x6a502020;

/** Where the code stream begins: at once, or in the `jp2c` box of a JP2 file, which some writers store (PS3.5 A.4.4 forbids it). */
export function codestreamStart(view: DataView): number {
  if (view.byteLength < 12 || view.getUint32(4) !== JP2_SIGNATURE) return 0;
  for (let at = 0; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === 0x6a703263) return at + 8;
    if (length < 8) break;
    at += length;
  }
  throw new PixelError('JPEG 2000 box without code stream');
}

const MAX_TILES = 65_535;

/** Reads SIZ and COD of a JPEG 2000 or HTJ2K code stream (ITU-T T.800 A.5.1, A.6.1). Fails with PixelError, absurd tilings included. */
export function readJ2kHeader(bytes: Uint8Array): StreamHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = codestreamStart(view);
  if (view.byteLength < start + 45 || view.getUint32(start) !== 0xff4fff51) throw new PixelError('no JPEG 2000 code stream');
  const size = (at: number): number => view.getUint32(start + at);
  const columns = size(8) - size(16);
  const rows = size(12) - size(20);
  const tileWidth = size(24);
  const tileHeight = size(28);
  if (tileWidth === 0 || tileHeight === 0) throw new PixelError('JPEG 2000 tile size is zero');
  if (Math.ceil(size(8) / tileWidth) * Math.ceil(size(12) / tileHeight) > MAX_TILES) throw new PixelError('too many tiles');
  const components = view.getUint16(start + 40);
  const depth = view.getUint8(start + 42);
  const found = { rows, columns, components, precision: (depth & 0x7f) + 1, isSigned: depth >= 0x80, process: 0, isJfif: false };
  for (let at = start + 4 + view.getUint16(start + 4); at + 4 <= view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === 0xff52 && at + 9 <= view.byteLength) return { ...found, colorTransform: view.getUint8(at + 8) };
    if (marker === 0xff90 || marker === 0xff93 || view.getUint16(at + 2) < 2) break;
  }
  return { ...found, colorTransform: undefined };
}
