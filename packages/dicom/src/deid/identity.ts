import type { DicomJsonElement, DicomJsonObject, DicomJsonValue } from '../types.ts';

/** Attributes whose words name the patient: names, numbers, address, telephone, of mother and of who is asked for her. */
const NAMING = new Set(
  '00100010 00100020 00101000 00101001 00101005 00101060 00101040 00102154 00101090 00080050 00380010 00102297 00104000'.split(
    ' ',
  ),
);
/** What names the patient, or anybody whose name is in the file. */
export interface Identity {
  /** Words: see namingWords. */
  readonly naming: ReadonlySet<string>;
  /** Numbers: see namingNumbers. */
  readonly numbers: ReadonlySet<string>;
}

/** The patient's own names: of these two letters are a word, too. */
const OWN_NAMES = new Set(['00100010', '00101001', '00101005']);

const MAX_WORDS = 2000;
const LEAST_LETTERS = 3;
const LEAST_OWN_LETTERS = 2;
/** Behind the letters of Latin script and their marks. */
const OTHER_SCRIPTS = 0x0370;
/** Letters that others write as two, or without their stroke. */
const WRITTEN_SO: Readonly<Record<string, string>> = {
  ...{ Ä: 'AE', Ö: 'OE', Ü: 'UE', Å: 'AA', Æ: 'AE', Ø: 'OE', Œ: 'OE', Þ: 'TH', Ð: 'D', Đ: 'D', Ł: 'L' },
};

export const plain = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase();
const split = (text: string): string[] => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
export const wordsOf = (text: string): string[] => split(plain(text));
const isOtherScript = (word: string): boolean => word.charCodeAt(0) >= OTHER_SCRIPTS;

/** A word with letters of two, or the first of these. */
const otherLetters = (word: string, form: number): string =>
  plain(word.toUpperCase().replaceAll(/[ÄÖÜÅÆØŒÞÐĐŁ]/g, (letter) => (WRITTEN_SO[letter] ?? letter).slice(0, form === 0 ? 2 : 1)));

/**
 * The words of a name as they are compared (`plain`), as they are written where that is not in ASCII, and as others write their letters. Scripts that know no space have family and given name
 * as one word as well.
 */
function writtenWords(text: string): string[] {
  const composed = text.normalize('NFC');
  const foreign = split(composed).filter((word) => /[^\0-\x7f]/.test(word));
  const others = foreign.flatMap((word) => [0, 1].map((form) => otherLetters(word, form)));
  const [family = '', given = ''] = composed.split('^').map((part) => split(part).join(''));
  const whole = isOtherScript(family) && given !== '' ? [family + given, given + family] : [];
  return [...wordsOf(text), ...foreign, ...others, ...whole, ...whole.map(plain)];
}

function textsOf(value: DicomJsonValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter((part): part is string => typeof part === 'string');
}

const isItem = (value: DicomJsonValue, { vr }: DicomJsonElement): value is DicomJsonObject =>
  vr === 'SQ' && typeof value === 'object' && value !== null;

/** Items of a sequence. */
export const itemsOf = (element: DicomJsonElement): DicomJsonObject[] =>
  (element.Value ?? []).filter((value) => isItem(value, element));

/** Words that name the patient, or anybody whose name is a Person Name of the file: no text with one of them is kept. */
export function namingWords(json: DicomJsonObject, words = new Set<string>()): ReadonlySet<string> {
  for (const [tag, element] of Object.entries(json)) {
    if (words.size >= MAX_WORDS) return words;
    for (const item of itemsOf(element)) namingWords(item, words);
    if (element.vr !== 'PN' && !NAMING.has(tag)) continue;
    for (const text of (element.Value ?? []).flatMap(textsOf))
      for (const word of writtenWords(text)) if (word.length >= leastOf(tag, word) && words.size < MAX_WORDS) words.add(word);
  }
  return words;
}

const leastOf = (tag: string, word: string): number =>
  OWN_NAMES.has(tag) || isOtherScript(word) ? LEAST_OWN_LETTERS : LEAST_LETTERS;

const LEAST_DIGITS = 6;
const BIRTH_DATE = '00100030';

const numbersIn = (text: string): string[] =>
  [...text.split(/\D+/), text.replaceAll(/\D+/g, '')].map((part) => part.replace(/^0+/, ''));

/** A day as others write it: day or month first, the year of two digits. */
function daysOf(text: string): string[] {
  const [, century = '', year = '', month = '', day = ''] = /^(\d\d)(\d\d)\D?(\d\d)\D?(\d\d)$/.exec(text.trim()) ?? [];
  return [century + year, year].flatMap((one) => [day + month + one, month + day + one, one + month + day]);
}

/** Numbers that name the patient, without zeros before them: their numbers anywhere, a telephone number, the day of birth. */
export function namingNumbers(json: DicomJsonObject, numbers = new Set<string>()): ReadonlySet<string> {
  for (const [tag, element] of Object.entries(json)) {
    for (const item of itemsOf(element)) namingNumbers(item, numbers);
    if (!NAMING.has(tag) && tag !== BIRTH_DATE) continue;
    for (const text of (element.Value ?? []).flatMap(textsOf))
      for (const digits of tag === BIRTH_DATE ? [...numbersIn(text), ...daysOf(text)] : numbersIn(text))
        if (digits.length >= LEAST_DIGITS && numbers.size < MAX_WORDS) numbers.add(digits);
  }
  return numbers;
}

/** Of all of a dataset. */
export const identityOf = (json: DicomJsonObject): Identity => ({ naming: namingWords(json), numbers: namingNumbers(json) });

/** Whether a value is one of these numbers, or has one among its digits before the point. */
export function isNumberOf({ Value = [] }: DicomJsonElement, numbers: ReadonlySet<string>): boolean {
  if (numbers.size === 0) return false;
  return Value.some((value) => {
    const whole = digitsOf(value);
    return whole.length >= LEAST_DIGITS && [...numbers].some((number) => whole.includes(number));
  });
}

/** Digits before the point; none of a number so large that it is no number of anybody. */
function digitsOf(value: DicomJsonValue): string {
  if (typeof value === 'number') return Math.abs(value) < 1e21 ? String(Math.trunc(Math.abs(value))) : '';
  return typeof value === 'string' ? (/^[+-]?(\d+)/.exec(value.trim())?.[1] ?? '') : '';
}

/** Whether a text has one of the words, alone or, from five letters on, inside another; in other scripts of any length. */
export function mentions(text: string, words: ReadonlySet<string>): boolean {
  if (wordsOf(text).some((word) => words.has(word))) return true;
  const joined = wordsOf(text).join('');
  return [...words].some((word) => (word.length >= 5 || isOtherScript(word)) && joined.includes(word));
}

/** Whether an element of text mentions somebody. */
export const isNaming = ({ Value = [] }: DicomJsonElement, words: ReadonlySet<string>): boolean =>
  Value.flatMap(textsOf).some((text) => mentions(text, words));
