/// <reference path="./dicom-character-set.d.ts" />
import { convertBytes } from 'dicom-character-set';
import type { Charset } from './charset-terms';

const ESCAPE = 0x1b;

/** Text of bytes that each stand for the Unicode character of the same number (ASCII, ISO 8859-1). */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= 12) {
    let short = '';
    for (let index = start; index < end; index += 1) short += String.fromCharCode(bytes[index] ?? 0);
    return short;
  }
  if (end - start <= 4096) return fromBytes(bytes.subarray(start, end));
  let text = '';
  for (let index = start; index < end; index += 4096) text += fromBytes(bytes.subarray(index, Math.min(index + 4096, end)));
  return text;
}

function fromBytes(bytes: Uint8Array): string {
  // An array-like argument list is all `apply` needs; copying to an array costs five times as much.
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

function isPlainAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte > 0x7f || byte === ESCAPE) return false;
  }
  return true;
}

export interface DecodedText {
  readonly text: string;
  /** False when the bytes do not fit the declared character set and the text is a best guess. */
  readonly isCertain: boolean;
}

/**
 * Decodes one whole value (all its components and values, delimiters included) of a text VR.
 * Source: PS3.5 6.1.2. Bytes outside the default repertoire without a declared character set are read as UTF-8 when they are valid UTF-8 and as
 * ISO 8859-1 otherwise, and marked; so are those that the declared one can't be. Never fails.
 */
export function decodeText(bytes: Uint8Array, range: { start: number; end: number }, charset: Charset, vr: string): DecodedText {
  const { start, end } = range;
  // ISO_IR 13 has a yen sign and an overline in ASCII's places, which files use as backslash and tilde all the same.
  if (isPlainAscii(bytes, start, end)) return { text: latin1(bytes, start, end), isCertain: true };
  const value = bytes.subarray(start, end);
  if (charset.kind === 'default') return guess(value, vr);
  if (charset.kind === 'latin1' || charset.kind === 'latin9') {
    const unicode = asUtf8(value, vr);
    if (unicode !== undefined) return { text: unicode, isCertain: false };
    const text = latin1(bytes, start, end);
    return { text: charset.kind === 'latin9' ? withLatin9(text) : text, isCertain: true };
  }
  const terms = value.includes(ESCAPE) ? charset.terms : withoutExtensions(charset.terms);
  if (terms.includes('2022') && changes(value) > MAX_CHANGES) return { text: withoutEscapes(value), isCertain: false };
  const text = convert(terms, value, vr) ?? convert(`${terms}\\ISO 2022 IR 6`, value, vr);
  if (text !== undefined && !text.includes('\ufffd')) return { text, isCertain: true };
  return { text: otherReading(value, vr) ?? text ?? withoutEscapes(value), isCertain: false };
}

/**
 * The value as UTF-8 when all of it is, which text of ISO 8859-1 never happens to be: a capital with an accent would have to stand before a
 * sign or a control character, at every place.
 */
function asUtf8(value: Uint8Array, vr: string): string | undefined {
  if (value.includes(ESCAPE) || !value.some((byte) => byte >= 0xc2)) return undefined;
  const text = convert('ISO_IR 192', value, vr);
  return text?.includes('\ufffd') === true ? undefined : text;
}

/** How many bytes the beginning of a cut character has at the end of UTF-8: fields of a fixed length are cut anywhere. */
function cutBytes(value: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, value.length); back += 1) {
    const byte = value[value.length - back] ?? 0;
    if (byte >= 0xc2) return back;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** What bytes say that the declared character set can't be: UTF-8, whole or cut at its end, else ISO 8859-1 where it leaves no control characters. */
function otherReading(value: Uint8Array, vr: string): string | undefined {
  if (value.includes(ESCAPE)) return undefined;
  const unicode = asUtf8(value, vr) ?? asUtf8(value.subarray(0, value.length - cutBytes(value)), vr);
  if (unicode !== undefined) return unicode;
  return value.some((byte) => byte >= 0x80 && byte < 0xa0) ? undefined : latin1(value, 0, value.length);
}

/** More changes of code element than any prose has: each costs a decoder, and a hostile value could hold one per byte. */
const MAX_CHANGES = 8000;

/** How often a value goes from one code element to another: by escapes, or between the lower and the upper half. */
function changes(value: Uint8Array): number {
  let count = 0;
  let previous = 0;
  for (const byte of value) {
    if (byte === ESCAPE || (byte ^ previous) > 0x7f) count += 1;
    previous = byte;
  }
  return count;
}

/** Without escapes the first term holds throughout (PS3.5 6.1.2.5.3), and the single-byte ones need no code extensions then. */
function withoutExtensions(terms: string): string {
  const first = terms.split('\\', 1)[0] ?? '';
  return /^ISO 2022 IR (1[0-4]\d|13|166|203)$/.test(first) && first !== 'ISO 2022 IR 149'
    ? first.replace('ISO 2022 IR', 'ISO_IR')
    : terms;
}

function guess(value: Uint8Array, vr: string): DecodedText {
  if (value.includes(ESCAPE)) {
    if (changes(value) > MAX_CHANGES) return { text: withoutEscapes(value), isCertain: false };
    // Escape sequences without a declaration: Japanese files of old are the ones known to do so.
    const text = convert(
      'ISO 2022 IR 6\\ISO 2022 IR 87\\ISO 2022 IR 159\\ISO 2022 IR 13\\ISO 2022 IR 149\\ISO 2022 IR 58',
      value,
      vr,
    );
    if (text !== undefined && !text.includes('\ufffd')) return { text, isCertain: false };
    return { text: withoutEscapes(value), isCertain: false };
  }
  return { text: asUtf8(value, vr) ?? latin1(value, 0, value.length), isCertain: false };
}

function withoutEscapes(value: Uint8Array): string {
  return latin1(value, 0, value.length).replaceAll('\u001b', '');
}

const LATIN9: Readonly<Record<string, string>> = {
  '¤': '€',
  '¦': 'Š',
  '¨': 'š',
  '´': 'Ž',
  '¸': 'ž',
  '¼': 'Œ',
  '½': 'œ',
  '¾': 'Ÿ',
};
/** Latin alphabet No. 9 (ISO-IR 203, ISO 8859-15) is No. 1 but for eight letters, of which French writes three. */
const withLatin9 = (text: string): string => text.replaceAll(/[¤¦¨´¸¼½¾]/g, (letter) => LATIN9[letter] ?? letter);

/** The value with the escape of ISO-IR 203 (PS3.3 table C.12-3) made that of ISO-IR 100. */
const asLatin1 = (value: Uint8Array): Uint8Array =>
  value.map((byte, at) => (byte === 0x62 && value[at - 1] === 0x2d && value[at - 2] === ESCAPE ? 0x41 : byte));

function convert(terms: string, value: Uint8Array, vr: string): string | undefined {
  try {
    // The library knows no ISO-IR 203.
    if (!terms.includes('IR 203')) return convertBytes(terms, value, { vr });
    return withLatin9(convertBytes(terms.replaceAll('IR 203', 'IR 100'), asLatin1(value), { vr }));
  } catch {
    return undefined; // The library throws plain errors for unknown terms and escapes; the caller has its fallbacks.
  }
}
