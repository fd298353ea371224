import { describe, expect, test } from 'vitest';
import { el } from '../elements-fixture.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { niftiBytes, niftiHeader } from './header.ts';
import { niftiSidecar } from './sidecar.ts';
import { pile, planOf, refusalOf, sliceAt } from './slices-fixture.ts';
import { niftiVoxels } from './voxels.ts';

const us = (value: number): DicomJsonElement => el('US', value);
const ds = (...values: number[]): DicomJsonElement => el('DS', ...values);

describe('a plan', () => {
  test('sorts slices along their normal, and leads voxels to RAS', () => {
    const plan = planOf(pile([4, 0, 2]));
    expect(plan).toMatchObject({
      columns: 3,
      rows: 2,
      slices: 3,
      volumes: 1,
      type: 'UINT16',
      order: [1, 2, 0],
      spacing: [0.25, 0.5, 2],
    });
    expect(plan.affine.column).toEqual([-0.25, -0, 0]);
    expect(plan.affine.row).toEqual([0, 0.5, -0]);
    expect(plan.affine.slice).toEqual([-0, -0, 2]);
    expect(plan.affine.origin).toEqual([-10, -20.5, 0]);
    expect(niftiBytes(plan)).toBe(352 + 3 * 2 * 3 * 2);
    expect(niftiHeader(plan).length).toBe(352);
  });

  test('of positions that were rounded is even, a single slice is as thick as it says', () => {
    expect(planOf(pile([0, 3.3, 6.7, 10])).spacing[2]).toBeCloseTo(10 / 3);
    expect(planOf([sliceAt([0, 0, 0], { '00180050': ds(5) })]).spacing[2]).toBe(5);
    expect(refusalOf([sliceAt([0, 0, 0])])).toEqual(['NO_THICKNESS', undefined]);
  });

  test('of time points has them one after the other', () => {
    const at = (index: number) => ({ '00200100': { vr: 'IS', Value: [index < 2 ? 2 : 1] } }) as const;
    expect(planOf(pile([0, 1, 0, 1], at))).toMatchObject({ slices: 2, volumes: 2, order: [2, 3, 0, 1] });
  });
});

const tilted = [0, 1, 2, 3].map((z) => sliceAt([0, z * Math.tan(0.2), z]));
const zigzag = [0, 1, 2, 3].map((z) => sliceAt([z % 2, 0, z]));
const turned = (degrees: number): DicomJsonObject => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { '00200037': ds(c, s, 0, -s, c, 0) };
};

test.each<[string, number | undefined, readonly DicomJsonObject[]]>([
  ['COLOUR', undefined, pile([0, 1], () => ({ '00280002': us(3), '00280004': { vr: 'CS', Value: ['RGB'] } }))],
  ['COLOUR', undefined, pile([0, 1], () => ({ '00280004': { vr: 'CS', Value: ['PALETTE COLOR'] } }))],
  ['PIXELS_NOT_SUPPORTED', 32, pile([0, 1], () => ({ '00280100': us(32), '00280101': us(32), '00280102': us(31) }))],
  ['MODALITY_TABLE', undefined, pile([0, 1], () => ({ '00283000': { vr: 'SQ', Value: [{}] } }))],
  ['NO_GEOMETRY', undefined, []],
  ['NO_GEOMETRY', undefined, pile([0, 1], () => ({ '00200032': { vr: 'DS' } }))],
  ['NO_GEOMETRY', undefined, pile([0, 1], () => ({ '00280030': ds(0, 1) }))],
  ['BAD_ORIENTATION', undefined, pile([0, 1], () => ({ '00200037': ds(1, 0, 0, 1, 0, 0) }))],
  ['MIXED_ORIENTATIONS', 2, pile([0, 1, 2], (index) => turned(index))],
  ['MIXED_SIZES', undefined, pile([0, 1], (index) => ({ '00280010': us(2 + index) }))],
  ['MIXED_SPACINGS', undefined, pile([0, 1], (index) => ({ '00280030': ds(0.5, 0.25 + index) }))],
  ['MIXED_PIXELS', undefined, pile([0, 1], (index) => ({ '00280103': us(index) }))],
  ['MISSING_SLICES', 3, pile([0, 1, 2, 4, 5, 8])],
  ['UNEVEN_SPACING', 0.5, pile([0, 1, 2.5, 3, 4])],
  ['TILTED', 11.46, tilted],
  ['NOT_ALIGNED', 1, zigzag],
  ['SEVERAL_AT_ONE_PLACE', 2, pile([0, 0, 1, 1])],
  ['SEVERAL_AT_ONE_PLACE', 2, pile([0, 1, 1], (index) => ({ '00200100': { vr: 'IS', Value: [index] } }))],
])('no file is made: %s %s', (code, value, slices) => {
  expect(refusalOf(slices)).toEqual([code, value]);
});

test('voxels are stored values without what lies beside their bits, rows from the bottom up; slopes that differ are applied', () => {
  const signed = { '00280103': us(1) };
  const cells = Uint16Array.from([0xf001, 0x0fff, 0x0800, 1, 2, 3]);
  const frame = {
    ...{
      rows: 2,
      columns: 3,
      samplesPerPixel: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      pixelRepresentation: 1 as const,
    },
    ...{ photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0 as const, isFloat: false },
    pixels: new Uint8Array(cells.buffer),
  };
  const plan = planOf(pile([0, 1], () => signed));
  expect([...new Int16Array(niftiVoxels(frame, plan, 0).buffer)]).toEqual([1, 2, 3, 1, -1, -2048]);
  const scaled = planOf(pile([0, 1], (index) => ({ ...signed, '00281053': ds(1 + index), '00281052': ds(0.5) })));
  expect(scaled).toMatchObject({ type: 'FLOAT32', scale: { slope: 1, intercept: 0 } });
  expect([...new Float32Array(niftiVoxels(frame, scaled, 1).buffer)]).toEqual([2.5, 4.5, 6.5, 2.5, -1.5, -4095.5]);
  expect(() => niftiVoxels({ ...frame, rows: 1, pixels: frame.pixels.subarray(0, 6) }, plan, 0)).toThrow('PIXELS_DAMAGED');
});

test('what is said beside a file is numbers and codes, with times in seconds; no text, date or number of the patient', () => {
  const json = sliceAt([0, 0, 0], {
    '00080060': { vr: 'CS', Value: ['MR'] },
    '00080008': { vr: 'CS', Value: ['ORIGINAL', 'Dupont^Marie'] },
    '00081030': { vr: 'LO', Value: ['DUPONT'] },
    '00080020': { vr: 'DA', Value: ['20260101'] },
    '00100020': { vr: 'LO', Value: ['123456'] },
    '00180015': { vr: 'CS', Value: ['Marie Dupont'] },
    '00180080': ds(500),
    '00180081': ds(12.5),
    '00180050': ds(5),
  });
  const told = niftiSidecar(json, planOf([json]));
  expect(told).toEqual({
    ...{
      Modality: 'MR',
      ImageType: ['ORIGINAL'],
      PhotometricInterpretation: 'MONOCHROME2',
      RepetitionTime: 0.5,
      EchoTime: 0.0125,
    },
    ...{ SliceThickness: 5, DataType: 'UINT16', RescaleSlope: 1, RescaleIntercept: 0, Volumes: 1 },
  });
});
