import type { Charset } from '../charset-terms.ts';

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

export function fits(text: string, repertoire: Repertoire): boolean {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (repertoire !== 'utf8' && code > 0x7e && (repertoire === 'ascii' || code < 0xa0 || code > 0xff)) return false;
  }
  return true;
}

/** The character, its letters without accents, or a question mark. */
export function nearest(char: string, repertoire: Repertoire): string {
  if (fits(char, repertoire)) return char;
  const plain = (SPELLED[char] ?? char).normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return fits(plain, repertoire) ? plain : UNKNOWN;
}
