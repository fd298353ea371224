import { convert } from '../charset-library.ts';
import { utf8 } from '../write/utf8.ts';

/** Character sets of one byte a letter (PS3.3 table C.12-2), and those of two that are written without escapes. */
const SINGLE_BYTE = [100, 101, 109, 110, 144, 127, 126, 138, 148, 13, 166].map((number) => `ISO_IR ${number}`);
const TWO_BYTES = 'GB18030';
const BEYOND_ASCII = /[^\0-\x7f]/;
const HAN = /\p{Script=Han}/u;

/** Bytes as a text of one character a byte. */
const asText = (bytes: Uint8Array | readonly number[]): string => String.fromCharCode(...bytes);

const tables = new Map<string, ReadonlyMap<string, string>>();

/** The bytes by which a character set writes each of its letters beyond ASCII. */
function tableOf(terms: string): ReadonlyMap<string, string> {
  const known = tables.get(terms);
  if (known !== undefined) return known;
  const table = new Map<string, string>();
  const add = (bytes: number[]): void => {
    const letter = convert(terms, Uint8Array.from(bytes), 'UT');
    if (letter !== undefined && [...letter].length === 1 && letter !== '\ufffd') table.set(letter, asText(bytes));
  };
  for (let high = terms === TWO_BYTES ? 0xb0 : 0xa0; high < (terms === TWO_BYTES ? 0xf8 : 0x100); high += 1) {
    if (terms !== TWO_BYTES) add([high]);
    // The letters of GB 2312, in which names are written.
    else for (let low = 0xa1; low < 0xff; low += 1) add([high, low]);
  }
  tables.set(terms, table);
  return table;
}

/** A word in one character set; undefined where that lacks a letter. */
function encoded(word: string, terms: string): string | undefined {
  const table = tableOf(terms);
  const letters = [...word].map((letter) => (BEYOND_ASCII.test(letter) ? table.get(letter) : letter));
  return letters.every((letter) => letter !== undefined) ? letters.join('') : undefined;
}

function utf16(word: string, isBigEndian: boolean): string {
  const units = Array.from({ length: word.length }, (_, at) => word.charCodeAt(at));
  return asText(units.flatMap((unit) => (isBigEndian ? [unit >> 8, unit & 0xff] : [unit & 0xff, unit >> 8])));
}

/** A word as it may be written: as it is, in small letters, in capitals, with one. */
function casesOf(word: string): string[] {
  const [first = '', ...rest] = word.toLowerCase();
  return [...new Set([word, word.toLowerCase(), word.toUpperCase(), first.toUpperCase() + rest.join('')])];
}

const formsOf = (word: string): string[] => [
  asText(utf8(word)),
  utf16(word, false),
  utf16(word, true),
  ...(HAN.test(word) ? [TWO_BYTES] : SINGLE_BYTE).flatMap((terms) => encoded(word, terms) ?? []),
];

const forms = new WeakMap<ReadonlySet<string>, readonly string[]>();

/** The bytes, each a character, by which those of these words are written that are not in ASCII: in Unicode and in the character sets of DICOM that need no escapes. */
export function writtenForms(words: ReadonlySet<string>): readonly string[] {
  const known = forms.get(words);
  if (known !== undefined) return known;
  const foreign = [...words].filter((word) => BEYOND_ASCII.test(word));
  const made = [...new Set(foreign.flatMap(casesOf).flatMap(formsOf))];
  forms.set(words, made);
  return made;
}
