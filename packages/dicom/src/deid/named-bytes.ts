import { Automaton } from './automaton.ts';
import { writtenForms } from './written-forms.ts';

/** A run of so few letters of a table is chance. */
export const LEAST_RUN = 4;
const RUNS = /[A-Za-z]{4,}/g;
const SHORT_RUNS = /[A-Za-z]{3,}/g;
/** Of one component group of a name (PS3.5 6.2). */
const MOST_LETTERS = 64;
/** Letters that stand together, and those of UTF-16 and UTF-32: one in two or four bytes, whatever the others are. */
const STEPS = [1, 2, 4] as const;
const LETTERS = Uint8Array.from({ length: 256 }, (_, byte) => (/[A-Za-z]/.test(String.fromCharCode(byte)) ? 1 : 0));

export const hasOne = (text: string, words: ReadonlySet<string>, least: number): boolean =>
  [...words].some((word) => word.length >= least && text.includes(word));

/** Whether a text of one character a byte has one of the words within a run of letters. */
export function hasRun(text: string, words: ReadonlySet<string>, least = LEAST_RUN): boolean {
  const runs = text.match(RUNS);
  return runs !== null && hasOne(runs.join(' ').toUpperCase(), words, least);
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Without what tells small letters from capitals. */
const AS_CAPITAL = 0xdf;

function isSpelled(bytes: Uint8Array, { from, to, step }: Run, words: Automaton): boolean {
  let state = 0;
  for (let at = from; at < to; at += step) {
    state = words.step(state, (bytes[at] ?? 0) & AS_CAPITAL);
    if (words.isWord(state)) return true;
  }
  return false;
}

/**
 * Whether bytes spell one of the words (capital letters, `least` at least). A run of so many letters has one at each place of a stride that is shorter, also with one
 * letter in two or four bytes as the stride is odd: nothing else is looked at, and each run once.
 */
function hasSpelled(bytes: Uint8Array, words: Automaton, least: number): boolean {
  const stride = least % 2 === 0 ? least - 1 : least - 2;
  // Where the last run ended, of each step and remainder.
  const ends = new Float64Array(7);
  for (let at = stride - 1; at < bytes.length; at += stride) {
    if (LETTERS[bytes[at] ?? 0] === 0) continue;
    for (const step of STEPS) {
      const lane = step - 1 + (at & (step - 1));
      if (at < (ends[lane] ?? 0)) continue;
      let from = at;
      while (from >= step && LETTERS[bytes[from - step] ?? 0] === 1) from -= step;
      let to = at + step;
      while (to < bytes.length && LETTERS[bytes[to] ?? 0] === 1) to += step;
      ends[lane] = to;
      if (to - from >= least * step && isSpelled(bytes, { from, to, step }, words)) return true;
    }
  }
  return false;
}

/** A form, and where in it two bytes stand. */
interface Place {
  readonly form: string;
  readonly offset: number;
}

interface Strided {
  /** One less than the shortest form has bytes: of each form two bytes that follow each other stand at such a stride. */
  readonly stride: number;
  readonly pairs: Uint8Array;
  readonly byPair: ReadonlyMap<number, readonly Place[]>;
}

/** Bytes of all forms of some names. Of more, as somebody may write them, only the beginnings are looked for, a byte a step. */
const MOST_STRIDED = 4096;
const BEGINNING = 16;

function formsOf(naming: ReadonlySet<string>, least: number): Strided | Automaton | undefined {
  const forms = writtenForms(naming).filter((form) => form.length >= least);
  if (forms.length === 0) return undefined;
  if (forms.reduce((sum, { length }) => sum + length, 0) > MOST_STRIDED)
    return new Automaton([...new Set(forms.map((form) => form.slice(0, BEGINNING)))]);
  return strided(forms);
}

function strided(forms: readonly string[]): Strided {
  const stride = Math.max(1, Math.min(...forms.map(({ length }) => length)) - 1);
  const pairs = new Uint8Array(65_536);
  const byPair = new Map<number, Place[]>();
  for (const form of forms)
    for (let offset = 0; offset < stride; offset += 1) {
      const pair = form.charCodeAt(offset) * 256 + form.charCodeAt(offset + 1);
      pairs[pair] = 1;
      const places = byPair.get(pair) ?? [];
      places.push({ form, offset });
      byPair.set(pair, places);
    }
  return { stride, pairs, byPair };
}

function isFormAt(bytes: Uint8Array, from: number, form: string): boolean {
  if (from < 0) return false;
  for (let index = 0; index < form.length; index += 1) if (bytes[from + index] !== form.charCodeAt(index)) return false;
  return true;
}

function isSomewhere(bytes: Uint8Array, words: Automaton): boolean {
  let state = 0;
  for (const byte of bytes) {
    state = words.step(state, byte);
    if (words.isWord(state)) return true;
  }
  return false;
}

/** Whether one of the forms is in the bytes: whichever it is, two of its bytes that are looked at are found. */
function hasForm(bytes: Uint8Array, forms: Strided | Automaton): boolean {
  if (forms instanceof Automaton) return isSomewhere(bytes, forms);
  const { stride, pairs, byPair } = forms;
  for (let at = 1; at < bytes.length; at += stride) {
    const pair = ((bytes[at - 1] ?? 0) << 8) | (bytes[at] ?? 0);
    if (pairs[pair] === 1 && byPair.get(pair)?.some(({ form, offset }) => isFormAt(bytes, at - 1 - offset, form)) === true)
      return true;
  }
  return false;
}

/** Looks through bytes for the names of somebody: see isNamedIn. */
export type NameSearch = (bytes: Uint8Array) => boolean;

/** The words of letters of ASCII; undefined where there is none. Of what is longer than any name its beginning counts (PS3.5 6.2, PN). */
function lettersOf(naming: ReadonlySet<string>, least: number): Automaton | undefined {
  const words = [...naming].filter((word) => word.length >= least && /^[A-Z]+$/.test(word));
  return words.length === 0 ? undefined : new Automaton(words.map((word) => word.slice(0, MOST_LETTERS)));
}

function newSearch(naming: ReadonlySet<string>, least: number): NameSearch {
  const letters = lettersOf(naming, least);
  const forms = formsOf(naming, least);
  return (bytes) =>
    (letters !== undefined && hasSpelled(bytes, letters, least)) || (forms !== undefined && hasForm(bytes, forms));
}

/** Of the files of a series the words are the same: so many searches are kept, of names of such a length. Those of a file that names a crowd go with it. */
const MOST_SEARCHES = 64;
const MOST_KEPT_LETTERS = 4096;
const kept = new Map<string, NameSearch>();
const searches = new WeakMap<ReadonlySet<string>, Map<number, NameSearch>>();

function keptSearch(naming: ReadonlySet<string>, least: number): NameSearch {
  const key = `${least} ${[...naming].join('\0')}`;
  const search = kept.get(key) ?? newSearch(naming, least);
  if (key.length > MOST_KEPT_LETTERS) return search;
  kept.delete(key);
  kept.set(key, search);
  const [oldest = ''] = kept.keys();
  if (kept.size > MOST_SEARCHES) kept.delete(oldest);
  return search;
}

/** The search for these names, for who looks through bytes in many pieces. To the set nothing is added any more. */
export function searchFor(naming: ReadonlySet<string>, least = LEAST_RUN): NameSearch {
  const own = searches.get(naming) ?? new Map<number, NameSearch>();
  searches.set(naming, own);
  const search = own.get(least) ?? keptSearch(naming, least);
  own.set(least, search);
  return search;
}

/** Whether bytes have the name of somebody in them, in ASCII, UTF-16 or UTF-32, in letters of any size, or in another script as it is written; `least` bytes long at least. */
export const isNamedIn = (bytes: Uint8Array, naming: ReadonlySet<string>, least = LEAST_RUN): boolean =>
  searchFor(naming, least)(bytes);

/** Whether a run of letters in bytes is one of the words, no more and no less, of three letters or more: for bytes that are few, or in which letters seldom follow each other by chance. */
export function isNamedWhole(bytes: Uint8Array, naming: ReadonlySet<string>): boolean {
  const runs = String.fromCharCode(...bytes).match(SHORT_RUNS) ?? [];
  return runs.some((run) => naming.has(run.toUpperCase()));
}

const LEAST_SHORT = 3;

/**
 * The search for words of three letters or more in letters side by side: for words of 16 bits that are no two letters by chance. Of three letters
 * at least one is an upper byte, and only these are looked at.
 */
export function shortSearchFor(naming: ReadonlySet<string>): NameSearch {
  const words = lettersOf(naming, LEAST_SHORT);
  return (bytes) => words !== undefined && hasShortName(bytes, words);
}

function hasShortName(bytes: Uint8Array, words: Automaton): boolean {
  for (let at = 1; at < bytes.length; at += 2) {
    if (LETTERS[bytes[at] ?? 0] === 0) continue;
    let from = at;
    while (from > 0 && LETTERS[bytes[from - 1] ?? 0] === 1) from -= 1;
    while (LETTERS[bytes[at] ?? 0] === 1) at += 1;
    if (isSpelled(bytes, { from, to: at, step: 1 }, words)) return true;
    // Upper bytes are the odd ones.
    at -= at % 2 === 0 ? 1 : 0;
  }
  return false;
}
