import { writtenForms } from './written-forms.ts';

/** A run of so few letters of a table is chance. */
export const LEAST_RUN = 4;
const RUNS = /[A-Za-z]{4,}/g;
const SHORT_RUNS = /[A-Za-z]{3,}/g;
const CHUNK = 32_768;
const OVERLAP = 256;

export const hasOne = (text: string, words: ReadonlySet<string>, least: number): boolean =>
  [...words].some((word) => word.length >= least && text.includes(word));

/** Whether a text of one character a byte has one of the words within a run of letters. */
export function hasRun(text: string, words: ReadonlySet<string>, least = LEAST_RUN): boolean {
  const runs = text.match(RUNS);
  return runs !== null && hasOne(runs.join(' ').toUpperCase(), words, least);
}

function* textsOf(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; at += CHUNK - OVERLAP) yield String.fromCharCode(...bytes.subarray(at, at + CHUNK));
}

/** Whether bytes have the name of somebody in them, in ASCII or UTF-16, in letters of any size, or in another script as it is written; `least` bytes long at least. */
export function isNamedIn(bytes: Uint8Array, naming: ReadonlySet<string>, least = LEAST_RUN): boolean {
  const words = new Set([...naming].filter((word) => word.length >= least));
  const forms = writtenForms(naming).filter((form) => form.length >= least);
  if (words.size === 0 && forms.length === 0) return false;
  for (const text of textsOf(bytes)) {
    if (hasRun(text, words) || (text.includes('\0') && hasRun(text.replaceAll('\0', ''), words))) return true;
    if (forms.some((form) => text.includes(form))) return true;
  }
  return false;
}

/** Whether a run of letters in bytes is one of the words, no more and no less, of three letters or more: for bytes that are few, or in which letters seldom follow each other by chance. */
export function isNamedWhole(bytes: Uint8Array, naming: ReadonlySet<string>): boolean {
  const runs = String.fromCharCode(...bytes).match(SHORT_RUNS) ?? [];
  return runs.some((run) => naming.has(run.toUpperCase()));
}
