import { KNOWN, type lines, plain, type Region } from './body-parts';
import { OF_SPINE, SPINE_WORD, WORDS } from './body-words';

/** A description says in its first words what it is of. */
const MOST_WORDS = 30;
const wordsOf = (text: string): string[] =>
  plain(text)
    .replaceAll(/\b(avant|whole|corps|total)[\s-]+(bras|body|entier)/g, '$1$2')
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);

/** Beginnings of words with what they mean, by their first letter: hostile texts have many words. */
type Index = ReadonlyMap<string, readonly (readonly [string, readonly Region[]])[]>;
function indexOf(among: ReturnType<typeof lines>): Index {
  const index = new Map<string, (readonly [string, readonly Region[]])[]>();
  for (const [regions, beginnings] of among)
    for (const beginning of beginnings) {
      const at = index.get(beginning.charAt(0)) ?? [];
      index.set(beginning.charAt(0), [...at, [beginning, regions.split(' ')]]);
    }
  return index;
}
const IN_TEXT = indexOf(WORDS);
const IN_SPINE = indexOf(OF_SPINE);

const means = (word: string, beginning: string): boolean =>
  beginning.endsWith('.') ? `${word}.` === beginning : word.startsWith(beginning);
const found = (words: readonly string[], index: Index): Region[] =>
  words.flatMap((word) =>
    (index.get(word.charAt(0)) ?? []).flatMap(([beginning, regions]) => (means(word, beginning) ? regions : [])),
  );

/** The regions that free text names, in French or English: `TDM thoraco-abdominale` is the chest and the abdomen. None for none. */
export function regionsOfText(text: string): Region[] {
  const words = wordsOf(text);
  if (words.some((word) => SPINE_WORD.test(word))) {
    const parts = [...new Set(found(words, IN_SPINE))];
    return parts.length === 0 ? ['SPINE'] : parts;
  }
  const cervical = words.some((word) => word.startsWith('cervic'));
  return [...new Set([...found(words, IN_TEXT), ...(cervical ? ['NECK'] : [])])];
}

/** The regions of a value of Body Part Examined (0018,0015), whatever a device has made of it. None for one that means nothing. */
export function regionsOfBodyPart(value: string): readonly Region[] {
  const name = plain(value)
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '');
  return KNOWN.get(name) ?? regionsOfText(value);
}

/** `L` and `R` as descriptions name the sides, in French and English. */
export function sidesOfText(text: string): ('L' | 'R')[] {
  const words = new Set(wordsOf(text));
  const has = (...names: string[]): boolean => names.some((name) => words.has(name));
  return [
    ...(has('gauche', 'gauches', 'left') ? (['L'] as const) : []),
    ...(has('droit', 'droite', 'right') ? (['R'] as const) : []),
  ];
}
