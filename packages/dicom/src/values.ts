import { encodeBase64 } from './base64.ts';
import { type Charset, decodeText, latin1 } from './charset.ts';
import { tagText } from './tag-text.ts';
import type { DicomJsonElement, DicomJsonPersonName, DicomJsonValue, WarningCode } from './types.ts';
import type { VrInfo } from './vr.ts';

/** Bytes of one value and how to read them. */
export interface RawValue {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Index of the first byte in `bytes`. */
  readonly start: number;
  /** Index after the last byte. */
  readonly end: number;
  readonly littleEndian: boolean;
  readonly charset: Charset;
}

export type Doubt = (code: WarningCode) => void;

const NUL = 0;
const SPACE = 0x20;
/** Spaces and NULs at the end. */
const PADDING = /[ \0]+$/;

/** Turns the bytes of one value into its DICOM JSON element (PS3.18 F.2). Numbers that are none become null and are reported. Never fails. */
export function readElement(vr: VrInfo, raw: RawValue, doubt: Doubt): DicomJsonElement {
  if (raw.end === raw.start) return emptyElement(vr.name);
  switch (vr.kind) {
    case 'asciis':
      return withValues(vr.name, asciiValues(raw));
    case 'texts':
    case 'text':
      return withValues(vr.name, textValues(vr, raw, doubt));
    case 'name':
      return withValues(vr.name, personNames(raw, doubt));
    case 'decimal':
      return withValues(vr.name, decimalValues(vr, raw, doubt));
    case 'number':
      return withValues(vr.name, numberValues(vr, raw, doubt));
    case 'tag':
      return withValues(vr.name, tagValues(raw, doubt));
    case 'ascii':
      return withValues(vr.name, [latin1(raw.bytes, raw.start, trimmedEnd(raw))]);
    default:
      return { vr: vr.name, InlineBinary: inlineBinary(vr, raw) };
  }
}

const EMPTY = new Map<string, DicomJsonElement>();

/** The shared element of an attribute without value. */
export function emptyElement(vr: string): DicomJsonElement {
  let element = EMPTY.get(vr);
  if (element === undefined) {
    element = Object.freeze({ vr });
    EMPTY.set(vr, element);
  }
  return element;
}

function withValues(vr: string, values: readonly DicomJsonValue[]): DicomJsonElement {
  if (values.length === 0) return emptyElement(vr);
  if (values.length === 1 && (values[0] === null || values[0] === '')) return emptyElement(vr);
  return { vr, Value: values };
}

/** End of the value without its padding: spaces and NULs (PS3.5 6.2). */
function trimmedEnd(raw: RawValue): number {
  let end = raw.end;
  while (end > raw.start) {
    const byte = raw.bytes[end - 1];
    if (byte !== SPACE && byte !== NUL) break;
    end -= 1;
  }
  return end;
}

/** The values of a text, each without its padding (PS3.5 6.2): the last one's has gone already. */
function split(text: string): string[] {
  return text.includes('\\') ? text.split('\\').map((value) => value.replace(PADDING, '')) : [text];
}

function asciiValues(raw: RawValue): DicomJsonValue[] {
  return split(latin1(raw.bytes, raw.start, trimmedEnd(raw)));
}

function textValues(vr: VrInfo, raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  const decoded = decodeText(raw.bytes, { start: raw.start, end: trimmedEnd(raw) }, raw.charset, vr.name);
  if (!decoded.isCertain) doubt('UNCERTAIN_TEXT');
  return vr.kind === 'text' ? [decoded.text] : split(decoded.text);
}

function personNames(raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  const decoded = decodeText(raw.bytes, { start: raw.start, end: trimmedEnd(raw) }, raw.charset, 'PN');
  if (!decoded.isCertain) doubt('UNCERTAIN_TEXT');
  return split(decoded.text).map(personName);
}

function personName(text: string): DicomJsonPersonName | null {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=');
  const name: DicomJsonPersonName = {};
  if (alphabetic !== '') name.Alphabetic = alphabetic;
  if (ideographic !== '') name.Ideographic = ideographic;
  if (phonetic !== '') name.Phonetic = phonetic;
  return alphabetic === '' && ideographic === '' && phonetic === '' ? null : name;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function decimalValues(vr: VrInfo, raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  return split(latin1(raw.bytes, raw.start, trimmedEnd(raw))).map((part) => {
    const text = part.trim();
    if (text === '') return null;
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value) && (vr.name === 'DS' || Number.isInteger(value))) return value;
    doubt('INVALID_NUMBER');
    return null;
  });
}

type NumberReader = (view: DataView, at: number, littleEndian: boolean) => DicomJsonValue;

/** Numbers JSON has no form for, or would round, become text (PS3.18 F.2.3). */
function exactInteger(value: bigint): DicomJsonValue {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function finite(value: number): DicomJsonValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
}

const READERS: Readonly<Record<string, NumberReader>> = {
  US: (view, at, little) => view.getUint16(at, little),
  SS: (view, at, little) => view.getInt16(at, little),
  UL: (view, at, little) => view.getUint32(at, little),
  SL: (view, at, little) => view.getInt32(at, little),
  FL: (view, at, little) => finite(view.getFloat32(at, little)),
  FD: (view, at, little) => finite(view.getFloat64(at, little)),
  SV: (view, at, little) => exactInteger(view.getBigInt64(at, little)),
  UV: (view, at, little) => exactInteger(view.getBigUint64(at, little)),
};

function numberValues(vr: VrInfo, raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  const read = READERS[vr.name];
  const values: DicomJsonValue[] = [];
  if (read === undefined) return values;
  const size = vr.wordBytes;
  if ((raw.end - raw.start) % size !== 0) doubt('LENGTH_NOT_MULTIPLE');
  for (let at = raw.start; at + size <= raw.end; at += size) values.push(read(raw.view, at, raw.littleEndian));
  return values;
}

function tagValues(raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  const values: DicomJsonValue[] = [];
  if ((raw.end - raw.start) % 4 !== 0) doubt('LENGTH_NOT_MULTIPLE');
  for (let at = raw.start; at + 4 <= raw.end; at += 4) {
    const tag = raw.view.getUint16(at, raw.littleEndian) * 65_536 + raw.view.getUint16(at + 2, raw.littleEndian);
    values.push(tagText(tag));
  }
  return values;
}

function inlineBinary(vr: VrInfo, raw: RawValue): string {
  if (raw.littleEndian || vr.wordBytes === 1) return encodeBase64(raw.bytes, raw.start, raw.end);
  return encodeBase64(swapWords(raw.bytes.subarray(raw.start, raw.end), vr.wordBytes));
}

/** A copy with the bytes of each word in reverse order; a last incomplete word stays as it is. `wordBytes` is 2, 4 or 8. */
export function swapWords(bytes: Uint8Array, wordBytes: number): Uint8Array {
  const out = new Uint8Array(bytes);
  const words = Math.floor(out.length / wordBytes);
  // On whole words at once, some twenty times faster than byte by byte; the copy begins at 0, so it is aligned.
  if (wordBytes === 2) {
    const pairs = new Uint16Array(out.buffer, 0, words);
    for (let at = 0; at < words; at += 1) pairs[at] = swap16(pairs[at] ?? 0);
    return out;
  }
  if (wordBytes !== 4 && wordBytes !== 8) return out;
  const last = wordBytes / 4 - 1;
  const quads = new Uint32Array(out.buffer, 0, words * (last + 1));
  for (let at = 0; at < quads.length; at += last + 1) {
    const first = quads[at] ?? 0;
    quads[at] = swap32(quads[at + last] ?? 0);
    quads[at + last] = last === 0 ? (quads[at] ?? 0) : swap32(first);
  }
  return out;
}

const swap16 = (word: number): number => (word << 8) | (word >>> 8);
const swap32 = (word: number): number => (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
