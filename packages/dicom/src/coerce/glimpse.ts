import { ByteWindow } from '../byte-window.ts';
import { concat } from '../concat.ts';
import { DatasetReader } from '../dataset-reader.ts';
import { UNDEFINED_LENGTH } from '../element-header.ts';
import { correctEncoding } from '../guess-encoding.ts';
import { ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER } from '../level-stack.ts';
import { DEFAULT_LIMITS } from '../part10.ts';
import { ReadLog } from '../read-log.ts';
import { TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import type { DicomJsonObject } from '../types.ts';
import { vrByCode, vrCode } from '../vr.ts';

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
const MAX_DEPTH = 16;
const SQ = vrCode('SQ');
const UN = vrCode('UN');

/** Steps over elements by their headers; one object for all of them. */
class Scan {
  readonly #view: DataView;
  readonly #length: number;
  tag = 0;
  /** Two letters as a number; 0 where the encoding has none. */
  vr = 0;
  length = 0;
  valueAt = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#length = bytes.length;
  }

  /** Reads the header at `at`; false at the end of what is in memory, and for a VR that the standard does not have. */
  header(at: number, isExplicit: boolean): boolean {
    const view = this.#view;
    if (at + 8 > this.#length) return false;
    this.tag = view.getUint16(at, true) * 65_536 + view.getUint16(at + 2, true);
    this.valueAt = at + 8;
    if (!isExplicit || this.tag >>> 16 === 0xfffe) {
      this.vr = 0;
      this.length = view.getUint32(at + 4, true);
      return true;
    }
    this.vr = view.getUint16(at + 4, false);
    const info = vrByCode(this.vr);
    if (info === undefined) return false;
    if (!info.isLong) {
      this.length = view.getUint16(at + 6, true);
      return true;
    }
    if (at + 12 > this.#length) return false;
    this.length = view.getUint32(at + 8, true);
    this.valueAt = at + 12;
    return true;
  }

  /** First byte after the element whose header was read, also where that is beyond what is in memory; undefined when it can't be told. */
  end(isExplicit: boolean, depth = 0): number | undefined {
    if (this.length !== UNDEFINED_LENGTH) return this.valueAt + this.length;
    if (isExplicit && this.vr !== SQ && this.vr !== UN) return undefined;
    // UN of undefined length is a sequence in Implicit VR Little Endian (PS3.5 6.2.2).
    return this.#sequenceEnd(this.valueAt, isExplicit && this.vr === SQ, depth);
  }

  #sequenceEnd(from: number, isExplicit: boolean, depth: number): number | undefined {
    if (depth > MAX_DEPTH) return undefined;
    for (let at: number | undefined = from; at !== undefined && this.header(at, isExplicit); ) {
      if (this.tag === SEQUENCE_DELIMITER) return this.length === 0 ? this.valueAt : undefined;
      if (this.tag !== ITEM) return undefined;
      at = this.length === UNDEFINED_LENGTH ? this.#itemEnd(this.valueAt, isExplicit, depth) : this.valueAt + this.length;
    }
    return undefined;
  }

  #itemEnd(from: number, isExplicit: boolean, depth: number): number | undefined {
    for (let at: number | undefined = from; at !== undefined && this.header(at, isExplicit); ) {
      if (this.tag === ITEM_DELIMITER) return this.length === 0 ? this.valueAt : undefined;
      if (this.tag >>> 16 === 0xfffe) return undefined;
      at = this.end(isExplicit, depth + 1);
    }
    return undefined;
  }
}

/** Reads group 0002: where the dataset begins and whether its VRs are written. Undefined for what is not plain little endian. */
function readMeta(bytes: Uint8Array, sizeBytes: number): { at: number; isExplicit: boolean } | undefined {
  if (bytes[128] !== 0x44 || bytes[129] !== 0x49 || bytes[130] !== 0x43 || bytes[131] !== 0x4d) return undefined;
  const scan = new Scan(bytes);
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
  const scan = new Scan(start);
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
