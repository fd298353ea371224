import { even, fillOf } from '../even.ts';
import { formatPersonName, parsePersonName } from '../person-name.ts';
import type { DicomJsonElement, DicomJsonValue } from '../types.ts';
import { DatasetWriteError } from './error.ts';
import { utf8 } from './utf8.ts';

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

/** Values of a VR of text as one text (PS3.5 6.4). */
export function textOfValues({ vr, Value = [] }: DicomJsonElement): string {
  const [first = null] = Value;
  if (Value.length < 2) return textOf(vr, vr === 'DS' ? decimal(first) : first);
  return Value.map((value) => textOf(vr, vr === 'DS' ? decimal(value) : value)).join('\\');
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

/** Bytes of a VR of text, of even length. */
export function textBytes(element: DicomJsonElement): Uint8Array {
  const fill = fillOf(element.vr);
  const joined = textOfValues(element);
  const isOdd = joined.length % 2 === 1;
  const plain = ascii(joined, joined.length + Number(isOdd));
  if (plain === undefined) return even(utf8(joined), fill);
  if (isOdd) plain[joined.length] = fill;
  return plain;
}
