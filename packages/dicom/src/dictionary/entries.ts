import { DICTIONARY_TABLE } from './table.ts';

/** One attribute of PS3.6. */
export interface DictionaryEntry {
  /** Eight upper-case hexadecimal digits. */
  readonly tag: string;
  /** Two letters; `OX` (OB or OW), `XS` (US or SS), `XL` (US, SS or OW) and `--` (items, delimiters) are resolved by the reader. */
  readonly vr: string;
  readonly keyword: string;
}

interface Dictionary {
  readonly byNumber: ReadonlyMap<number, DictionaryEntry>;
  readonly byKeyword: ReadonlyMap<string, DictionaryEntry>;
}

let loaded: Dictionary | undefined;

function load(): Dictionary {
  const byNumber = new Map<number, DictionaryEntry>();
  const byKeyword = new Map<string, DictionaryEntry>();
  let group = '';
  for (const token of DICTIONARY_TABLE.trim().split(/\s+/)) {
    if (token.startsWith('@')) {
      group = token.slice(1);
      continue;
    }
    // Between VR and keyword may stand a VM, which nobody asks for.
    const keyword = token.slice(Math.max(6, token.indexOf(':') + 1));
    const entry: DictionaryEntry = { tag: group + token.slice(0, 4), vr: token.slice(4, 6), keyword };
    byNumber.set(Number.parseInt(entry.tag, 16), entry);
    byKeyword.set(entry.keyword, entry);
  }
  loaded = { byNumber, byKeyword };
  return loaded;
}

/** The entry of a tag given as number (group × 65,536 + element); repeating groups 50xx and 60xx answer with the entry of their first group. */
export function findEntry(tag: number): DictionaryEntry | undefined {
  const { byNumber } = loaded ?? load();
  const entry = byNumber.get(tag);
  if (entry !== undefined) return entry;
  const group = tag >>> 16;
  const isRepeating = (group & 0xff01) === 0x5000 || (group & 0xff01) === 0x6000;
  return isRepeating ? byNumber.get((((group & 0xff00) << 16) | (tag & 0xffff)) >>> 0) : undefined;
}

/** The entry of a PS3.6 keyword. */
export const entryOfKeyword = (keyword: string): DictionaryEntry | undefined => (loaded ?? load()).byKeyword.get(keyword);
