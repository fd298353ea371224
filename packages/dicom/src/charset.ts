/// <reference path="./dicom-character-set.d.ts" />
import { convertBytes } from 'dicom-character-set';

/** A Specific Character Set (PS3.3 C.12.1.1.2), ready to decode values of one dataset and its items. */
export interface Charset {
  /** Defined terms joined by a backslash, spelling repaired; empty for the default repertoire. */
  readonly terms: string;
  readonly kind: 'default' | 'latin1' | 'other';
  /** True when the declared terms hold one that PS3.3 does not know. */
  readonly hasUnknownTerm: boolean;
}

export const DEFAULT_CHARSET: Charset = { terms: '', kind: 'default', hasUnknownTerm: false };

const KNOWN_NUMBERS = new Set([6, 13, 58, 87, 100, 101, 109, 110, 126, 127, 138, 144, 148, 149, 159, 166, 192, 203]);
const ESCAPE = 0x1b;

/** Repairs the spellings found in files: `ISO-IR 100`, `ISO IR 100`, `ISO_2022_IR_6`, `ISO 2022 IR100`. */
function normalizeTerm(term: string): string | undefined {
  const text = term.trim().toUpperCase();
  if (text === '') return '';
  if (text === 'GB18030' || text === 'GBK' || text === 'ISO 2022 GBK') return text === 'ISO 2022 GBK' ? 'GBK' : text;
  const match = /^ISO[ _-]?(2022[ _-]?)?IR[ _-]?(\d{1,3})$/.exec(text);
  if (match === null || !KNOWN_NUMBERS.has(Number(match[2]))) return undefined;
  return match[1] === undefined ? `ISO_IR ${match[2]}` : `ISO 2022 IR ${match[2]}`;
}

const cache = new Map<string, Charset>();

/** Reads the value of Specific Character Set (0008,0005), its terms joined by a backslash. Unknown terms are left out and marked. */
export function charsetOf(value: string): Charset {
  const cached = cache.get(value);
  if (cached !== undefined) return cached;
  const terms = value.split('\\').map(normalizeTerm);
  const known = terms.filter((term) => term !== undefined);
  const joined = known.every((term) => term === '') ? '' : known.join('\\');
  const isDefault = joined === '' || joined === 'ISO_IR 6' || joined === 'ISO 2022 IR 6';
  const charset: Charset = {
    terms: joined,
    kind: isDefault ? 'default' : joined === 'ISO_IR 100' ? 'latin1' : 'other',
    hasUnknownTerm: known.length < terms.length,
  };
  if (cache.size < 256 && value.length < 256) cache.set(value, charset);
  return charset;
}

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
 * ISO 8859-1 otherwise, and marked. Never fails.
 */
export function decodeText(bytes: Uint8Array, range: { start: number; end: number }, charset: Charset, vr: string): DecodedText {
  const { start, end } = range;
  // ISO_IR 13 has a yen sign and an overline in ASCII's places, which files use as backslash and tilde all the same.
  if (isPlainAscii(bytes, start, end) || charset.kind === 'latin1') return { text: latin1(bytes, start, end), isCertain: true };
  const value = bytes.subarray(start, end);
  if (charset.kind === 'default') return guess(value, vr);
  const terms = value.includes(ESCAPE) ? charset.terms : withoutExtensions(charset.terms);
  if (terms.includes('2022') && changes(value) > MAX_CHANGES) return { text: withoutEscapes(value), isCertain: false };
  const text = convert(terms, value, vr) ?? convert(`${terms}\\ISO 2022 IR 6`, value, vr);
  if (text === undefined) return { text: withoutEscapes(value), isCertain: false };
  return { text, isCertain: !text.includes('\ufffd') };
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
  return /^ISO 2022 IR (1[0-4]\d|13|166)$/.test(first) && first !== 'ISO 2022 IR 149'
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
  const text = convert('ISO_IR 192', value, vr);
  const isUtf8 = text !== undefined && !text.includes('\ufffd');
  return { text: isUtf8 ? text : latin1(value, 0, value.length), isCertain: false };
}

function withoutEscapes(value: Uint8Array): string {
  return latin1(value, 0, value.length).replaceAll('\u001b', '');
}

function convert(terms: string, value: Uint8Array, vr: string): string | undefined {
  try {
    return convertBytes(terms, value, { vr });
  } catch {
    return undefined; // The library throws plain errors for unknown terms and escapes; the caller has its fallbacks.
  }
}
