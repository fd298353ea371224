import { GLYPHS } from './glyphs.ts';

const AS: Readonly<Record<string, string>> = {
  ...{ œ: 'oe', Œ: 'OE', æ: 'ae', Æ: 'AE', ß: 'ss', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', µ: 'u', '×': 'x', '²': '2', '³': '3' },
  ...{
    '’': "'",
    '‘': "'",
    '“': '"',
    '”': '"',
    '«': '"',
    '»': '"',
    '–': '-',
    '—': '-',
    '·': '.',
    '…': '...',
    '\u00a0': ' ',
    '\t': ' ',
  },
};
const MARKS = /\p{M}+/gu;
/** A letter without a shape of its own. */
const BOX = '□';

const hasShape = (letter: string): boolean =>
  letter === ' ' || letter === '\n' || Object.hasOwn(GLYPHS, letter) || Object.hasOwn(GLYPHS, letter.toUpperCase());

const letterOf = (letter: string): string => {
  const known = Object.hasOwn(AS, letter) ? (AS[letter] ?? '') : letter;
  return [...known].every(hasShape) ? known : BOX;
};

/** A text in letters that have strokes: accents are left out, and what has no shape is a box (its letters can't be read, but that they are there is seen). */
export function drawableText(text: string): { readonly text: string; readonly isWhole: boolean } {
  const letters = [...text.normalize('NFD').replace(MARKS, '')].map(letterOf);
  return { text: letters.join(''), isWhole: !letters.includes(BOX) };
}
