import { describe, expect, it } from 'vitest';
import type { Vector3 } from './geometry.ts';
import { type Placed, referenceLine } from './reference-lines.ts';

interface FrameOptions {
  readonly position: Vector3;
  readonly row: Vector3;
  readonly column: Vector3;
  readonly rows?: number;
  readonly columns?: number;
  readonly rowMm?: number;
  readonly columnMm?: number;
  readonly space?: string | undefined;
}
const frame = ({
  position,
  row,
  column,
  rows = 100,
  columns = 100,
  rowMm = 1,
  columnMm = 1,
  space = '1.1',
}: FrameOptions): Placed => ({
  position,
  orientation: { row, column },
  rows,
  columns,
  drawingSpacing: { rowMm, columnMm },
  frameOfReferenceUid: space,
});
/** Its corner at 0, 0, z. */
const axial = (z: number, more: Partial<FrameOptions> = {}) =>
  frame({ position: [0.5, 0.5, z], row: [1, 0, 0], column: [0, 1, 0], ...more });
/** Its corner at 0, y, 100; z falls with the rows, 2 mm each. */
const coronal = (y: number, more: Partial<FrameOptions> = {}) =>
  frame({ position: [0.5, y, 99], row: [1, 0, 0], column: [0, 0, -1], rows: 50, rowMm: 2, ...more });
const near = (value: number) => expect.closeTo(value, 6);

describe('reference lines', () => {
  it('an axial plane lies across a coronal image at its height, and a coronal one across an axial image', () => {
    const line = referenceLine(axial(60), coronal(30));
    expect([line?.from[1], line?.to[1]]).toEqual([near(20), near(20)]);
    expect([line?.from[0], line?.to[0]].sort()).toEqual([near(0), near(100)]);
    const back = referenceLine(coronal(30), axial(60));
    expect([back?.from[1], back?.to[1]]).toEqual([near(30), near(30)]);
  });

  it('is no longer than the frame that cuts', () => {
    const line = referenceLine(axial(60, { columns: 40, position: [20.5, 0.5, 60] }), coronal(30));
    expect([line?.from[0] ?? 0, line?.to[0] ?? 0].sort((a, b) => a - b)).toEqual([near(20), near(60)]);
  });

  it('follows pixels that are not square', () => {
    const line = referenceLine(axial(60), coronal(30, { columnMm: 0.5, columns: 200 }));
    expect(line?.from[1]).toEqual(near(20));
    expect(Math.abs((line?.to[0] ?? 0) - (line?.from[0] ?? 0))).toBeGreaterThan(199);
  });

  it('a slanting plane slants', () => {
    const s = Math.SQRT1_2;
    const slanting = frame({ position: [-100, -100, -50], row: [s, 0, s], column: [0, 1, 0], rows: 400, columns: 400 });
    const line = referenceLine(slanting, coronal(30));
    const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = [line?.from, line?.to];
    // 45 degrees in space; two millimetres in a row.
    expect((y2 - y1) / (x2 - x1)).toBeCloseTo(-0.5, 6);
  });

  it('there is none between parallel planes, past an edge, in another frame of reference, or without a place', () => {
    expect(referenceLine(axial(60), axial(70))).toBeUndefined();
    expect(referenceLine(axial(140), coronal(30))).toBeUndefined();
    expect(referenceLine(axial(60), coronal(150))).toBeUndefined();
    expect(referenceLine(axial(60, { space: '1.2' }), coronal(30))).toBeUndefined();
    expect(referenceLine({ ...axial(60), position: undefined }, coronal(30))).toBeUndefined();
  });
});

it('frames that name no frame of reference share none', () => {
  const { frameOfReferenceUid, ...unnamed } = axial(60);
  expect(frameOfReferenceUid).toBe('1.1');
  expect(
    referenceLine({ ...unnamed, frameOfReferenceUid: undefined }, { ...coronal(30), frameOfReferenceUid: undefined }),
  ).toBeUndefined();
});
