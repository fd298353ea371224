import { asUtf8, convert } from './charset-library.ts';
import type { Charset } from './charset-terms.ts';
import { changesTooOften, guess, otherReading, withoutEscapes } from './guess-text.ts';
import { ESCAPE, isPlainAscii, latin1, withLatin9 } from './latin.ts';

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
  if (charset.kind === 'default') return { text: guess(value, vr), isCertain: false };
  if (charset.kind === 'latin1' || charset.kind === 'latin9') {
    const unicode = asUtf8(value, vr);
    if (unicode !== undefined) return { text: unicode, isCertain: false };
    const text = latin1(bytes, start, end);
    return { text: charset.kind === 'latin9' ? withLatin9(text) : text, isCertain: true };
  }
  const terms = value.includes(ESCAPE) ? charset.terms : withoutExtensions(charset.terms);
  if (terms.includes('2022') && changesTooOften(value)) return { text: withoutEscapes(value), isCertain: false };
  const text = convert(terms, value, vr) ?? convert(`${terms}\\ISO 2022 IR 6`, value, vr);
  if (text !== undefined && !text.includes('\ufffd')) return { text, isCertain: true };
  return { text: otherReading(value, vr) ?? text ?? withoutEscapes(value), isCertain: false };
}

/** Without escapes the first term holds throughout (PS3.5 6.1.2.5.3), and the single-byte ones need no code extensions then. */
function withoutExtensions(terms: string): string {
  const first = terms.split('\\', 1)[0] ?? '';
  return /^ISO 2022 IR (1[0-4]\d|13|166|203)$/.test(first) && first !== 'ISO 2022 IR 149'
    ? first.replace('ISO 2022 IR', 'ISO_IR')
    : terms;
}
