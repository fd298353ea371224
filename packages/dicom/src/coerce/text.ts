import type { Charset } from '../charset-terms.ts';
import type { DicomJsonElement, DicomJsonPersonName, DicomJsonValue } from '../types.ts';
import { utf8 } from '../write/values.ts';

/** What can be written without escape sequences under a Specific Character Set. */
export type Repertoire = 'ascii' | 'latin1' | 'utf8';

/** Every other set holds ASCII in its lower half, and that is all that is written of it (PS3.3 C.12.1.1.2). */
export function repertoireOf(charset: Charset): Repertoire {
  const [first] = charset.terms.split('\\');
  if (first === 'ISO_IR 192') return 'utf8';
  return first === 'ISO_IR 100' || first === 'ISO 2022 IR 100' ? 'latin1' : 'ascii';
}

const SPELLED: Readonly<Record<string, string>> = {
  Œ: 'OE',
  œ: 'oe',
  Æ: 'AE',
  æ: 'ae',
  Ø: 'O',
  ø: 'o',
  ß: 'ss',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ð: 'D',
  ð: 'd',
  Þ: 'Th',
  þ: 'th',
  ı: 'i',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
};
const UNKNOWN = '?';

function fits(text: string, repertoire: Repertoire): boolean {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (repertoire !== 'utf8' && code > 0x7e && (repertoire === 'ascii' || code < 0xa0 || code > 0xff)) return false;
  }
  return true;
}

/** The character, its letters without accents, or a question mark. */
function nearest(char: string, repertoire: Repertoire): string {
  if (fits(char, repertoire)) return char;
  const plain = (SPELLED[char] ?? char).normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return fits(plain, repertoire) ? plain : UNKNOWN;
}

/** Backslashes would part values and control characters change the meaning of what follows (PS3.5 6.1.3, 6.2). */
const clean = (text: string): string => text.replaceAll('\\', '/').replaceAll(/\p{Cc}/gu, ' ');

const approximate = (text: string, repertoire: Repertoire): string => [...text].map((char) => nearest(char, repertoire)).join('');

/** Groups of a name; one in a script that the repertoire lacks is left out rather than written as question marks. */
function nameText(name: DicomJsonPersonName, repertoire: Repertoire): string {
  const beside = (group: string | undefined): string => {
    const text = normal(group ?? '', repertoire);
    return fits(text, repertoire) ? text : '';
  };
  return [normal(name.Alphabetic ?? '', repertoire), beside(name.Ideographic), beside(name.Phonetic)]
    .join('=')
    .replace(/=+$/, '');
}

/** Composed letters are those that single-byte sets have. */
const normal = (text: string, repertoire: Repertoire): string => (repertoire === 'utf8' ? text : text.normalize('NFC'));

function textOf(value: DicomJsonValue, repertoire: Repertoire): string {
  if (value === null) return '';
  if (typeof value === 'object') return nameText(value as DicomJsonPersonName, repertoire); // Replacements hold no sequences.
  return normal(String(value), repertoire);
}

/** Whether the values can be written as they are. */
export function isWritable({ Value = [] }: DicomJsonElement, repertoire: Repertoire): boolean {
  return Value.every((value) => {
    const whole = textOf(value, 'utf8').normalize('NFC');
    return fits(whole, repertoire) && clean(whole) === whole;
  });
}

/**
 * Bytes of a text value, padded with a space to an even length (PS3.5 6.2). What the repertoire lacks is written without its accents, or as
 * a question mark; a backslash becomes a slash and a control character a space.
 */
export function encodeText({ Value = [] }: DicomJsonElement, repertoire: Repertoire): Uint8Array {
  const text = Value.map((value) => approximate(clean(textOf(value, repertoire)), repertoire)).join('\\');
  const bytes = repertoire === 'utf8' ? utf8(text) : Uint8Array.from(text, (char) => char.charCodeAt(0));
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1).fill(0x20);
  padded.set(bytes);
  return padded;
}
