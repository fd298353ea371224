import { decodeBase64 } from '../base64.ts';
import { formatPersonName, parsePersonName } from '../person-name.ts';
import type { DicomJsonElement, DicomJsonValue } from '../types.ts';
import { DatasetWriteError } from './error.ts';

const TEXT = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));
const BINARY = new Set('OB OD OF OL OV OW UN'.split(' '));

function textOf(vr: string, value: DicomJsonValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return vr === 'PN' ? formatPersonName(parsePersonName(value)) : value;
  if (typeof value === 'number') return String(value);
  if (vr !== 'PN') throw new DatasetWriteError('VALUE');
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, unknown>; // A name's groups, checked below.
  const groups = [Alphabetic, Ideographic, Phonetic];
  if (!groups.every((group): group is string => typeof group === 'string')) throw new DatasetWriteError('VALUE');
  return groups.join('=').replace(/=+$/, '');
}

/** Most text is ASCII: one byte for each of its characters, and `length` bytes in all. Undefined for other text. */
function ascii(text: string, length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) return undefined;
    bytes[at] = code;
  }
  return bytes;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** UTF-8 without a platform's encoder; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  const put = (byte: number): void => {
    bytes[at] = byte;
    at += 1;
  };
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) {
      put(code);
      continue;
    }
    if (code < 0x800) put(0xc0 | (code >> 6));
    else {
      if (code < 0x10000) put(0xe0 | (code >> 12));
      else {
        put(0xf0 | (code >> 18));
        put(0x80 | ((code >> 12) & 63));
      }
      put(0x80 | ((code >> 6) & 63));
    }
    put(0x80 | (code & 63));
  }
  return bytes;
}

/** DS and IS have at most 16 and 12 bytes (PS3.5 table 6.2-1); numbers of JSON may need rounding to fit. */
function decimal(value: DicomJsonValue): DicomJsonValue {
  if (typeof value !== 'number' || String(value).length <= 16) return value;
  for (let digits = 15; digits > 0; digits -= 1) {
    const rounded = Number(value.toPrecision(digits));
    // Below 10²¹ a number is written without an exponent, with all its zeros.
    const short = [String(rounded), rounded.toExponential()].find((text) => text.length <= 16);
    if (short !== undefined) return short;
  }
  return value;
}

export const isText = (vr: string): boolean => TEXT.has(vr);

/** Values of a VR of text as one text (PS3.5 6.4). */
export function textOfValues({ vr, Value = [] }: DicomJsonElement): string {
  const [first = null] = Value;
  if (Value.length < 2) return textOf(vr, vr === 'DS' ? decimal(first) : first);
  return Value.map((value) => textOf(vr, vr === 'DS' ? decimal(value) : value)).join('\\');
}

function text(element: DicomJsonElement): Uint8Array {
  const { vr } = element;
  const joined = textOfValues(element);
  const isOdd = joined.length % 2 === 1;
  const plain = ascii(joined, joined.length + Number(isOdd));
  if (plain !== undefined) {
    if (isOdd) plain[joined.length] = vr === 'UI' ? 0 : 0x20;
    return plain;
  }
  const bytes = utf8(joined);
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  padded[bytes.length] = vr === 'UI' ? 0 : 0x20;
  return padded;
}

function numberOf(value: DicomJsonValue): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new DatasetWriteError('VALUE');
  return number;
}

function wholeOf(value: DicomJsonValue, least: number, most: number): number {
  const number = numberOf(value);
  if (!Number.isInteger(number) || number < least || number > most) throw new DatasetWriteError('VALUE');
  return number;
}

/** How JSON tells what it has no number for (PS3.18 F.2.3). */
const NO_NUMBERS = new Map<DicomJsonValue, number>([
  ['NaN', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

function floatOf(value: DicomJsonValue, most: number): number {
  const number = NO_NUMBERS.get(value) ?? numberOf(value);
  // A number that is too large would become infinite.
  if (Number.isFinite(number) && Math.abs(number) > most) throw new DatasetWriteError('VALUE');
  return number;
}

/** A whole number of 64 bits, by what cuts another one to that. */
function longOf(value: DicomJsonValue, cut: (bits: number, value: bigint) => bigint): bigint {
  try {
    const isText = typeof value === 'string' && value.trim() !== '';
    const number = BigInt(isText || typeof value === 'number' ? value : Number.NaN);
    if (cut(64, number) === number) return number;
  } catch {
    // No whole number: as one that is too large.
  }
  throw new DatasetWriteError('VALUE');
}

const MOST_FLOAT = (2 - 2 ** -23) * 2 ** 127;
type NumberWriter = (view: DataView, at: number, value: DicomJsonValue) => void;
/** Bytes of a number of each VR, and what writes it little endian. */
const NUMBERS: Readonly<Record<string, readonly [number, NumberWriter]>> = {
  US: [2, (view, at, value) => view.setUint16(at, wholeOf(value, 0, 0xffff), true)],
  SS: [2, (view, at, value) => view.setInt16(at, wholeOf(value, -0x8000, 0x7fff), true)],
  UL: [4, (view, at, value) => view.setUint32(at, wholeOf(value, 0, 0xffff_ffff), true)],
  SL: [4, (view, at, value) => view.setInt32(at, wholeOf(value, -0x8000_0000, 0x7fff_ffff), true)],
  FL: [4, (view, at, value) => view.setFloat32(at, floatOf(value, MOST_FLOAT), true)],
  FD: [8, (view, at, value) => view.setFloat64(at, floatOf(value, Number.MAX_VALUE), true)],
  SV: [8, (view, at, value) => view.setBigInt64(at, longOf(value, BigInt.asIntN), true)],
  UV: [8, (view, at, value) => view.setBigUint64(at, longOf(value, BigInt.asUintN), true)],
};

function numbers(values: readonly DicomJsonValue[], [width, write]: readonly [number, NumberWriter]): Uint8Array {
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) write(view, index * width, value);
  return bytes;
}

function tags(values: readonly DicomJsonValue[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'string' || !/^[0-9a-f]{8}$/i.test(value)) throw new DatasetWriteError('VALUE');
    view.setUint16(index * 4, Number.parseInt(value.slice(0, 4), 16), true);
    view.setUint16(index * 4 + 2, Number.parseInt(value.slice(4), 16), true);
  }
  return bytes;
}

function inlineBytes(base64: string): Uint8Array {
  const text = base64.replaceAll(/\s+/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new DatasetWriteError('VALUE');
  return evenBytes(decodeBase64(text));
}

/** Values have an even length (PS3.5 7.1.1). */
function evenBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  return padded;
}

/** Little endian bytes of an element's values. Fails with DatasetWriteError for values that its VR can't hold. */
export function valueBytes(element: DicomJsonElement): Uint8Array {
  const { vr, Value = [], InlineBinary } = element;
  if (InlineBinary !== undefined) return inlineBytes(InlineBinary);
  if (TEXT.has(vr)) return text(element);
  if (vr === 'AT') return tags(Value);
  const writer = NUMBERS[vr];
  if (writer !== undefined) return numbers(Value, writer);
  if (BINARY.has(vr) && Value.length === 0) return new Uint8Array(0);
  throw new DatasetWriteError('VR');
}
