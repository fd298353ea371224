import { GLYPHS } from './glyphs.ts';

/** Units of the grid from one letter to the next. */
const ADVANCE = 5.5;
const GRID = 6;

/** Letters that have a shape; others are drawn as a space: a text of a file costs nothing but room. */
const glyphOf = (letter: string): string => {
  if (Object.hasOwn(GLYPHS, letter)) return GLYPHS[letter] ?? '';
  const upper = letter.toUpperCase();
  return Object.hasOwn(GLYPHS, upper) ? (GLYPHS[upper] ?? '') : '';
};

/** How wide a text is, in units of its height. */
export const strokeWidth = (text: string): number => Math.max(0, text.length * ADVANCE - (ADVANCE - 4)) / GRID;

/** A text as SVG path data from its upper left corner, `height` of a capital in the path's units. */
export function strokeText(text: string, left: number, top: number, height: number): string {
  const unit = height / GRID;
  const at = (places: string, pair: number, x: number): string => {
    const [column, row] = [Number(places[pair * 2]), Number(places[pair * 2 + 1])];
    return `${(x + column * unit).toFixed(2)} ${(top + row * unit).toFixed(2)}`;
  };
  return [...text]
    .map((letter, place) => {
      const x = left + place * ADVANCE * unit;
      const strokes = glyphOf(letter)
        .split(' ')
        .filter((stroke) => stroke.length >= 4);
      return strokes
        .map((stroke) =>
          Array.from({ length: stroke.length / 2 }, (_, pair) => `${pair === 0 ? 'M' : 'L'}${at(stroke, pair, x)}`).join(''),
        )
        .join('');
    })
    .join('');
}
