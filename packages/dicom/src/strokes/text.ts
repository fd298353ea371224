import { GLYPHS } from './glyphs.ts';
import { linesOfMark } from './marks.ts';

/** Units of the grid from one letter to the next. */
const ADVANCE = 5.5;
const GRID = 6;
/** The row in which small letters with a shape of their own begin. */
const SMALL_TOP = 2;

type Line = readonly (readonly [column: number, row: number])[];

const lineOf = (stroke: string): Line =>
  Array.from({ length: stroke.length / 2 }, (_, pair) => [Number(stroke[pair * 2]), Number(stroke[pair * 2 + 1])] as const);

/** The lines of a letter with its accents; none for what has no shape, which is a space: a text of a file costs nothing but room. */
function linesOf(letter: string): readonly Line[] {
  const [base = '', ...marks] = letter.normalize('NFD');
  const isOwn = Object.hasOwn(GLYPHS, base);
  const name = isOwn ? base : base.toUpperCase();
  if (!Object.hasOwn(GLYPHS, name)) return [];
  const strokes = (GLYPHS[name] ?? '').split(' ').filter((stroke) => stroke.length >= 4);
  const top = isOwn && base >= 'a' && base <= 'z' ? SMALL_TOP : 0;
  return [...strokes.map(lineOf), ...marks.flatMap((mark) => linesOfMark(mark, top))];
}

/** How wide a text is, in units of its height. */
export const strokeWidth = (text: string): number => Math.max(0, text.length * ADVANCE - (ADVANCE - 4)) / GRID;

/** A text as SVG path data from its upper left corner, `height` of a capital in the path's units; accents reach beyond. */
export function strokeText(text: string, left: number, top: number, height: number): string {
  const unit = height / GRID;
  return [...text]
    .map((letter, place) => {
      const x = left + place * ADVANCE * unit;
      const at = ([column, row]: Line[number]): string => `${(x + column * unit).toFixed(2)} ${(top + row * unit).toFixed(2)}`;
      return linesOf(letter)
        .map((line) => `M${line.map(at).join('L')}`)
        .join('');
    })
    .join('');
}
