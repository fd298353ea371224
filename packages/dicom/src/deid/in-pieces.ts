import type { DicomJsonValue } from '../types.ts';
import { type Identity, wordsOf } from './identity.ts';
import { hasOne, hasRun, LEAST_RUN } from './named-bytes.ts';

const LEAST_JOINED = 5;
const LEAST_SPELLED = 3;
const A_NUMBER = /^\d+$/;

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
