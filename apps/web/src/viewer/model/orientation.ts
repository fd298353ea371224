import type { PlaneOrientation, Vector3 } from './geometry.ts';

/** Letters at the four edges of a viewport; an empty string where nothing is known. */
export interface EdgeLetters {
  readonly top: string;
  readonly right: string;
  readonly bottom: string;
  readonly left: string;
}

/** Directions on the canvas (CSS px, y down) of one image pixel along the row (i) and along the column (j). */
export interface CanvasAxes {
  readonly i: readonly [number, number];
  readonly j: readonly [number, number];
}

/** How the frame lies in the patient: by cosines, or by the letters of Patient Orientation (PS3.3 C.7.6.1.1.1). */
export type FrameOrientation =
  | { readonly kind: 'cosines'; readonly plane: PlaneOrientation }
  | { readonly kind: 'letters'; readonly row: string; readonly column: string };

const OPPOSITE: Readonly<Record<string, string>> = { A: 'P', P: 'A', L: 'R', R: 'L', H: 'F', F: 'H' };

/** Weakest component still named, as a share of the strongest one: about 20 degrees. */
const MINOR_SHARE = 0.36;

/** Letters of a direction in LPS, strongest first, at most two (PS3.3 C.7.6.1.1.1). */
export function directionLetters(direction: Vector3): string {
  const parts = [
    { letter: direction[0] > 0 ? 'L' : 'R', size: Math.abs(direction[0]) },
    { letter: direction[1] > 0 ? 'P' : 'A', size: Math.abs(direction[1]) },
    { letter: direction[2] > 0 ? 'H' : 'F', size: Math.abs(direction[2]) },
  ].sort((a, b) => b.size - a.size);
  const strongest = parts[0]?.size ?? 0;
  if (strongest < 1e-6) return '';
  const named = parts.filter(({ size }) => size >= strongest * MINOR_SHARE);
  return named
    .slice(0, 2)
    .map(({ letter }) => letter)
    .join('');
}

const AXIS: Readonly<Record<string, number>> = { L: 0, R: 0, A: 1, P: 1, H: 2, F: 2 };

/** The axes that letters of Patient Orientation name, strongest first; undefined unless they are letters of a biped, each axis once. */
function axesOf(letters: string): number[] | undefined {
  const axes = [...letters].map((letter) => AXIS[letter]);
  const isSound = axes.length >= 1 && axes.length <= 3 && new Set(axes).size === axes.length;
  return isSound && axes.every((axis) => axis !== undefined) ? axes : undefined;
}

/**
 * Row and column of Patient Orientation (PS3.3 C.7.6.1.1.1) as directions; undefined for letters that are none, or that say the same of both:
 * what is wrong is not shown as a direction.
 */
export function parseLetters(row: string | undefined, column: string | undefined): FrameOrientation | undefined {
  const [alongRow, alongColumn] = [axesOf(row ?? ''), axesOf(column ?? '')];
  if (row === undefined || column === undefined || alongRow === undefined || alongColumn === undefined) return undefined;
  return alongRow[0] === alongColumn[0] ? undefined : { kind: 'letters', row, column };
}

/** Letters of the opposite direction; unknown letters stay. */
const oppositeLetters = (letters: string): string => [...letters].map((letter) => OPPOSITE[letter] ?? letter).join('');

/** Letters seen when moving on the canvas by (x, y). */
function lettersAlong(x: number, y: number, axes: CanvasAxes, orientation: FrameOrientation): string {
  const determinant = axes.i[0] * axes.j[1] - axes.j[0] * axes.i[1];
  if (Math.abs(determinant) < 1e-12) return '';
  const alongRow = (x * axes.j[1] - axes.j[0] * y) / determinant;
  const alongColumn = (axes.i[0] * y - x * axes.i[1]) / determinant;
  if (orientation.kind === 'letters') {
    const isRow = Math.abs(alongRow) >= Math.abs(alongColumn);
    const letters = isRow ? orientation.row : orientation.column;
    return (isRow ? alongRow : alongColumn) < 0 ? oppositeLetters(letters) : letters;
  }
  const { row, column } = orientation.plane;
  return directionLetters([
    alongRow * row[0] + alongColumn * column[0],
    alongRow * row[1] + alongColumn * column[1],
    alongRow * row[2] + alongColumn * column[2],
  ]);
}

/** Edge letters for the present rotation, flips and zoom, all of which `axes` holds. */
export function edgeLetters(axes: CanvasAxes, orientation: FrameOrientation | undefined): EdgeLetters {
  if (orientation === undefined) return { top: '', right: '', bottom: '', left: '' };
  const right = lettersAlong(1, 0, axes, orientation);
  const bottom = lettersAlong(0, 1, axes, orientation);
  return { top: oppositeLetters(bottom), right, bottom, left: oppositeLetters(right) };
}
