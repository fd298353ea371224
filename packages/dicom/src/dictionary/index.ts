import { type DictionaryEntry, entryOfKeyword, findEntry } from './entries.ts';

function findByText(tag: string): DictionaryEntry | undefined {
  return /^[0-9A-Fa-f]{8}$/.test(tag) ? findEntry(Number.parseInt(tag, 16)) : undefined;
}

/** The tag (eight upper-case hexadecimal digits) of a PS3.6 keyword; undefined when unknown. */
export function tagOf(keyword: string): string | undefined {
  return entryOfKeyword(keyword)?.tag;
}

/** The PS3.6 keyword of a tag (eight hexadecimal digits); undefined for private and unknown attributes. */
export function keywordOf(tag: string): string | undefined {
  return findByText(tag)?.keyword;
}

const SEVERAL: Readonly<Record<string, readonly string[]>> = {
  OX: ['OB', 'OW'],
  XS: ['US', 'SS'],
  XL: ['US', 'SS', 'OW'],
  '--': [],
};

/** The VRs that an attribute (eight hexadecimal digits) may have by PS3.6, which leaves some to the transfer syntax or to the pixels; none for private and unknown ones. */
export function vrsOf(tag: string): readonly string[] {
  const vr = findByText(tag)?.vr;
  return vr === undefined ? [] : (SEVERAL[vr] ?? [vr]);
}

/** The first of them; undefined where there is none. */
export const vrOf = (tag: string): string | undefined => vrsOf(tag)[0];
