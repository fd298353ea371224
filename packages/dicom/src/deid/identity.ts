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

const MAX_WORDS = 2000;
const LEAST_LETTERS = 3;

export const plain = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase();
export const wordsOf = (text: string): string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

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
    for (const item of itemsOf(element)) namingWords(item, words);
    if (element.vr !== 'PN' && !NAMING.has(tag)) continue;
    for (const text of (element.Value ?? []).flatMap(textsOf))
      for (const word of wordsOf(text)) if (word.length >= LEAST_LETTERS && words.size < MAX_WORDS) words.add(word);
  }
  return words;
}

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

/** Whether a text has one of the words, alone or, from five letters on, inside another. */
export function mentions(text: string, words: ReadonlySet<string>): boolean {
  if (wordsOf(text).some((word) => words.has(word))) return true;
  const joined = wordsOf(text).join('');
  return [...words].some((word) => word.length >= 5 && joined.includes(word));
}

/** Whether an element of text mentions somebody. */
export const isNaming = ({ Value = [] }: DicomJsonElement, words: ReadonlySet<string>): boolean =>
  Value.flatMap(textsOf).some((text) => mentions(text, words));
