import { describe, expect, test } from 'vitest';
import type { Vector3 } from './geometry.ts';
import { type PlaneRequest, PlaneSampler, SliceFinder, slabOffsets, Volume } from './volume.ts';
import { every, sliceOf, slicesAt } from './volume-fixture.ts';
import { judgeVolume, type VolumeGrid } from './volume-geometry.ts';
import { normalOf, PATIENT_VIEWS, plus, turnOthers, type ViewAxes } from './volume-views.ts';

function gridOf(frames: Parameters<typeof judgeVolume>[0]): VolumeGrid {
  const verdict = judgeVolume(frames);
  if (verdict.kind !== 'volume') throw new Error(JSON.stringify(verdict));
  return verdict.grid;
}

/** The place in the patient of a voxel. */
function placeOf(grid: VolumeGrid, slice: number, i: number, j: number): Vector3 {
  const [alongRow = 0, alongColumn = 0] = grid.shifts[slice] ?? [];
  const there = plus(plus(grid.origin, grid.normal, grid.distances[slice] ?? 0), grid.row, alongRow + i * grid.columnMm);
  return plus(there, grid.column, alongColumn + j * grid.rowMm);
}

type Field = (point: Vector3) => number;

function filled(grid: VolumeGrid, field: Field, Values: typeof Int16Array | typeof Float32Array = Float32Array): Volume {
  const volume = new Volume(grid);
  grid.distances.forEach((_, slice) => {
    const values = new Values(grid.rows * grid.columns);
    for (let at = 0; at < values.length; at += 1)
      values[at] = field(placeOf(grid, slice, at % grid.columns, Math.floor(at / grid.columns)));
    volume.put(slice, { values, padding: undefined });
  });
  return volume;
}

const plane = (origin: Vector3, axes: ViewAxes, more: Partial<PlaneRequest> = {}): PlaneRequest => ({
  ...{ origin, ...axes, normal: normalOf(axes), width: 1, height: 1, thicknessMm: 0, projection: 'max' },
  ...more,
});
const at = (volume: Volume, point: Vector3, more: Partial<PlaneRequest> = {}, axes = PATIENT_VIEWS.axial): number =>
  new PlaneSampler(volume).sample(plane(point, axes, more))[0] ?? Number.NaN;

/** What any linear interpolation between true places gives exactly, and none between wrong ones. */
const linear: Field = ([x, y, z]) => 3 * x - 2 * y + 7 * z + 11;

const EVEN = slicesAt(every(20, 2));
const UNEVEN = [...every(20, 2.5), ...every(10, 5, 52.5)].map((z, index) =>
  sliceOf({ position: [0, 0, z], number: index + 1, thicknessMm: index < 20 ? 2.5 : 5 }),
);
const [cos, sin] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
const TILTED = every(24, 5).map((z, index) =>
  sliceOf({ position: [0, 0, z], number: index + 1, orientation: [1, 0, 0, 0, cos, sin] }),
);
const LEANING = every(12, 3).map((mm, index) =>
  sliceOf({
    position: [10 + 0.6 * mm, 20, -5 - 0.8 * mm],
    number: index + 1,
    orientation: [0.8, 0, 0.6, 0, 1, 0],
    spacingMm: [1.5, 0.5],
  }),
);

describe('a value in a volume', () => {
  test.each([
    ['even slices', EVEN],
    ['a spacing that changes', UNEVEN],
    ['a gantry tilted by 20°', TILTED],
    ['oblique slices with pixels that are not square', LEANING],
  ])('is the true one of its place, with %s', (_, frames) => {
    const grid = gridOf(frames);
    const volume = filled(grid, linear);
    let compared = 0;
    for (let step = 0; step < 400; step += 1) {
      // Places all over the volume, and between its voxels.
      const slice = (step * 7.31) % (grid.distances.length - 1);
      const [below, share] = [Math.floor(slice), slice % 1];
      const point = plus(
        plus([0, 0, 0], placeOf(grid, below, 5 + ((step * 3.7) % 6), 4 + ((step * 2.9) % 7)), 1 - share),
        placeOf(grid, below + 1, 5 + ((step * 3.7) % 6), 4 + ((step * 2.9) % 7)),
        share,
      );
      const value = at(volume, point);
      if (Number.isNaN(value)) continue;
      compared += 1;
      expect(Math.abs(value - linear(point))).toBeLessThan(1e-3);
    }
    expect(compared).toBeGreaterThan(390);
  });

  test('is the stored one at the middle of a voxel, to the last digit', () => {
    const grid = gridOf(EVEN);
    const volume = filled(grid, ([x, y, z]) => (x * 31 + y * 17 + z * 7) % 251, Int16Array);
    for (const [slice, i, j] of [
      [0, 0, 0],
      [7, 3, 9],
      [19, 15, 15],
    ] as const)
      expect(at(volume, placeOf(grid, slice, i, j))).toBe((i * 31 + j * 17 + slice * 2 * 7) % 251);
  });

  test('is none outside, and goes on for half a voxel', () => {
    const volume = filled(gridOf(EVEN), () => 5);
    expect([-0.6, -0.5, 0, 15.5, 15.6].map((x) => at(volume, [x, 3, 3]))).toEqual([Number.NaN, 5, 5, 5, Number.NaN]);
    expect([-1.1, -1, 38, 39, 39.1].map((z) => at(volume, [3, 3, z]))).toEqual([Number.NaN, 5, 5, 5, Number.NaN]);
  });

  test('is none where a voxel that it is made of is padding, in whole numbers and in floats', () => {
    for (const values of [new Int16Array(256).fill(40), new Float32Array(256).fill(40.5)]) {
      const volume = new Volume(gridOf(EVEN));
      const padding = new Uint8Array(256);
      padding[0] = 1;
      every(20, 1).forEach((slice) => void volume.put(slice, { values, padding: slice === 4 ? padding : undefined }));
      expect(at(volume, [0, 0, 8])).toBeNaN();
      expect(at(volume, [0.5, 0, 8])).toBeNaN();
      expect(at(volume, [0, 0, 9])).toBeNaN();
      expect(at(volume, [1, 0, 8])).toBe(values[5]);
      expect(at(volume, [0, 0, 10])).toBe(values[5]);
    }
  });

  test('stays exact when a later slice is not of whole numbers', () => {
    const volume = new Volume(gridOf(EVEN));
    const padding = new Uint8Array(256);
    padding[3] = 1;
    volume.put(0, { values: new Int16Array(256).fill(-1000), padding });
    expect(volume.bytes).toBe(512);
    volume.put(1, { values: new Float32Array(256).fill(0.25), padding: undefined });
    expect(volume.bytes).toBe(2 * 1024);
    expect([at(volume, [0, 0, 0]), at(volume, [0, 0, 2]), at(volume, [3, 0, 0])]).toEqual([-1000, 0.25, Number.NaN]);
    volume.put(2, { values: new Int16Array(256).fill(-32_768), padding: undefined });
    expect(at(volume, [0, 0, 4])).toBe(-32_768);
  });
});

describe('a slab', () => {
  const grid = gridOf(slicesAt(every(40, 1)));
  /** One bright voxel in each slice, each in a column of its own. */
  const bright = filled(grid, ([x, y, z]) => (x === z % 16 && y === Math.floor(z / 16) ? 1000 : 0), Int16Array);
  const brightIn = (z: number, thicknessMm: number, axes = PATIENT_VIEWS.axial): number =>
    new PlaneSampler(bright)
      .sample(plane([0, 0, z], axes, { width: 16, height: 16, thicknessMm }))
      .filter((value) => value >= 500).length;

  test.each([10, 10.5, 20, 20.25, 29.9])('of 10 mm at %d mm holds ten slices of 1 mm', (z) => expect(brightIn(z, 10)).toBe(10));

  test('of 10 mm seen from the other side holds as many', () =>
    expect(
      new PlaneSampler(bright)
        .sample(plane([0, 15, 20], { right: [1, 0, 0], down: [0, -1, 0] }, { width: 16, height: 16, thicknessMm: 10 }))
        .filter((value) => value >= 500).length,
    ).toBe(10));

  test.each([1, 2, 5, 20])('of %d mm holds as many slices', (thickness) => expect(brightIn(20, thickness)).toBe(thickness));

  test('thinner than a slice is the plane', () => {
    expect(slabOffsets(grid, plane([0, 0, 20.5], PATIENT_VIEWS.axial, { thicknessMm: 0.5 }))).toEqual([0]);
    expect(slabOffsets(grid, plane([0, 0, 20], PATIENT_VIEWS.axial, { thicknessMm: 0 }))).toEqual([0]);
  });

  test('is the largest, the smallest and the mean of what is in it', () => {
    const ramp = filled(grid, ([, , z]) => z * z, Int16Array);
    const of = (projection: PlaneRequest['projection']): number => at(ramp, [4, 4, 20], { thicknessMm: 10, projection });
    const inside = every(10, 1, 15).map((z) => z * z);
    expect([of('max'), of('min'), of('mean')]).toEqual([24 * 24, 15 * 15, inside.reduce((sum, one) => sum + one) / 10]);
  });

  test('leaves out what has no value', () => {
    const volume = filled(grid, () => 7, Int16Array);
    expect(at(volume, [4, 4, 39], { thicknessMm: 10, projection: 'mean' })).toBe(7);
    expect(at(volume, [4, 4, 60], { thicknessMm: 10 })).toBeNaN();
  });

  test('of an oblique plane is as thick as it says', () => {
    // A sheet of 1 across z, seen by a plane that leans by 30°: the slab holds it where it is nearer than half its thickness.
    const { axial } = turnOthers(PATIENT_VIEWS, 'coronal', 30);
    const sheet = filled(grid, ([, , z]) => (z === 20 ? 1000 : 0), Int16Array);
    const half = 4;
    const centre = (away: number): Vector3 => plus([8, 8, 20], normalOf(axial), away);
    const seen = (away: number): number => at(sheet, centre(away), { thicknessMm: 2 * half }, axial);
    expect(seen(half - 0.5)).toBeGreaterThan(750);
    expect(seen(half + 1.5)).toBe(0);
    const offsets = slabOffsets(grid, plane([8, 8, 20], axial, { thicknessMm: 8 }));
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThan(8);
    expect(offsets.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 9);
  });

  test('along rows and columns of the volume holds their voxels', () => {
    expect(slabOffsets(grid, plane([5, 5, 5], PATIENT_VIEWS.coronal, { thicknessMm: 4 }))).toHaveLength(4);
    expect(slabOffsets(grid, plane([5, 5, 5], PATIENT_VIEWS.sagittal, { thicknessMm: 6 }))).toHaveLength(6);
  });
});

describe('a picture', () => {
  test('has each sample where it says', () => {
    const grid = gridOf(TILTED);
    const volume = filled(grid, linear);
    const oblique = turnOthers(turnOthers(PATIENT_VIEWS, 'axial', 23), 'sagittal', -11).coronal;
    const request = plane([6, 8, 40], oblique, { width: 5, height: 4 });
    const values = new PlaneSampler(volume).sample(request);
    values.forEach((value, index) => {
      const point = plus(plus(request.origin, request.right, index % 5), request.down, Math.floor(index / 5));
      if (!Number.isNaN(value)) expect(Math.abs(value - linear(point))).toBeLessThan(1e-3);
    });
    expect(values.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(15);
  });
});

test('a slice is found among many at uneven places', () => {
  const places = [0, 0.5, 0.75, 3, 3.1, 90, 91, 200];
  const finder = new SliceFinder(places);
  expect(places.map((place) => finder.placeOf(place))).toEqual(places.map((_, index) => index));
  expect(finder.placeOf(145.5)).toBe(6.5);
  expect(finder.placeOf(3.05)).toBeCloseTo(3.5, 9);
  expect([finder.placeOf(-0.3), finder.placeOf(255), finder.placeOf(-0.2), finder.placeOf(250)]).toEqual([
    Number.NaN,
    Number.NaN,
    0,
    7,
  ]);
});
