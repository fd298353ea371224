import { doseGridOf, doseValues, parsePart10, segmentationOf, segmentMask, structuresOf } from '@negatoscope/dicom';
import { BALL, ballDose, ballDoseAt, ballSegmentation, ballStructures } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import type { Vector3 } from '../model/geometry.ts';
import type { PlaneRequest } from '../model/volume.ts';
import { cutMask, emptyCut, valueIn } from './cut.ts';
import { filled, roiStack } from './roi-stack.ts';
import { aroundPlace, nearestSlice, type Stack, stackOf, throughStack } from './stack.ts';

const [X, Y, Z] = BALL.middle;
const STEP = 1;
/** A plane of 128 × 128 mm around the middle of the ball, turned as it is said. */
const planeThrough = (right: Vector3, down: Vector3, normal: Vector3): PlaneRequest => ({
  origin: [X - 64 * right[0] - 64 * down[0], Y - 64 * right[1] - 64 * down[1], Z - 64 * right[2] - 64 * down[2]],
  ...{ right, down, normal, width: 128, height: 128, thicknessMm: 0, projection: 'max' },
});
const coronal = planeThrough([1, 0, 0], [0, 0, -1], [0, 1, 0]);
const half = Math.SQRT1_2;
const oblique = planeThrough([half, half, 0], [0, 0, -1], [-half, half, 0]);

const parsed = ({ bytes }: { readonly bytes: Uint8Array }) => {
  const { json, pixelData } = parsePart10(bytes);
  return { json, pixels: bytes.subarray(pixelData?.offset ?? 0) };
};

function segmentStack(): Stack<Uint8ClampedArray> {
  const { json, pixels } = parsed(ballSegmentation({ seed: 'cut' }));
  const segmentation = segmentationOf(json);
  const size = 64 * 64;
  const stack =
    segmentation &&
    stackOf(
      segmentation.frames.map((frame, at) => ({
        ...frame,
        value: segmentMask(pixels.subarray((at * size) / 8, ((at + 1) * size) / 8), segmentation, 1),
      })),
      segmentation,
    );
  if (stack === undefined) throw new TypeError('The phantom makes no stack.');
  return stack;
}

/** How far the middle of the ball is from its edge to the right and upwards, mm, as it was cut. */
function reachOf(
  stack: Stack<Uint8ClampedArray> | Stack<Uint8Array>,
  plane: PlaneRequest,
  full: number,
): readonly [number, number] {
  const cut = emptyCut(plane);
  cutMask(cut, plane, stack as Stack<ArrayLike<number>>, [255, 0, 0], (mask, pixel) => (mask[pixel] === full ? 255 : 0));
  const isIn = (x: number, y: number): boolean => cut[(y * 128 + x) * 4 + 3] === 255;
  const count = (step: readonly [number, number]): number => {
    let steps = 0;
    while (isIn(64 + steps * step[0], 64 + steps * step[1])) steps += 1;
    return steps * STEP;
  };
  return [count([1, 0]), count([0, -1])];
}

describe('a segmentation on a plane that is not its own', () => {
  test.each([
    ['coronal', coronal],
    ['oblique', oblique],
  ] as const)('is a ball of its radius on a %s one, within a pixel and a slice', (_, plane) => {
    const [right, up] = reachOf(segmentStack(), plane, 255);
    expect(Math.abs(right - BALL.radius)).toBeLessThanOrEqual(2);
    expect(Math.abs(up - BALL.radius)).toBeLessThanOrEqual(3);
  });

  test('lies where it lies: beyond its first and last slice there is nothing', () => {
    const stack = segmentStack();
    expect([nearestSlice(stack, -10), nearestSlice(stack, 1.4), nearestSlice(stack, 1000)]).toEqual([-1, 0, -1]);
  });
});

test('slices that are turned or shifted against each other make no stack, nor do those without a place', () => {
  const plane = { position: [0, 0, 0], row: [1, 0, 0], column: [0, 1, 0], rowMm: 1, columnMm: 1 } as const;
  const size = { rows: 2, columns: 2 };
  const of = (...planes: (typeof plane | undefined | object)[]) =>
    stackOf(
      planes.map((one) => ({ plane: one as typeof plane, thicknessMm: 1, value: 0 })),
      size,
    );
  expect(of(plane, { ...plane, position: [0, 0, 5] })?.places).toEqual([0, 5]);
  expect(of(plane, { ...plane, position: [3, 0, 5] })).toBeUndefined();
  expect(of(plane, { ...plane, row: [0, 1, 0], column: [-1, 0, 0] })).toBeUndefined();
  expect(of(plane, undefined)).toBeUndefined();
  expect(of()).toBeUndefined();
});

test('a place between slices has its neighbours', () => {
  expect(aroundPlace([0, 5, 10], 7)).toEqual([1, 2]);
  expect(aroundPlace([0, 5, 10], -1)).toEqual([0, 0]);
  expect(aroundPlace([0, 5, 10], 11)).toEqual([2, 2]);
});

describe('contours on a plane that is not their own', () => {
  const { rois = [] } = structuresOf(parsed(ballStructures({ seed: 'cut' })).json) ?? {};
  const [roi] = rois;
  if (roi === undefined) throw new TypeError('The phantom has no region.');

  test('are the region that they enclose', () => {
    const stack = roiStack(roi);
    if (stack === undefined) throw new TypeError('The phantom makes no stack.');
    for (const plane of [coronal, oblique]) {
      const [right, up] = reachOf(stack, plane, 1);
      expect(Math.abs(right - BALL.radius)).toBeLessThanOrEqual(1.5);
      expect(Math.abs(up - BALL.radius)).toBeLessThanOrEqual(3);
    }
  });

  test('that are not flat, or are points alone, are none', () => {
    const bent = roi.contours.map((one, index) =>
      index > 0 ? one : { ...one, points: one.points.map((value, at) => (at === 2 ? value + 9 : value)) },
    );
    expect(roiStack({ ...roi, contours: bent })).toBeUndefined();
    expect(roiStack({ ...roi, contours: roi.contours.map((one) => ({ ...one, type: 'POINT' })) })).toBeUndefined();
    expect(roiStack({ ...roi, contours: [] })).toBeUndefined();
  });

  test('within one another leave a hole', () => {
    const square = (from: number, to: number) =>
      [
        [from, from],
        [to, from],
        [to, to],
        [from, to],
      ] as const;
    const mask = filled([square(0, 8), square(3, 5)], 9, 9);
    expect([mask[1 * 9 + 1], mask[4 * 9 + 4], mask[4 * 9 + 1]]).toEqual([1, 0, 1]);
  });
});

test('a dose is mixed of its slices and pixels, and is none beyond its grid', () => {
  const { json, pixels } = parsed(ballDose({ seed: 'cut' }));
  const dose = doseGridOf(json);
  if (dose === undefined) throw new TypeError('The phantom has no dose.');
  const bytes = dose.rows * dose.columns * 4;
  const stack = stackOf(
    dose.planes.map((plane, at) => ({
      plane,
      thicknessMm: undefined,
      value: doseValues(pixels.subarray(at * bytes, (at + 1) * bytes), dose),
    })),
    dose,
  );
  if (stack === undefined) throw new TypeError('The phantom makes no stack.');
  const at = (x: number, y: number, z: number) => valueIn(stack, x / 4, y / 4, z);
  // 30 mm from the middle along x: 4000 hundredths of a gray.
  expect(at(X + 30, Y, Z)).toBeCloseTo(ballDoseAt(30) / 100, 0);
  expect(at(X, Y, Z + 25)).toBeCloseTo(ballDoseAt(25) / 100, 0);
  expect(at(X, Y, Z)).toBeCloseTo(60, 1);
  expect([at(-20, Y, Z), at(X, Y, 500)]).toEqual([Number.NaN, Number.NaN]);
});

test('samples are counted from the middle of a pixel', () => {
  const seen: number[][] = [];
  const plane = { position: [10, 20, 5], row: [1, 0, 0], column: [0, 1, 0], rowMm: 2, columnMm: 2 } as const;
  throughStack({ plane }, { origin: [10, 20, 8], right: [2, 0, 0], down: [0, 4, 0], width: 2, height: 2 }, (...one) =>
    seen.push(one),
  );
  expect(seen).toEqual([
    [0, 0, 0, 3],
    [1, 1, 0, 3],
    [2, 0, 2, 3],
    [3, 1, 2, 3],
  ]);
});
