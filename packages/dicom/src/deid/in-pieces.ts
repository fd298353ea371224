import type { DicomJsonValue } from '../types.ts';
import { type Identity, wordsOf } from './identity.ts';

/** A run of so few letters of a table is chance. */
const LEAST_RUN = 4;
const LEAST_JOINED = 5;
const LEAST_SPELLED = 3;
const RUNS = /[A-Za-z]{4,}/g;
const A_NUMBER = /^\d+$/;

const hasOne = (text: string, words: ReadonlySet<string>, least: number): boolean =>
  [...words].some((word) => word.length >= least && text.includes(word));

/** Whether a text, or several that stand together, has one of the patient's numbers once all that is no digit is left out. */
export function hasNumber(text: string, numbers: ReadonlySet<string>): boolean {
  const digits = text.replaceAll(/\D+/g, '');
  return digits !== '' && [...numbers].some((number) => digits.includes(number));
}

/**
 * Whether texts that stand together name the patient though none of their words does: a number in pieces, letters one after the other, a name that goes from one word
 * into the next.
 */
export function tellsInPieces(texts: readonly string[], { naming, numbers }: Identity): boolean {
  if (hasNumber(texts.join(' '), numbers)) return true;
  const words = texts.flatMap(wordsOf);
  const spelled = words.map((word) => (word.length === 1 ? word : ' ')).join('');
  if (hasOne(spelled, naming, LEAST_SPELLED)) return true;
  const alone = new Set([...naming].filter((word) => !words.some((one) => one.includes(word))));
  return hasOne(words.join(''), alone, LEAST_JOINED);
}

/** Whether a UID has a name or a number of the patient, or the codes of the letters of a name as components. */
export function isNamingUid(uid: string, { naming, numbers }: Identity): boolean {
  return hasNumber(uid, numbers) || hasOne(lettersOf(uid.split('.')), naming, LEAST_RUN);
}

/** Numbers as the letters that they are the codes of; a space for another one. */
function lettersOf(values: readonly DicomJsonValue[]): string {
  const letters = values.map((value) => {
    const code = typeof value === 'string' && A_NUMBER.test(value) ? Number(value) : value;
    return typeof code === 'number' && code >= 32 && code < 127 ? String.fromCharCode(code) : ' ';
  });
  return letters.join('').toUpperCase();
}

/** Whether numbers, one a letter, have the name of somebody in them. */
export const isSpelledBy = (values: readonly DicomJsonValue[], naming: ReadonlySet<string>): boolean =>
  naming.size > 0 && values.length >= LEAST_RUN && hasRun(lettersOf(values), naming);

const hasRun = (text: string, naming: ReadonlySet<string>): boolean => {
  const runs = text.match(RUNS);
  return runs !== null && hasOne(runs.join(' ').toUpperCase(), naming, LEAST_RUN);
};

/** Whether bytes have the name of somebody in them, in ASCII or UTF-16, in letters of any size. */
export function isNamedIn(bytes: Uint8Array, naming: ReadonlySet<string>, least = LEAST_RUN): boolean {
  const words = new Set([...naming].filter((word) => word.length >= least));
  if (words.size === 0) return false;
  const chunk = 32_768;
  for (let at = 0; at < bytes.length; at += chunk - 256) {
    const text = String.fromCharCode(...bytes.subarray(at, at + chunk));
    if (hasRun(text, words) || (text.includes('\0') && hasRun(text.replaceAll('\0', ''), words))) return true;
  }
  return false;
}
