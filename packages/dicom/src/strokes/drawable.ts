import { GLYPHS } from './glyphs.ts';
import { isDrawnMark } from './marks.ts';

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
/** Each letter with the marks that follow it; marks that follow none are left out. */
const LETTERS = /\P{M}\p{M}*/gu;
/** A letter without a shape of its own. */
const BOX = '□';

const hasShape = (letter: string): boolean =>
  letter === ' ' || letter === '\n' || Object.hasOwn(GLYPHS, letter) || Object.hasOwn(GLYPHS, letter.toUpperCase());

const letterOf = (letter: string): string => {
  const known = Object.hasOwn(AS, letter) ? (AS[letter] ?? '') : letter;
  return [...known].every(hasShape) ? known : BOX;
};

/** A letter with those of its accents that have strokes, as one code unit; without them where there is no such letter. */
function accented(letter: string): string {
  const [base = '', ...marks] = letter.normalize('NFD');
  const drawn = marks.filter(isDrawnMark);
  const known = letterOf(base);
  if (drawn.length === 0 || known !== base) return known;
  const whole = [base, ...drawn].join('').normalize('NFC');
  return whole.length === 1 ? whole : base;
}

/**
 * A text in letters that have strokes, one code unit each: accents that have none are left out, and what has no shape is a box (its letters can't be read,
 * but that they are there is seen).
 */
export function drawableText(text: string): { readonly text: string; readonly isWhole: boolean } {
  const letters = (text.normalize('NFC').match(LETTERS) ?? []).map(accented);
  return { text: letters.join(''), isWhole: !letters.includes(BOX) };
}
