import { convert } from '../charset-library.ts';
import { utf8 } from '../write/utf8.ts';

/** Character sets of one byte a letter (PS3.3 table C.12-2). */
const SINGLE_BYTE = [100, 101, 109, 110, 144, 127, 126, 138, 148, 13, 166].map((number) => `ISO_IR ${number}`);
const BEYOND_ASCII = /[^\0-\x7f]/;
/** Han, kana and Hangul. */
const EASTERN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** Sets of two bytes a letter: the terms by which they are read, what stands before a letter, its first bytes, and the least second one. */
const TWO_BYTES = {
  gb: { terms: 'GB18030', before: [], from: 0xb0, to: 0xf8, second: 0xa1 },
  ksx1001: { terms: '\\ISO 2022 IR 149', before: [0x1b, 0x24, 0x29, 0x43], from: 0xb0, to: 0xfe, second: 0xa1 },
  jisx0208: { terms: '\\ISO 2022 IR 87', before: [0x1b, 0x24, 0x42], from: 0x24, to: 0x75, second: 0x21 },
} as const;
type Eastern = keyof typeof TWO_BYTES;

/** Bytes as a text of one character a byte. */
const asText = (bytes: Uint8Array | readonly number[]): string => String.fromCharCode(...bytes);

const tables = new Map<string, ReadonlyMap<string, string>>();

const lettersOf = (size: number, from: number): number[] => Array.from({ length: size }, (_, at) => from + at);

/** Each letter beyond ASCII of a set of one byte or of two, without what stands before it. */
function* bytesOf(set: string): Generator<{ terms: string; before: readonly number[]; own: number[] }> {
  const two = set in TWO_BYTES ? TWO_BYTES[set as Eastern] : undefined; // By its name.
  if (two === undefined) for (const own of lettersOf(0x60, 0xa0)) yield { terms: set, before: [], own: [own] };
  else
    for (const high of lettersOf(two.to - two.from, two.from))
      for (const low of lettersOf(94, two.second)) yield { ...two, own: [high, low] };
}

/** The bytes by which a character set writes each of its letters beyond ASCII. */
function tableOf(set: string): ReadonlyMap<string, string> {
  const known = tables.get(set);
  if (known !== undefined) return known;
  const table = new Map<string, string>();
  for (const { terms, before, own } of bytesOf(set)) {
    const letter = convert(terms, Uint8Array.from([...before, ...own]), 'UT');
    if (letter !== undefined && [...letter].length === 1 && letter !== '\ufffd') table.set(letter, asText(own));
  }
  tables.set(set, table);
  return table;
}

/** A word in one character set; undefined where that lacks a letter. */
function encoded(word: string, set: string): string | undefined {
  const table = tableOf(set);
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

/** The two bytes of a letter of JIS X 0208 in Shift JIS. */
function shifted(high: number, low: number): number[] {
  const lead = (high + 1) >> 1;
  const second = high % 2 === 1 ? low + (low < 0x60 ? 0x1f : 0x20) : low + 0x7e;
  return [lead + (high < 0x5f ? 0x70 : 0xb0), second];
}

/** As JIS writes it, EUC-JP and Shift JIS: one set of letters. */
function japanese(word: string): string[] {
  const jis = [...word].every((letter) => BEYOND_ASCII.test(letter)) ? encoded(word, 'jisx0208') : undefined;
  if (jis === undefined) return [];
  const bytes = Array.from({ length: jis.length }, (_, at) => jis.charCodeAt(at));
  const pairs = bytes.flatMap((byte, at) => (at % 2 === 0 ? shifted(byte, bytes[at + 1] ?? 0) : []));
  return [jis, asText(bytes.map((byte) => byte | 0x80)), asText(pairs)];
}

const eastern = (word: string): string[] => [...['gb', 'ksx1001'].flatMap((set) => encoded(word, set) ?? []), ...japanese(word)];

const formsOf = (word: string): string[] => [
  asText(utf8(word)),
  utf16(word, false),
  utf16(word, true),
  ...(EASTERN.test(word) ? eastern(word) : []),
  ...SINGLE_BYTE.flatMap((terms) => encoded(word, terms) ?? []),
];

const forms = new WeakMap<ReadonlySet<string>, readonly string[]>();

/** The bytes, each a character, by which those of these words are written that are not in ASCII: in Unicode and in the character sets of DICOM, escapes left out, EUC-JP and Shift JIS. */
export function writtenForms(words: ReadonlySet<string>): readonly string[] {
  const known = forms.get(words);
  if (known !== undefined) return known;
  const foreign = [...words].filter((word) => BEYOND_ASCII.test(word));
  const made = [...new Set(foreign.flatMap(casesOf).flatMap(formsOf))];
  forms.set(words, made);
  return made;
}
