import { ANNOTATION_POINTS, type AnnotationKind } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import type { PixelPoint } from './calibration.ts';
import { Gesture } from './gestures.ts';
import { translated, withHandleAt } from './handles.ts';
import { hitOf, leaderOf, pathOf, shapeOf, textPlace } from './shapes.ts';

/** Drags from each first point to each second one. */
function drag(kind: AnnotationKind, ...places: PixelPoint[]): Gesture {
  const gesture = new Gesture(kind, 1);
  let isWhole = false;
  for (let at = 0; at < places.length; at += 2) {
    const from: PixelPoint = places[at] ?? [0, 0];
    const to: PixelPoint = places[at + 1] ?? [0, 0];
    gesture.press(from);
    gesture.move(to, true);
    isWhole = gesture.release(to, false);
    expect(isWhole).toBe(at + 2 >= places.length);
  }
  return gesture;
}
const rounded = (points: readonly PixelPoint[]): number[][] =>
  points.map(([x, y]) => [x, y].map((one) => Number(one.toFixed(9)) + 0));

describe('drawing', () => {
  it.each([
    [
      'LENGTH',
      [
        [1, 2],
        [5, 6],
      ],
      [
        [1, 2],
        [5, 6],
      ],
    ],
    [
      'ARROW',
      [
        [1, 2],
        [5, 6],
      ],
      [
        [1, 2],
        [5, 6],
      ],
    ],
    [
      'RECTANGLE',
      [
        [1, 2],
        [5, 6],
      ],
      [
        [1, 2],
        [5, 2],
        [5, 6],
        [1, 6],
      ],
    ],
    [
      'ELLIPSE',
      [
        [0, 0],
        [10, 4],
      ],
      [
        [0, 2],
        [10, 2],
        [5, 0],
        [5, 4],
      ],
    ],
    [
      'ELLIPSE',
      [
        [10, 20],
        [0, 0],
      ],
      [
        [5, 0],
        [5, 20],
        [0, 10],
        [10, 10],
      ],
    ],
    [
      'BIDIRECTIONAL',
      [
        [0, 0],
        [20, 0],
      ],
      [
        [0, 0],
        [20, 0],
        [10, 5],
        [10, -5],
      ],
    ],
    [
      'COBB',
      [
        [0, 0],
        [9, 1],
        [0, 50],
        [9, 49],
      ],
      [
        [0, 0],
        [9, 1],
        [0, 50],
        [9, 49],
      ],
    ],
    [
      'CARDIOTHORACIC',
      [
        [0, 0],
        [9, 1],
        [0, 50],
        [9, 49],
      ],
      [
        [0, 0],
        [9, 1],
        [0, 50],
        [9, 49],
      ],
    ],
  ] as const)('%s by dragging', (kind, places, wanted) => {
    const gesture = drag(kind, ...places);
    expect(rounded(gesture.points)).toEqual(wanted);
    expect(gesture.isSomething).toBe(true);
  });

  it('an angle: a drag along the first leg, a click at the end of the second', () => {
    const gesture = new Gesture('ANGLE', 1);
    gesture.press([0, 10]);
    gesture.move([0, 0], true);
    expect(gesture.release([0, 0], false)).toBe(false);
    gesture.move([8, 0], false);
    expect(gesture.points).toEqual([
      [0, 10],
      [0, 0],
      [8, 0],
    ]);
    gesture.press([10, 0]);
    expect(gesture.release([10, 0], true)).toBe(true);
    expect(gesture.points).toEqual([
      [0, 10],
      [0, 0],
      [10, 0],
    ]);
  });

  it('a length by a click at each end', () => {
    const gesture = new Gesture('LENGTH', 1);
    gesture.press([0, 0]);
    expect(gesture.release([0.1, 0], true)).toBe(false);
    gesture.press([9, 9]);
    expect(gesture.release([9, 9], true)).toBe(true);
    expect(gesture.points).toEqual([
      [0, 0],
      [9, 9],
    ]);
  });

  it('a closed line in one go; two points enclose nothing', () => {
    const gesture = new Gesture('FREEHAND', 1);
    gesture.press([0, 0]);
    for (const to of [
      [10, 0],
      [10.1, 0.1],
      [10, 10],
      [0, 10],
    ] as const)
      gesture.move(to, true);
    expect(gesture.release([0, 10], false)).toBe(true);
    expect(gesture.points).toEqual([
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ]);
    expect(drag('FREEHAND', [0, 0], [5, 5]).isSomething).toBe(false);
  });

  it('has as many points as the server wants of each kind', () => {
    for (const [kind, [fewest, most]] of Object.entries(ANNOTATION_POINTS) as [AnnotationKind, readonly [number, number]][]) {
      if (!Gesture.draws(kind)) continue;
      const gesture = new Gesture(kind, 1.5);
      const isAgain = kind === 'ANGLE' || kind === 'COBB' || kind === 'CARDIOTHORACIC';
      for (const [from, to] of [
        [
          [0, 0],
          [9, 3],
        ],
        [
          [2, 30],
          [12, 40],
        ],
      ] as const) {
        if (from[1] > 0 && !isAgain) break;
        gesture.press(from);
        gesture.move([to[0], from[1]], true);
        gesture.move(to, true);
        gesture.release(to, false);
      }
      expect([kind, gesture.points.length >= fewest && gesture.points.length <= most]).toEqual([kind, true]);
    }
  });

  it('of no length is nothing', () => expect(drag('LENGTH', [3, 3], [3, 3]).isSomething).toBe(false));

  it('keeps the axes at a right angle in millimetres', () => {
    const gesture = new Gesture('BIDIRECTIONAL', 2);
    gesture.press([0, 0]);
    gesture.move([20, 10], true);
    gesture.release([20, 10], false);
    const [a, b, c, d] = gesture.points.map(([x, y]) => [x, y * 2] as const);
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('Four points.');
    expect((b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1])).toBeCloseTo(0, 9);
    expect(Math.hypot(d[0] - c[0], d[1] - c[1]) / Math.hypot(b[0] - a[0], b[1] - a[1])).toBeCloseTo(0.5, 9);
  });
});

describe('moving a point', () => {
  it('of a rectangle leaves the opposite corner and the right angles', () => {
    const points = [
      [0, 0],
      [4, 0],
      [4, 2],
      [0, 2],
    ] as const;
    expect(rounded(withHandleAt('RECTANGLE', points, 2, [10, 5], 1))).toEqual([
      [0, 0],
      [10, 0],
      [10, 5],
      [0, 5],
    ]);
    expect(rounded(withHandleAt('RECTANGLE', points, 1, [10, -5], 1))).toEqual([
      [0, -5],
      [10, -5],
      [10, 2],
      [0, 2],
    ]);
  });
  it('of an ellipse leaves the other end of the axis', () => {
    const points = [
      [0, 5],
      [20, 5],
      [10, 0],
      [10, 10],
    ] as const;
    expect(rounded(withHandleAt('ELLIPSE', points, 1, [30, 9], 1))).toEqual([
      [0, 5],
      [30, 5],
      [15, 0],
      [15, 10],
    ]);
    expect(rounded(withHandleAt('ELLIPSE', points, 2, [3, -10], 1))).toEqual([
      [0, 0],
      [20, 0],
      [10, -10],
      [10, 10],
    ]);
  });
  it('of two axes keeps them at a right angle, each with its place and lengths', () => {
    const points = [
      [0, 0],
      [20, 0],
      [10, 5],
      [10, -3],
    ] as const;
    expect(rounded(withHandleAt('BIDIRECTIONAL', points, 1, [0, 20], 1))).toEqual([
      [0, 0],
      [0, 20],
      [-5, 10],
      [3, 10],
    ]);
    expect(rounded(withHandleAt('BIDIRECTIONAL', points, 2, [4, 8], 1))).toEqual([
      [0, 0],
      [20, 0],
      [4, 8],
      [4, -3],
    ]);
    // Rows twice as far apart as columns: 8 rows are 16 columns.
    expect(rounded(withHandleAt('BIDIRECTIONAL', points, 1, [0, 10], 2))).toEqual([
      [0, 0],
      [0, 10],
      [-10, 5],
      [6, 5],
    ]);
  });
  it('of others moves it alone, and the whole moves as it is', () => {
    expect(
      withHandleAt(
        'ANGLE',
        [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
        1,
        [5, 5],
        1,
      ),
    ).toEqual([
      [0, 0],
      [5, 5],
      [2, 2],
    ]);
    expect(
      translated(
        [
          [0, 0],
          [1, 1],
        ],
        [2, -1],
      ),
    ).toEqual([
      [2, -1],
      [3, 0],
    ]);
  });
});

describe('a shape', () => {
  it('is hit at its points first, then along its lines and on its text', () => {
    const shape = shapeOf('LENGTH', [
      [10, 10],
      [110, 10],
    ]);
    const text = { x: 120, y: 0, width: 40, height: 20 };
    expect(
      (
        [
          [12, 12],
          [108, 6],
          [60, 14],
          [60, 30],
          [130, 10],
        ] as const
      ).map((at) => hitOf(shape, text, at, 7)),
    ).toEqual([0, 1, 'line', undefined, 'text']);
    // A keyboard has no reach: it sets points on a text as it does elsewhere.
    expect(hitOf(shape, text, [130, 10], -1)).toBeUndefined();
    expect(
      hitOf(
        shapeOf('ELLIPSE', [
          [0, 50],
          [100, 50],
          [50, 0],
          [50, 100],
        ]),
        undefined,
        [50, 50],
        7,
      ),
    ).toBeUndefined();
  });
  it('is one closed path for a region, and none before there is a line', () => {
    expect(
      pathOf(
        shapeOf('RECTANGLE', [
          [0, 0],
          [4, 0],
          [4, 2],
          [0, 2],
        ]).lines,
      ),
    ).toBe('M0.0 0.0L4.0 0.0L4.0 2.0L0.0 2.0L0.0 0.0');
    expect(pathOf(shapeOf('COBB', [[0, 0]]).lines)).toBe('');
    expect(
      shapeOf(
        'FREEHAND',
        Array.from({ length: 500 }, (_, at) => [at, at * at] as const),
      ).handles,
    ).toEqual([]);
  });
  it('that bends is taken hold of as a whole in its middle, unless its line is nearer', () => {
    const ring = shapeOf(
      'FREEHAND',
      Array.from({ length: 40 }, (_, at) => [100 + 50 * Math.cos(at / 6.3), 100 + 50 * Math.sin(at / 6.3)] as const),
    );
    const [x, y] = ring.grip ?? [0, 0];
    expect([Math.abs(x - 100) < 3, Math.abs(y - 100) < 3]).toEqual([true, true]);
    expect([hitOf(ring, undefined, [x + 2, y], 7), hitOf(ring, undefined, [150, 100], 7)]).toEqual(['grip', 'line']);
    const small = shapeOf(
      'FREEHAND',
      [...Array(9)].map((_, at) => [at < 5 ? at * 3 : 24 - at * 3, at < 5 ? 0 : 8] as const),
    );
    expect(hitOf(small, undefined, [6, 0], 18)).toBe('line');
  });
  it('has its text where somebody has put it, within the pane, with a line to it unless it is near', () => {
    const pane = { width: 300, height: 200 };
    const shape = shapeOf('LENGTH', [
      [20, 100],
      [60, 100],
    ]);
    const text = textPlace(shape, ['12,3 mm'], 10, pane, [200, 50]);
    expect([text.x + text.width / 2, text.y + text.height / 2]).toEqual([200, 50]);
    expect(leaderOf(shape, text)).toEqual([
      [
        [60, 100],
        [text.x, text.y + text.height],
      ],
    ]);
    const cut = textPlace(shape, ['12,3 mm'], 10, pane, [900, -900]);
    expect([cut.x + cut.width, cut.y]).toEqual([300, 0]);
    expect(leaderOf(shape, textPlace(shape, ['12,3 mm'], 10, pane, [85, 100]))).toEqual([]);
    expect(leaderOf(shape, textPlace(shape, [], 10, pane, [200, 50]))).toEqual([]);
  });
  it('has its text beside it, on the other side where there is no room', () => {
    const pane = { width: 300, height: 200 };
    const place = (x: number) =>
      textPlace(
        shapeOf('LENGTH', [
          [x, 100],
          [x + 20, 100],
        ]),
        ['12,3 mm'],
        13,
        pane,
      );
    expect(place(10)).toMatchObject({ x: 40, anchor: 'start' });
    expect(place(270)).toMatchObject({ anchor: 'end' });
    expect(place(270).x + place(270).width).toBe(260);
    expect(textPlace(shapeOf('PROBE', [[10, -50]]), ['a', 'b'], 13, pane).y).toBe(0);
  });
});
