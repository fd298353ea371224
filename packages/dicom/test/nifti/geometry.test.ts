import { describe, expect, test } from 'vitest';
import { createPrng } from '../../../testkit/src/index.ts';
import { type NiftiPlan, niftiHeader, niftiVoxels, planNifti } from '../../src/index.ts';
import { sliceAt } from '../../src/nifti/slices-fixture.ts';
import { readNifti } from './read.ts';

type Vector = readonly [number, number, number];
interface Stack {
  readonly row: Vector;
  readonly column: Vector;
  /** Middle of the first pixel of the first slice, and from one slice to the next, mm. */
  readonly first: Vector;
  readonly step: Vector;
}

const [COLUMNS, ROWS, SLICES] = [4, 3, 5] as const;
const [DX, DY] = [0.75, 1.5] as const;
const prng = createPrng('nifti geometry');
/** The order of the files says nothing. */
const FILES = [3, 0, 4, 1, 2] as const;

const unit = ([x, y, z]: Vector): Vector => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
};
const crossed = ([a, b, c]: Vector, [x, y, z]: Vector): Vector => [b * z - c * y, c * x - a * z, a * y - b * x];
const along = (one: Vector, by: number): Vector => [one[0] * by, one[1] * by, one[2] * by];

/** Right-angled axes of any direction. */
function oblique(): Stack {
  const [a, b] = [unit([prng.normal(), prng.normal(), prng.normal()]), [prng.normal(), prng.normal(), prng.normal()] as Vector];
  const normal = unit(crossed(a, b));
  return { row: a, column: crossed(normal, a), first: [12, -7, 31], step: along(normal, prng.pick([-2.2, 2.2])) };
}
const stack = (row: Vector, column: Vector, sense: 1 | -1): Stack => ({
  row,
  column,
  first: [-11.5, 23.25, 40],
  step: along(crossed(row, column), 2.5 * sense),
});
const AXES: Readonly<Record<string, readonly [Vector, Vector]>> = {
  'axial, supine': [
    [1, 0, 0],
    [0, 1, 0],
  ],
  'axial, prone': [
    [-1, 0, 0],
    [0, -1, 0],
  ],
  'axial, seen from above': [
    [-1, 0, 0],
    [0, 1, 0],
  ],
  sagittal: [
    [0, 1, 0],
    [0, 0, -1],
  ],
  'sagittal, from the right': [
    [0, -1, 0],
    [0, 0, -1],
  ],
  'sagittal, head down': [
    [0, 1, 0],
    [0, 0, 1],
  ],
  coronal: [
    [1, 0, 0],
    [0, 0, -1],
  ],
  'coronal, from behind': [
    [-1, 0, 0],
    [0, 0, -1],
  ],
  'turned in its plane': [
    [0, 1, 0],
    [-1, 0, 0],
  ],
};

const storedAt = (i: number, j: number, k: number): number => 1000 * k + 100 * j + i;

function fileOf({ row, column, first, step }: Stack): { plan: NiftiPlan; bytes: Buffer } {
  const frames = FILES.map((k) => {
    const [x, y, z] = [0, 1, 2].map((axis) => (first[axis] ?? 0) + k * (step[axis] ?? 0));
    const json = sliceAt([x ?? 0, y ?? 0, z ?? 0], {
      '00280010': { vr: 'US', Value: [ROWS] },
      '00280011': { vr: 'US', Value: [COLUMNS] },
      '00280030': { vr: 'DS', Value: [DY, DX] },
      '00200037': { vr: 'DS', Value: [...row, ...column] },
      '00280101': { vr: 'US', Value: [16] },
      '00280102': { vr: 'US', Value: [15] },
    });
    const cells = Uint16Array.from({ length: ROWS * COLUMNS }, (_, at) => storedAt(at % COLUMNS, Math.floor(at / COLUMNS), k));
    const format = { rows: ROWS, columns: COLUMNS, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 16, highBit: 15 } as const;
    const gray = {
      pixelRepresentation: 0,
      photometricInterpretation: 'MONOCHROME2',
      planarConfiguration: 0,
      isFloat: false,
    } as const;
    return { json, frame: 0, decoded: { ...format, ...gray, pixels: new Uint8Array(cells.buffer) } };
  });
  const plan = planNifti(frames);
  const voxels = plan.order.map((index) => {
    const frame = frames[index];
    return frame === undefined ? Buffer.alloc(0) : niftiVoxels(frame.decoded, plan, index);
  });
  return { plan, bytes: Buffer.concat([niftiHeader(plan), ...voxels]) };
}

/** Where a pixel of the images lies by Equation C.7.6.2.1-1 of PS3.3, to the right, to the front and upwards. */
function pixelAt({ row, column, first, step }: Stack, i: number, j: number, k: number): Vector {
  const [x = 0, y = 0, z = 0] = [0, 1, 2].map(
    (axis) => (first[axis] ?? 0) + k * (step[axis] ?? 0) + (row[axis] ?? 0) * DX * i + (column[axis] ?? 0) * DY * j,
  );
  return [-x, -y, z];
}

type Matrix = readonly (readonly number[])[];
const placed = (matrix: Matrix, i: number, j: number, k: number): number[] =>
  matrix.map(([a = 0, b = 0, c = 0, d = 0]) => a * i + b * j + c * k + d);

function expectTrue(one: Stack): void {
  const nifti = readNifti(fileOf(one).bytes);
  expect(nifti.dims).toEqual([COLUMNS, ROWS, SLICES, 1]);
  expect(nifti.pixdim.slice(1, 4).map((mm) => Number(mm.toFixed(4)))).toEqual([
    DX,
    DY,
    Number(Math.hypot(...one.step).toFixed(4)),
  ]);
  let most = 0;
  for (let k = 0; k < SLICES; k += 1)
    for (let j = 0; j < ROWS; j += 1)
      for (let i = 0; i < COLUMNS; i += 1) {
        const value = nifti.valueAt(i, j, k);
        const [x, y, z] = pixelAt(one, value % 100, Math.floor(value / 100) % 10, Math.floor(value / 1000));
        for (const matrix of [nifti.sform, nifti.qform]) {
          const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = placed(matrix, i, j, k);
          most = Math.max(most, Math.abs(a - x), Math.abs(b - y), Math.abs(c - z));
        }
      }
  expect(most).toBeLessThan(1e-3);
}

describe('every voxel lies where its pixel lies in the patient, by sform and by qform (PS3.3 C.7.6.2.1.1, nifti1.h)', () => {
  test.each(Object.entries(AXES))('%s', (_name, [row, column]) => {
    expectTrue(stack(row, column, 1));
    expectTrue(stack(row, column, -1));
  });

  test('twenty oblique stacks of any direction', () => {
    for (let at = 0; at < 20; at += 1) expectTrue(oblique());
  });

  test('a stack turned by almost half a turn, where one part of the quaternion is next to nothing', () => {
    for (const degrees of [0.001, 0.1, 1, 179, 179.9, 179.999]) {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      expectTrue(stack([c, s, 0], [-s, c, 0], 1));
      expectTrue(stack([c, 0, s], [0, 1, 0], 1));
      expectTrue(stack([1, 0, 0], [0, c, s], -1));
    }
  });
});

test('the axes of a file are left-handed, as viewers expect of images that were scanned', () => {
  for (const [row, column] of Object.values(AXES)) {
    const { sform } = readNifti(fileOf(stack(row, column, -1)).bytes);
    const axis = (at: number): Vector => [sform[0]?.[at] ?? 0, sform[1]?.[at] ?? 0, sform[2]?.[at] ?? 0];
    const [x, y, z] = [axis(0), axis(1), axis(2)];
    const normal = crossed(x, y);
    expect(normal[0] * z[0] + normal[1] * z[1] + normal[2] * z[2]).toBeLessThan(0);
  }
});
