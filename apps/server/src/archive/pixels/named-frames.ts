import { setImmediate } from 'node:timers/promises';
import { type DicomJsonObject, frameSearch, isNamedBeside, namingWords, nativeSearch, overlapping } from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../kernel/failure.ts';
import { filling } from '../../kernel/filling-cache.ts';
import type { Locator } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';

/** Looks through bytes of frames, native or decoded ones or compressed ones that are bare, for the names that their file has. Fails with HELD_BACK where they spell one. */
export type RequireUnnamed = (bytes: Uint8Array, form: 'native' | 'compressed') => Promise<void>;

export interface NamedFrames {
  /** Of who sees pseudonyms nothing leaves that was not looked through. */
  searchOf(entry: InstanceEntry): Promise<RequireUnnamed>;
}

/** Images of a series name the same people: so many patients are asked for at once. */
const MOST_SEARCHES = 256;
const MOST_ENTRIES = 20_000;
/** What of a header says how its pixels are looked through: see nativeSearch. */
const BITS = ['00280100', '00280101', '00280102'];
/** Letters beyond ASCII of all names of a file. Each is written in a dozen ways: a file that names a crowd is made to hold everybody up, and nobody looks for so many. */
const MOST_FOREIGN = 4096;

const foreignLetters = (naming: ReadonlySet<string>): number =>
  [...naming].reduce((sum, word) => sum + (/[^\0-\x7f]/.test(word) ? word.length : 0), 0);

function searching(json: DicomJsonObject, naming: ReadonlySet<string>): RequireUnnamed {
  if (naming.size === 0) return async () => undefined;
  if (foreignLetters(naming) > MOST_FOREIGN) return () => Promise.reject(new Failure('HELD_BACK'));
  const [search, native] = [frameSearch(naming), nativeSearch(naming, json)];
  return async (bytes, form) => {
    const isNamed = form === 'native' ? native : search.isNamed;
    for (const { at, length } of overlapping(0, bytes.length)) {
      if (isNamed(bytes.subarray(at, at + length))) throw new Failure('HELD_BACK');
      // Some milliseconds each: other requests are answered between them.
      if (at + length < bytes.length) await setImmediate();
    }
    if (form === 'compressed' && isNamedBeside(bytes, search)) throw new Failure('HELD_BACK');
  };
}

/** Reads an instance's header once to know whom it names; stored instances never change. */
export function createNamedFrames(locator: Pick<Locator, 'header'>): NamedFrames {
  const ofEntry = new LRUCache<string, RequireUnnamed>(filling(MOST_ENTRIES));
  const ofNames = new LRUCache<string, RequireUnnamed>({ max: MOST_SEARCHES });
  return {
    searchOf: async (entry) => {
      const known = ofEntry.get(entry.key);
      if (known !== undefined) return known;
      const { json } = await locator.header(entry);
      const naming = namingWords(json);
      const key = JSON.stringify([...BITS.map((tag) => json[tag]?.Value), ...naming]);
      const search = ofNames.get(key) ?? searching(json, naming);
      ofNames.set(key, search);
      ofEntry.set(entry.key, search);
      return search;
    },
  };
}
