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

/** The VR of a tag (eight hexadecimal digits) in PS3.6, the first one where it names several; undefined for private and unknown attributes. */
export function vrOf(tag: string): string | undefined {
  const vr = findByText(tag)?.vr;
  switch (vr) {
    case 'OX':
      return 'OB';
    case 'XS':
    case 'XL':
      return 'US';
    case '--':
      return undefined;
    default:
      return vr;
  }
}
