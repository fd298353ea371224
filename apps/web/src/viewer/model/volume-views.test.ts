import { describe, expect, test } from 'vitest';
import { dot, type Vector3 } from './geometry.ts';
import { directionLetters } from './orientation.ts';
import { every, sliceOf, slicesAt } from './volume-fixture.ts';
import { judgeVolume, type VolumeGrid } from './volume-geometry.ts';
import {
  distanceMm,
  extentAlong,
  fitted,
  middleOf,
  normalOf,
  onPlane,
  PATIENT_VIEWS,
  planeOf,
  plus,
  stepAlong,
  toPatient,
  toScreen,
  turnOthers,
  VIEWS,
  withinVolume,
} from './volume-views.ts';

function gridOf(frames: Parameters<typeof judgeVolume>[0]): VolumeGrid {
  const verdict = judgeVolume(frames);
  if (verdict.kind !== 'volume') throw new Error(JSON.stringify(verdict));
  return verdict.grid;
}
const GRID = gridOf(slicesAt(every(21, -2), { side: 31 }));
const SIZE = { width: 400, height: 300 };
const round = (vector: Vector3): number[] => vector.map((part) => Math.round(part * 1e6) / 1e6 + 0);

describe('the three views', () => {
  test('hang as readers know them', () => {
    const letters = VIEWS.map((view) => [PATIENT_VIEWS[view].right, PATIENT_VIEWS[view].down].map(directionLetters).join(' '));
    expect(letters).toEqual(['L P', 'L F', 'P F']);
  });

  test('turn about the normal of one, which stays; the others stay square to it and to each other', () => {
    const turned = turnOthers(turnOthers(PATIENT_VIEWS, 'axial', 30), 'coronal', -17);
    expect(turnOthers(PATIENT_VIEWS, 'axial', 30).axial).toEqual(PATIENT_VIEWS.axial);
    for (const view of VIEWS) {
      const { right, down } = turned[view];
      expect([dot(right, right), dot(down, down), dot(right, down)]).toEqual([1, 1, 0].map((one) => expect.closeTo(one, 12)));
      for (const other of VIEWS)
        if (other !== view) expect(Math.abs(dot(normalOf(turned[view]), normalOf(turned[other])))).toBeLessThan(1e-12);
    }
  });

  test('by 90° and back are what they were, and 360 single degrees too', () => {
    let views = PATIENT_VIEWS;
    for (let degree = 0; degree < 360; degree += 1) views = turnOthers(views, 'sagittal', 1);
    for (const view of VIEWS) expect(round(views[view].right)).toEqual(round(PATIENT_VIEWS[view].right));
    const once = turnOthers(PATIENT_VIEWS, 'axial', 90);
    expect(directionLetters(once.coronal.right)).toBe('P');
  });

  test('turn as the hand does: clockwise on the screen', () => {
    // On the axial, right is L and down is P: the line of the coronal plane turns from L towards P.
    expect(round(turnOthers(PATIENT_VIEWS, 'axial', 45).coronal.right)).toEqual(round([Math.SQRT1_2, Math.SQRT1_2, 0]));
  });
});

describe('places', () => {
  const { coronal } = PATIENT_VIEWS;
  const framing = fitted(GRID, coronal, SIZE);

  test('on the screen and in the patient are the same ones', () => {
    const point: Vector3 = [12.3, 7, -33];
    const there = onPlane(coronal, framing, point);
    const back = toPatient(coronal, there, SIZE, toScreen(coronal, there, SIZE, point));
    expect(distanceMm(back, point)).toBeLessThan(1e-9);
  });

  test('50 mm in the patient are 50 mm times the zoom on the screen, along z as along x', () => {
    const [from, to] = [
      [5, 5, 5],
      [5, 5, -45],
    ].map((point) => toScreen(coronal, framing, SIZE, point as unknown as Vector3));
    expect(Math.hypot((to?.[0] ?? 0) - (from?.[0] ?? 0), (to?.[1] ?? 0) - (from?.[1] ?? 0))).toBeCloseTo(50 * framing.pxPerMm, 9);
  });

  test('all of a volume is shown when it is opened', () => {
    for (const view of VIEWS) {
      const axes = PATIENT_VIEWS[view];
      const shown = fitted(GRID, axes, SIZE);
      const [[left, right], [top, bottom]] = [extentAlong(GRID, axes.right), extentAlong(GRID, axes.down)];
      const corner = (x: number, y: number): Vector3 => plus(plus([0, 0, 0], axes.right, x), axes.down, y);
      for (const [x, y] of [toScreen(axes, shown, SIZE, corner(left, top)), toScreen(axes, shown, SIZE, corner(right, bottom))]) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(SIZE.width);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(SIZE.height);
      }
    }
  });

  test.each([1, 2, 0.5])('a picture of %d samples a pixel has its samples in the middle of what they fill', (samples) => {
    const request = planeOf(coronal, framing, SIZE, samples, { thicknessMm: 0, projection: 'max' });
    expect([request.width, request.height]).toEqual([400 * samples, 300 * samples]);
    const [x, y] = toScreen(coronal, framing, SIZE, plus(plus(request.origin, request.right, 10), request.down, 4));
    expect([x, y]).toEqual([expect.closeTo(10.5 / samples, 9), expect.closeTo(4.5 / samples, 9)]);
  });
});

describe('going through a volume', () => {
  const { axial, coronal } = PATIENT_VIEWS;

  test('begins at the middle of a voxel and goes from slice to slice', () => {
    const start = middleOf(GRID);
    expect(start).toEqual([15, 15, -20]);
    expect(stepAlong(GRID, start, normalOf(axial), 1)[2]).toBeCloseTo(-18, 9);
    expect(stepAlong(GRID, start, normalOf(axial), -3)[2]).toBeCloseTo(-26, 9);
    expect(stepAlong(GRID, [15, 15, -19.5], normalOf(axial), 1)[2]).toBeCloseTo(-18, 9);
    expect(stepAlong(GRID, [15, 15, -19.5], normalOf(axial), -1)[2]).toBeCloseTo(-20, 9);
  });

  test('ends at its ends', () => {
    expect(stepAlong(GRID, middleOf(GRID), normalOf(axial), 99)[2]).toBeCloseTo(0, 9);
    expect(stepAlong(GRID, middleOf(GRID), normalOf(coronal), -99)[1]).toBeCloseTo(0, 9);
    expect(withinVolume(GRID, [-50, 8, 900])).toEqual([expect.closeTo(0, 9), expect.closeTo(8, 9), expect.closeTo(0, 9)]);
  });

  test('by the columns of the other planes', () => expect(stepAlong(GRID, [15, 15, -20], [1, 0, 0], 2)[0]).toBeCloseTo(17, 9));

  test('takes slices as they lie where their spacing changes', () => {
    const uneven = gridOf(
      [...every(10, 2.5), ...every(10, 5, 27.5)].map((z, index) =>
        sliceOf({ position: [0, 0, z], number: index + 1, thicknessMm: index < 10 ? 2.5 : 5 }),
      ),
    );
    expect([-1, 1, 2].map((steps) => Math.round(stepAlong(uneven, [4, 4, 22.5], [0, 0, 1], steps)[2] * 10) / 10)).toEqual([
      20, 27.5, 32.5,
    ]);
  });
});
