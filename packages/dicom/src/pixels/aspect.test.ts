import { describe, expect, it } from 'vitest';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { displayedSize, pixelAspectOf } from './aspect.ts';

const ds = (...Value: number[]): DicomJsonElement => ({ vr: 'DS', Value });
const measures = (...spacing: number[]): DicomJsonElement => ({
  vr: 'SQ',
  Value: [{ '00289110': { vr: 'SQ', Value: [{ '00280030': ds(...spacing) }] } }],
});

describe('the aspect of a pixel (PS3.3 C.7.6.3.1.7, 10.7.1)', () => {
  const CASES: readonly [string, DicomJsonObject, number][] = [
    ['nothing', {}, 1],
    ['Pixel Spacing', { '00280030': ds(1, 0.5) }, 2],
    ['the frame’s own before the dataset’s', { '52009230': measures(0.5, 1), '00280030': ds(1, 0.5) }, 0.5],
    ['Imager Pixel Spacing', { '00181164': ds(0.2, 0.1) }, 2],
    ['Nominal Scanned Pixel Spacing', { '00182010': ds(0.3, 0.1) }, 0.3 / 0.1],
    ['Pixel Aspect Ratio, last of all', { '00280034': ds(4, 3) }, 4 / 3],
    ['spacing of zero says nothing', { '00280030': ds(0, 0), '00280034': ds(2, 1) }, 2],
    ['spacing below zero says nothing', { '00280030': ds(-1, -0.5), '00280034': ds(3, 1) }, 3],
    ['what nothing real has says nothing', { '00280030': ds(100, 0.1) }, 1],
    ['within one percent', { '00280030': ds(1, 1.009) }, 1],
  ];
  it.each(CASES)('%s', (_name, json, expected) => expect(pixelAspectOf(json, 0)).toBeCloseTo(expected, 12));
});

describe('the displayed size', () => {
  it.each([
    [10, 20, 1, { rows: 10, columns: 20 }],
    [10, 20, 2, { rows: 20, columns: 20 }],
    [10, 20, 0.5, { rows: 10, columns: 40 }],
    [1, 1, 0.4, { rows: 1, columns: 3 }],
    [8192, 8192, 2, { rows: 8192, columns: 4096 }],
    [8192, 8192, 0.5, { rows: 4096, columns: 8192 }],
  ])('of %i rows and %i columns with aspect %f', (rows, columns, aspect, expected) =>
    expect(displayedSize(rows, columns, aspect)).toEqual(expected),
  );
});
