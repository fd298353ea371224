import { ByteWindow } from '../byte-window.ts';
import { concat } from '../concat.ts';
import { DatasetReader } from '../dataset-reader.ts';
import { correctEncoding } from '../guess-encoding.ts';
import { DEFAULT_LIMITS } from '../part10.ts';
import { ReadLog } from '../read-log.ts';
import { TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import type { DicomJsonObject } from '../types.ts';
import { ElementScan } from './element-scan.ts';

/** Some attributes of a file as they are encoded in it, one after the other: files with the same ones have the same bytes here. */
export interface Glimpse {
  readonly bytes: Uint8Array;
  readonly isExplicit: boolean;
}

const PREFIX_END = 132;
const META_TRANSFER_SYNTAX = 0x00020010;
const PIXEL_DATA_FIRST = 0x7fe00008;
const PIXEL_DATA_LAST = 0x7fe00010;
/** Longer ones are no names and dates: the reader of whole headers decides. */
const MAX_VALUE_BYTES = 1024;

/** Reads group 0002: where the dataset begins and whether its VRs are written. Undefined for what is not plain little endian. */
function readMeta(bytes: Uint8Array, sizeBytes: number): { at: number; isExplicit: boolean } | undefined {
  if (bytes[128] !== 0x44 || bytes[129] !== 0x49 || bytes[130] !== 0x43 || bytes[131] !== 0x4d) return undefined;
  const scan = new ElementScan(bytes);
  let uid = '';
  let at = PREFIX_END;
  for (let last = 0; ; last = scan.tag) {
    if (at + 8 > bytes.length) return undefined;
    if (bytes[at] !== 2 || bytes[at + 1] !== 0) break;
    if (!scan.header(at, true) || scan.tag <= last) return undefined;
    at = scan.valueAt + scan.length;
    if (scan.tag === META_TRANSFER_SYNTAX)
      uid = String.fromCharCode(...bytes.subarray(scan.valueAt, Math.min(at, scan.valueAt + 64)));
  }
  const syntax = TRANSFER_SYNTAXES.get(uid.replace(/[\0 ]+$/, ''));
  if (syntax === undefined || syntax.isDeflated || syntax.isBigEndian) return undefined;
  const { isExplicitVr: isExplicit } = syntax;
  const isOther = correctEncoding({ isExplicit, littleEndian: true }, bytes.subarray(at, at + 16), sizeBytes - at) !== undefined;
  return isOther ? undefined : { at, isExplicit };
}

/**
 * Looks for top-level attributes in the beginning of a file without reading the others: headers are stepped over by their lengths, up to Pixel
 * Data. Undefined for whatever is not as the standard has it, and when the header is longer than `start`: the reader of whole headers decides
 * then. What it does tell is what that reader finds. `tags` in ascending order.
 */
export function glimpse(start: Uint8Array, sizeBytes: number, tags: readonly number[]): Glimpse | undefined {
  const meta = readMeta(start, sizeBytes);
  if (meta === undefined) return undefined;
  const { isExplicit } = meta;
  const scan = new ElementScan(start);
  const found: Uint8Array[] = [];
  let next = 0;
  let last = -1;
  for (let at = meta.at; at !== sizeBytes; ) {
    if (!scan.header(at, isExplicit) || scan.tag <= last || scan.tag >>> 16 === 0xfffe) return undefined;
    const { tag, length } = scan;
    if (tag >= PIXEL_DATA_FIRST && tag <= PIXEL_DATA_LAST) break;
    const end = scan.end(isExplicit);
    if (end === undefined || end > sizeBytes) return undefined;
    while (next < tags.length && (tags[next] ?? 0) < tag) next += 1;
    if (tags[next] === tag) {
      if (length > MAX_VALUE_BYTES || end > start.length) return undefined;
      found.push(start.subarray(at, end));
    }
    last = tag;
    at = end;
  }
  return { bytes: concat(found), isExplicit };
}

/** What a glimpse says, as the reader of whole headers would. */
export function readGlimpse({ bytes, isExplicit }: Glimpse): DicomJsonObject {
  const window = new ByteWindow('file', bytes.length, { windowBytes: bytes.length });
  const encoding = { isExplicit, littleEndian: true };
  const reader = new DatasetReader(window, { encoding, limits: DEFAULT_LIMITS, log: new ReadLog(undefined) });
  for (let request = reader.run(); request !== undefined; request = reader.run()) window.supply(request, bytes);
  return reader.json;
}
