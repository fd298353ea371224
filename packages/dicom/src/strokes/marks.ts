/** A line of places: columns and rows of the grid of a letter (`glyphs.ts`), above it and below. */
type Line = readonly (readonly [column: number, row: number])[];

const CAPITAL_TOP = -0.8;

/**
 * Accents and what hangs below a letter, by their combining marks (Unicode 0300 to 036F), as they lie on a capital. Between two lines of a text is room for
 * four rows of the grid.
 */
const MARKS: ReadonlyMap<string, readonly Line[]> = new Map<string, readonly Line[]>([
  [
    '\u0300',
    [
      [
        [1, -2.2],
        [2.6, CAPITAL_TOP],
      ],
    ],
  ],
  [
    '\u0301',
    [
      [
        [3, -2.2],
        [1.4, CAPITAL_TOP],
      ],
    ],
  ],
  [
    '\u0302',
    [
      [
        [0.9, CAPITAL_TOP],
        [2, -2.2],
        [3.1, CAPITAL_TOP],
      ],
    ],
  ],
  [
    '\u0303',
    [
      [
        [0.6, CAPITAL_TOP],
        [1.3, -1.6],
        [2.7, CAPITAL_TOP],
        [3.4, -1.6],
      ],
    ],
  ],
  [
    '\u0304',
    [
      [
        [0.9, -1.3],
        [3.1, -1.3],
      ],
    ],
  ],
  [
    '\u0306',
    [
      [
        [0.9, -2.1],
        [1.4, -1.1],
        [2.6, -1.1],
        [3.1, -2.1],
      ],
    ],
  ],
  [
    '\u0307',
    [
      [
        [2, -1.7],
        [2, -1.3],
      ],
    ],
  ],
  [
    '\u0308',
    [
      [
        [1, -1.7],
        [1, -1.3],
      ],
      [
        [3, -1.7],
        [3, -1.3],
      ],
    ],
  ],
  [
    '\u030a',
    [
      [
        [2, -2.4],
        [2.8, -1.6],
        [2, CAPITAL_TOP],
        [1.2, -1.6],
        [2, -2.4],
      ],
    ],
  ],
  [
    '\u030b',
    [
      [
        [2.2, -2.2],
        [1.1, CAPITAL_TOP],
      ],
      [
        [3.6, -2.2],
        [2.5, CAPITAL_TOP],
      ],
    ],
  ],
  [
    '\u030c',
    [
      [
        [0.9, -2.2],
        [2, CAPITAL_TOP],
        [3.1, -2.2],
      ],
    ],
  ],
  [
    '\u0327',
    [
      [
        [2, 6],
        [2.7, 7],
        [2.1, 7.7],
        [1.2, 7.5],
      ],
    ],
  ],
  [
    '\u0328',
    [
      [
        [3.2, 6],
        [2.6, 7],
        [3.4, 7.7],
      ],
    ],
  ],
]);

/** Whether a combining mark has strokes. */
export const isDrawnMark = (mark: string): boolean => MARKS.has(mark);

/** The lines of a combining mark on a letter whose upper edge is in this row; none for marks without strokes. */
export function linesOfMark(mark: string, top: number): readonly Line[] {
  const lines = MARKS.get(mark) ?? [];
  return lines.map((line) => line.map(([column, row]) => [column, row < 0 ? row + top : row] as const));
}
