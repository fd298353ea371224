import { type PresentationStateOptions, presentationState } from '@negatoscope/testkit';
import { expect, test } from 'vitest';
import { parsePart10 } from '../parse.ts';
import { pathOfGraphic, placeText, toPaneOf } from './drawn.ts';
import { waysOf } from './placing.ts';
import { presentationStateOf } from './state.ts';
import type { PresentationState } from './types.ts';

const FRAME = { sopInstanceUid: '1.2.3.1.1', frameNumber: 1, rows: 100, columns: 200 };
const IMAGE = { sopInstanceUid: FRAME.sopInstanceUid, seriesInstanceUid: '1.2.3.1' };

function stateOf(options: Partial<PresentationStateOptions> = {}): PresentationState {
  const state = presentationStateOf(parsePart10(presentationState({ seed: 'drawn', images: [IMAGE], ...options }).bytes).json);
  if (state === undefined) throw new TypeError('That is no presentation state.');
  return state;
}
/** Two CSS px a pixel, from 10 px on. */
const PLACE = { origin: [10, 20], i: [2, 0], j: [0, 2] } as const;
/** The same, flipped from left to right. */
const FLIPPED = { origin: [410, 20], i: [-2, 0], j: [0, 2] } as const;

test('points of pixels go with the image from its corner; those of the display are shares of the area that is shown (PS3.3 C.10.5.1)', () => {
  const state = stateOf({ area: [51, 1, 150, 50] });
  const toPane = toPaneOf(state, FRAME, PLACE);
  expect(toPane([0, 0], 'pixel')).toEqual([10, 20]);
  expect(toPane([200, 100], 'pixel')).toEqual([410, 220]);
  expect([toPane([0, 0], 'display'), toPane([1, 1], 'display')]).toEqual([
    [110, 20],
    [310, 120],
  ]);
  // Whatever was flipped, the display begins above on the left of the screen.
  expect(toPaneOf(state, FRAME, FLIPPED)([0, 0], 'display')).toEqual([110, 20]);
});

test('a circle is one by its middle and a point of it, an ellipse by the ends of its diameters', () => {
  const toPane = toPaneOf(stateOf(), FRAME, PLACE);
  const numbers = (path: string): number[] => (path.match(/-?\d+\.\d+/g) ?? []).map(Number);
  const circle = numbers(
    pathOfGraphic(
      {
        kind: 'circle',
        units: 'pixel',
        points: [
          [50, 50],
          [53, 54],
        ],
        isFilled: false,
      },
      toPane,
    ),
  );
  for (let at = 0; at < circle.length; at += 2)
    expect(Math.hypot((circle[at] ?? 0) - 110, (circle[at + 1] ?? 0) - 120)).toBeCloseTo(10, 1);
  const ellipse = pathOfGraphic(
    {
      kind: 'ellipse',
      units: 'pixel',
      points: [
        [40, 50],
        [60, 50],
        [50, 45],
        [50, 55],
      ],
      isFilled: true,
    },
    toPane,
  );
  const xs = numbers(ellipse).filter((_, index) => index % 2 === 0);
  expect([Math.min(...xs), Math.max(...xs), ellipse.endsWith('Z')]).toEqual([90, 130, true]);
});

test('a curve goes through each of its points, a polyline is straight, a point a cross', () => {
  const toPane = toPaneOf(stateOf(), FRAME, { origin: [0, 0], i: [1, 0], j: [0, 1] });
  const points = [
    [0, 0],
    [10, 10],
    [20, 0],
  ] as const;
  const curve = pathOfGraphic({ kind: 'interpolated', units: 'pixel', points, isFilled: false }, toPane);
  for (const [x, y] of points) expect(curve).toContain(`${x.toFixed(2)} ${y.toFixed(2)}`);
  expect(curve.split('L').length).toBeGreaterThan(10);
  expect(pathOfGraphic({ kind: 'polyline', units: 'pixel', points, isFilled: false }, toPane)).toBe(
    'M0.00 0.00L10.00 10.00L20.00 0.00',
  );
  expect(pathOfGraphic({ kind: 'point', units: 'pixel', points: [[5, 5]], isFilled: false }, toPane)).toBe(
    'M1.00 5.00L9.00 5.00M5.00 1.00L5.00 9.00',
  );
});

test('a text stands in its box by its side, upright, never too small to be read, with a line to what it is of', () => {
  const toPane = toPaneOf(stateOf(), FRAME, PLACE);
  const box = { units: 'pixel', from: [100, 10], to: [50, 20], align: 'right' } as const;
  const placed = placeText({ text: 'Nodule\n8 mm', box, anchor: { units: 'pixel', at: [20, 15], isVisible: true } }, toPane);
  expect(placed).toMatchObject({ lines: ['Nodule', '8 mm'], align: 'end', x: 210, size: 11 });
  // Where letters are half as large again, so are these.
  expect(placeText({ text: 'Nodule\n8 mm', box, anchor: undefined }, toPane, 1.5).size).toBe(16.5);
  expect(placed.anchor).toEqual({ from: [110, 50], to: [50, 50] });
  expect(placeText({ text: 'x', box: undefined, anchor: { units: 'pixel', at: [0, 0], isVisible: true } }, toPane)).toMatchObject(
    { x: 16, y: 14, anchor: undefined },
  );
});

test('turned before flipped: where columns and rows go on the screen (C.10.6)', () => {
  expect(waysOf({ rotation: 90, isFlipped: false })).toEqual({ i: [0, 1], j: [-1, 0] });
  expect(waysOf({ rotation: 90, isFlipped: true })).toEqual({ i: [0, 1], j: [1, 0] });
  expect(waysOf({ rotation: 180, isFlipped: true })).toEqual({ i: [1, 0], j: [0, -1] });
});
