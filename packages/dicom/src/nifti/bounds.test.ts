import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { niftiBytes, niftiHeader } from './header.ts';
import { forNiftiPlan } from './kept-tags.ts';
import { planNifti } from './plan.ts';
import { niftiSidecar } from './sidecar.ts';
import { pile, planOf, refusalOf, sliceAt } from './slices-fixture.ts';

const degrees = (by: number): number => (by * Math.PI) / 180;
const turned = (by: number): DicomJsonObject => {
  const [c, s] = [Math.cos(degrees(by)), Math.sin(degrees(by))];
  return { '00200037': el('DS', c, s, 0, -s, c, 0) };
};
const codeOf = (slices: readonly DicomJsonObject[]): string | undefined => {
  try {
    planOf(slices);
    return undefined;
  } catch {
    return refusalOf(slices)[0];
  }
};

describe('how far slices may differ and be one block', () => {
  test.each<[string, readonly DicomJsonObject[], string | undefined]>([
    ['0.04° of orientation', pile([0, 1], (at) => turned(at * 0.04)), undefined],
    ['0.06° of orientation', pile([0, 1], (at) => turned(at * 0.06)), 'MIXED_ORIENTATIONS'],
    ['1/20,000 of spacing', pile([0, 1], (at) => ({ '00280030': el('DS', 0.5, 0.25 * (1 + at / 20_000)) })), undefined],
    ['1/5,000 of spacing', pile([0, 1], (at) => ({ '00280030': el('DS', 0.5, 0.25 * (1 + at / 5000)) })), 'MIXED_SPACINGS'],
    ['1.9 % of the distance', pile([0, 1.019, 2, 3]), undefined],
    ['2.5 % of the distance', pile([0, 1.025, 2, 3]), 'UNEVEN_SPACING'],
    ['0.009 mm of thin slices', pile([0, 0.109, 0.2, 0.3]), undefined],
    ['0.004 mm between two images', pile([0, 0.004, 1, 1.004]), 'SEVERAL_AT_ONE_PLACE'],
    ['a cosine of two digits', pile([0, 1], () => ({ '00200037': el('DS', 0.995, 0, 0, 0, 1, 0) })), undefined],
    ['a cosine that is none', pile([0, 1], () => ({ '00200037': el('DS', 0.98, 0, 0, 0, 1, 0) })), 'BAD_ORIENTATION'],
    [
      'axes at 89.5°',
      pile([0, 1], () => ({ '00200037': el('DS', 1, 0, 0, Math.sin(degrees(0.5)), Math.cos(degrees(0.5)), 0) })),
      undefined,
    ],
    [
      'axes at 89°',
      pile([0, 1], () => ({ '00200037': el('DS', 1, 0, 0, Math.sin(degrees(1)), Math.cos(degrees(1)), 0) })),
      'BAD_ORIENTATION',
    ],
  ])('%s', (_what, slices, code) => expect(codeOf(slices)).toBe(code));

  test('a gantry that is tilted is told in degrees, one that only was rounded is none', () => {
    const leaning = (by: number) => [0, 2, 4, 6].map((z) => sliceAt([0, z * Math.tan(degrees(by)), z]));
    for (const by of [3, 15, -22.5]) expect(refusalOf(leaning(by))).toEqual(['TILTED', Math.abs(by)]);
    expect(codeOf(leaning(0.1))).toBeUndefined();
  });

  test('a turned normal counts along itself: sagittal slices with gaps lack some', () => {
    const sagittal = { '00200037': el('DS', 0, 1, 0, 0, 0, -1) };
    expect(refusalOf([0, 3, 6, 15].map((x) => sliceAt([x, 0, 0], sagittal)))).toEqual(['MISSING_SLICES', 2]);
  });

  test('columns, rows or slices beyond signed 16 bits are none', () => {
    const wide = (columns: number) => [sliceAt([0, 0, 0], { '00280011': el('US', columns), '00180050': el('DS', 1) })];
    expect([codeOf(wide(32_767)), refusalOf(wide(32_768))]).toEqual([undefined, ['TOO_LARGE', 32_768]]);
  });
});

describe('time points (PS3.3 C.7.6.16.2.2, C.7.6.1)', () => {
  const timed = (temporal: readonly (number | undefined)[], acquisition: readonly number[] = []) =>
    pile([0, 1, 0, 1], (at) => ({
      ...(temporal[at] === undefined ? {} : { '00200100': el('IS', temporal[at] ?? 0) }),
      ...(acquisition[at] === undefined ? {} : { '00200012': el('IS', acquisition[at] ?? 0) }),
    }));

  test('are by temporal position; where that is missing or says nothing, by acquisition', () => {
    expect(planOf(timed([5, 5, 3, 3], [1, 1, 2, 2])).order).toEqual([2, 3, 0, 1]);
    expect(planOf(timed([1, 1, 1, 1], [1, 1, 2, 2])).order).toEqual([0, 1, 2, 3]);
    expect(planOf(timed([1, undefined, 2, 2], [8, 8, 7, 7])).order).toEqual([2, 3, 0, 1]);
  });

  test('are none where places have other times, or one has fewer', () => {
    expect(codeOf(timed([1, 1, 2, 3]))).toBe('SEVERAL_AT_ONE_PLACE');
    expect(codeOf(timed([1, 1, 2, 2]).slice(0, 3))).toBe('SEVERAL_AT_ONE_PLACE');
  });

  test('of an enhanced image are those of its frames', () => {
    const frame = (time: number, z: number): DicomJsonObject => ({
      '00209111': sq({ '00209128': el('UL', time) }),
      '00209113': sq({ '00200032': el('DS', 0, 0, z) }),
    });
    const json = { ...sliceAt([9, 9, 9]), '52009230': sq(frame(2, 0), frame(1, 0), frame(2, 4), frame(1, 4)) };
    expect(planNifti([0, 1, 2, 3].map((frame) => ({ json, frame })))).toMatchObject({
      slices: 2,
      volumes: 2,
      order: [1, 3, 0, 2],
      spacing: [0.25, 0.5, 4],
    });
  });
});

describe('numbers of a voxel (nifti1.h, datatype and bitpix)', () => {
  const bits = (allocated: number, representation: number): DicomJsonObject => ({
    '00280100': el('US', allocated),
    '00280101': el('US', allocated),
    '00280102': el('US', allocated - 1),
    '00280103': el('US', representation),
  });
  test.each([
    [8, 0, 'UINT8', 2],
    [8, 1, 'INT8', 256],
    [16, 0, 'UINT16', 512],
    [16, 1, 'INT16', 4],
  ] as const)('%i bits, representation %i: %s', (allocated, representation, type, code) => {
    const plan = planOf(
      pile([0, 1], () => ({ ...bits(allocated, representation), '00281053': el('DS', 0.5), '00281052': el('DS', -3) })),
    );
    const view = new DataView(niftiHeader(plan).buffer);
    expect([plan.type, view.getInt16(70, true), view.getInt16(72, true)]).toEqual([type, code, allocated]);
    expect([view.getFloat32(112, true), view.getFloat32(116, true), niftiBytes(plan)]).toEqual([
      0.5,
      -3,
      352 + (12 * allocated) / 8,
    ]);
  });

  test('a slope of 0 counts as absent, and one that differs by slice makes floats (C.11.1)', () => {
    expect(planOf(pile([0, 1], () => ({ '00281053': el('DS', 0) }))).scale).toEqual({ slope: 1, intercept: 0 });
    const plan = planOf(pile([0, 1], (at) => ({ '00281053': el('DS', 1 + at) })));
    expect([
      plan.type,
      plan.applied?.map(({ slope }) => slope),
      new DataView(niftiHeader(plan).buffer).getInt16(70, true),
    ]).toEqual(['FLOAT32', [1, 2], 16]);
  });

  test('bits that reach beyond their high bit are refused', () => {
    expect(refusalOf(pile([0, 1], () => ({ '00280102': el('US', 10) })))).toEqual(['PIXELS_NOT_SUPPORTED', 16]);
    expect(codeOf(pile([0, 1], () => ({ '00280102': el('US', 15) })))).toBeUndefined();
  });
});

test('what is kept of a header makes the same plan', () => {
  const slices = pile([0, 2, 4], (at) => ({
    '00281053': el('DS', 1 + at),
    '00180050': el('DS', 2),
    '00100010': el('PN', { Alphabetic: 'A' }),
  }));
  expect(planOf(slices.map(forNiftiPlan))).toEqual(planOf(slices));
  expect(forNiftiPlan(slices[0] ?? {})).not.toHaveProperty('00100010');
});

describe('what is told beside a file of an enhanced MR (PS3.3 C.8.13.5)', () => {
  const shared: DicomJsonObject = {
    '00189112': sq({ '00180080': el('DS', 2000), '00181314': el('DS', 90), '00180091': el('IS', 7) }),
    '00189114': sq({ '00189082': el('FD', 30.5) }),
    '00189115': sq({ '00189079': el('FD', 900, 1200) }),
    '00189006': sq({ '00180095': el('DS', 1200), '00189098': el('FD', 123.2) }),
    '00289110': sq({ '00180050': el('DS', 3), '00180088': el('DS', 3.3) }),
  };
  const toldOf = (json: DicomJsonObject) => niftiSidecar(json, planOf(pile([0, 1])));

  test('has the exposure of a CT in seconds: Exposure Time (0018,1150) is in milliseconds', () => {
    expect(toldOf({ '00181150': el('IS', 750), '00181151': el('IS', 320) })).toMatchObject({
      ExposureTime: 0.75,
      XRayTubeCurrent: 320,
    });
  });

  test('is in its functional groups, times in seconds: effective echo time, first inversion time', () => {
    expect(toldOf({ '52009229': sq(shared) })).toMatchObject({
      RepetitionTime: 2,
      FlipAngle: 90,
      EchoTrainLength: 7,
      EchoTime: 0.0305,
      InversionTime: 0.9,
      PixelBandwidth: 1200,
      ImagingFrequency: 123.2,
      SliceThickness: 3,
      SpacingBetweenSlices: 3.3,
    });
  });

  test('is that of the first frame before that of all, and that of a classic image where there are no groups', () => {
    const own = { '00189114': sq({ '00189082': el('FD', 12) }) };
    expect(toldOf({ '52009229': sq(shared), '52009230': sq(own) })).toMatchObject({ EchoTime: 0.012, RepetitionTime: 2 });
    expect(toldOf({ '00180081': el('DS', 4), '00180082': el('DS', 150) })).toMatchObject({
      EchoTime: 0.004,
      InversionTime: 0.15,
    });
  });
});
