import { describe, expect, test } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import type { FrameModel } from './study-model.ts';
import { every, type SliceOptions, sliceOf, slicesAt } from './volume-fixture.ts';
import { judgeVolume, type Refusal, type VolumeVerdict } from './volume-geometry.ts';

const refusalOf = (verdict: VolumeVerdict): Refusal | undefined => (verdict.kind === 'refused' ? verdict.refusal : undefined);
const volumeOf = (frames: readonly FrameModel[]): Extract<VolumeVerdict, { kind: 'volume' }> => {
  const verdict = judgeVolume(frames);
  if (verdict.kind !== 'volume') throw new Error(JSON.stringify(verdict));
  return verdict;
};
const marksOf = (verdict: VolumeVerdict): unknown =>
  verdict.kind === 'phases'
    ? verdict.phases.map(({ marks, frames }) => [...marks.map((one) => `${one.key} ${one.value}`), frames.length])
    : verdict;
const number = (vr: string, value: number) => ({ vr, Value: [value] });
const text = (vr: string, value: string) => ({ vr, Value: [value] });

describe('a stack of even slices', () => {
  test('is a volume, its slices in the order of their places, whatever that of their numbers', () => {
    const frames = slicesAt(every(20, -2.5));
    const { grid, frames: sorted, remarks } = volumeOf(frames);
    expect(remarks).toEqual([]);
    expect(grid.distances).toEqual(every(20, 2.5));
    expect(grid.origin).toEqual([0, 0, -47.5]);
    expect(sorted.map(({ instanceNumber }) => instanceNumber)).toEqual(every(20, 1, 1).reverse());
  });

  test('is one with positions and directions as files round them', () => {
    const orientation = [0.9998, 0.0199987, 0, -0.0199987, 0.9998, 0];
    const frames = every(30, 1.25).map((z, index) =>
      sliceOf({ position: [0, 0, Number(z.toFixed(1))], number: index + 1, orientation }),
    );
    const { grid, remarks } = volumeOf(frames);
    expect(remarks.map(({ kind }) => kind)).toEqual([]);
    expect(Math.hypot(...grid.row)).toBeCloseTo(1, 12);
    expect(grid.row[0] * grid.column[0] + grid.row[1] * grid.column[1]).toBeCloseTo(0, 12);
  });

  test('may be reconstructed with an overlap, or have a usual gap as in MR', () => {
    expect(judgeVolume(slicesAt(every(20, 1), { thicknessMm: 2 })).kind).toBe('volume');
    expect(judgeVolume(slicesAt(every(20, 6), { thicknessMm: 5 })).kind).toBe('volume');
  });
});

describe('slices that are missing', () => {
  const without = (frames: readonly FrameModel[], from: number, to: number): FrameModel[] =>
    frames.filter((_, index) => index < from || index >= to);

  test('10 of 130 in one place are counted, and where', () => {
    const verdict = judgeVolume(without(slicesAt(every(130, -1.25)), 60, 70));
    expect(refusalOf(verdict)).toEqual({ kind: 'missing', count: 10, places: 1, from: -87.5, to: -73.75 });
  });

  test('10 of 130 one by one are counted too', () => {
    const gone = new Set([7, 19, 20, 44, 61, 77, 78, 90, 103, 121]);
    const verdict = judgeVolume(slicesAt(every(130, 1.25)).filter((_, index) => !gone.has(index)));
    expect(refusalOf(verdict)).toEqual({ kind: 'missing', count: 10, places: 8, from: 22.5, to: 26.25 });
  });

  test('every second of a part is told from a wider spacing by what is thinner than it', () => {
    const frames = slicesAt(every(60, 2.5), { thicknessMm: 2.5 }).filter((_, index) => index < 30 || index % 2 === 0);
    expect(refusalOf(judgeVolume(frames))).toMatchObject({ kind: 'missing', count: 14 });
  });

  test('and by their numbers, where nothing says how thick they are', () => {
    const frames = slicesAt(every(60, 2.5)).filter((_, index) => index < 30 || index % 2 === 0);
    expect(refusalOf(judgeVolume(frames))).toMatchObject({ kind: 'missing', count: 14 });
  });

  test('a series of slices far thinner than their distance shows too little', () => {
    expect(refusalOf(judgeVolume(slicesAt(every(20, 10), { thicknessMm: 1 })))).toEqual({
      kind: 'unseen',
      spacingMm: 10,
      thicknessMm: 1,
    });
  });

  test('without any even part nothing can be said', () => {
    const verdict = judgeVolume(slicesAt([0, 1, 4, 5, 9, 10, 17, 18]));
    expect(refusalOf(verdict)).toEqual({ kind: 'irregular', leastMm: 1, mostMm: 7 });
  });
});

describe('a spacing that changes', () => {
  const places = [...every(40, 2.5), ...every(20, 5, 102.5)];

  test('2.5 then 5 mm keeps every slice at its place, and says so', () => {
    const frames = places.map((z, index) =>
      sliceOf({ position: [0, 0, z], number: index + 1, thicknessMm: index < 40 ? 2.5 : 5 }),
    );
    const { grid, remarks } = volumeOf(frames);
    expect(remarks).toEqual([{ kind: 'uneven', leastMm: 2.5, mostMm: 5 }]);
    expect(grid.distances).toEqual(places.map((place) => expect.closeTo(place, 9)));
  });

  test('with something missing in it is refused', () => {
    const frames = slicesAt(places).filter((_, index) => index !== 20 && index !== 50);
    expect(refusalOf(judgeVolume(frames))).toMatchObject({ kind: 'missing', count: 2, places: 2 });
  });
});

describe('a tilted gantry', () => {
  const tilted = (degrees: number, count = 24, mm = 5): FrameModel[] => {
    const angle = (degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    // The table moves along z, the planes lean.
    return every(count, mm).map((z, index) =>
      sliceOf({ position: [0, 0, z], number: index + 1, orientation: [1, 0, 0, 0, cos, sin] }),
    );
  };

  test('of 20° keeps every slice where it was taken, and is told', () => {
    const { grid, remarks } = volumeOf(tilted(20));
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toMatchObject({ kind: 'tilt' });
    expect(remarks[0]?.kind === 'tilt' && remarks[0].degrees).toBeCloseTo(20, 6);
    grid.distances.forEach((distance, index) => {
      const [alongRow = Number.NaN, alongColumn = Number.NaN] = grid.shifts[index] ?? [];
      const z = grid.origin[2] + distance * grid.normal[2] + alongRow * grid.row[2] + alongColumn * grid.column[2];
      const y = grid.origin[1] + distance * grid.normal[1] + alongRow * grid.row[1] + alongColumn * grid.column[1];
      expect([y, z]).toEqual([expect.closeTo(0, 6), expect.closeTo(5 * index, 6)]);
    });
  });

  test('of more than any gantry is no stack', () => expect(refusalOf(judgeVolume(tilted(60)))).toMatchObject({ kind: 'tilt' }));

  test('slices that are off the line are no stack', () => {
    const frames = every(20, 2).map((z, index) => sliceOf({ position: [index === 9 ? 4 : 0, 0, z], number: index + 1 }));
    expect(refusalOf(judgeVolume(frames))).toMatchObject({ kind: 'shifted' });
  });
});

describe('phases that lie in one another', () => {
  const twice = (more: (phase: number, slice: number) => DicomJson, count = 12): FrameModel[] =>
    every(count, 3).flatMap((z, slice) =>
      [0, 1].map((phase) => sliceOf({ position: [0, 0, z], number: 1 + slice * 2 + phase, more: more(phase, slice) })),
    );

  test.each<[string, (phase: number, slice: number) => DicomJson, unknown]>([
    ['temporal positions', (phase) => ({ '00200100': number('IS', phase + 1) }), ['temporalPosition 1', 'temporalPosition 2']],
    ['acquisitions', (phase) => ({ '00200012': number('IS', phase + 3) }), ['acquisition 3', 'acquisition 4']],
    ['trigger times', (phase) => ({ '00181060': number('DS', phase * 400) }), ['trigger 0', 'trigger 400']],
    ['echoes', (phase) => ({ '00180081': number('DS', [9, 110][phase] ?? 0) }), ['echo 9', 'echo 110']],
    ['b-values', (phase) => ({ '00189087': number('FD', phase * 1000) }), ['bValue 0', 'bValue 1000']],
    ['kinds', (phase) => ({ '00080008': text('CS', phase === 0 ? 'WATER' : 'FAT') }), ['imageType FAT', 'imageType WATER']],
    [
      'times',
      (phase) => ({ '00080032': text('TM', phase === 0 ? '101500' : '101610') }),
      ['acquisitionTime  101500', 'acquisitionTime  101610'],
    ],
    [
      'passes, each slice at a time of its own',
      (phase, slice) => ({ '00080032': text('TM', String(101_000 + phase * 100 + slice)) }),
      ['pass 1', 'pass 2'],
    ],
  ])('are told apart by their %s', (_, more, marks) =>
    expect(marksOf(judgeVolume(twice(more)))).toEqual((marks as string[]).map((mark) => [mark, 12])),
  );

  test('by two together where one is not enough', () => {
    const frames = every(8, 3).flatMap((z, slice) =>
      [0, 1, 2, 3].map((one) =>
        sliceOf({
          position: [0, 0, z],
          number: slice * 4 + one + 1,
          more: { '00200100': number('IS', 1 + (one >> 1)), '00180081': number('DS', 10 + (one & 1)) },
        }),
      ),
    );
    expect(marksOf(judgeVolume(frames))).toEqual([
      ['temporalPosition 1', 'echo 10', 8],
      ['temporalPosition 1', 'echo 11', 8],
      ['temporalPosition 2', 'echo 10', 8],
      ['temporalPosition 2', 'echo 11', 8],
    ]);
  });

  test('each is a volume of its own', () => {
    const verdict = judgeVolume(twice((phase) => ({ '00200100': number('IS', phase + 1) })));
    if (verdict.kind !== 'phases') throw new Error(verdict.kind);
    expect(verdict.phases.map(({ frames }) => judgeVolume(frames).kind)).toEqual(['volume', 'volume']);
  });

  test('also where the table came back to nearly the same places', () => {
    const frames = every(12, 3).flatMap((z, slice) =>
      [0, 1].map((phase) =>
        sliceOf({ position: [0, 0, z + phase * 0.1], number: slice + 1, more: { '00200012': number('IS', phase) } }),
      ),
    );
    expect(marksOf(judgeVolume(frames))).toEqual([
      ['acquisition 0', 12],
      ['acquisition 1', 12],
    ]);
  });

  test('and where they lie between each other’s slices', () => {
    const frames = every(24, 1.5).map((z, index) =>
      sliceOf({ position: [0, 0, z], number: index + 1, more: { '00200100': number('IS', 1 + (index % 2)) } }),
    );
    expect(marksOf(judgeVolume(frames))).toEqual([
      ['temporalPosition 1', 12],
      ['temporalPosition 2', 12],
    ]);
  });

  test('are refused with their number where nothing tells them apart', () =>
    expect(refusalOf(judgeVolume(twice(() => ({}))))).toEqual({ kind: 'samePosition', places: 12, times: 2 }));
});

describe('what is no stack at all', () => {
  const even = every(10, 2);
  const mixed = (other: Partial<SliceOptions>): FrameModel[] => [
    ...slicesAt(even),
    sliceOf({ position: [0, 0, 30], number: 11, ...other }),
  ];

  test.each<[string, FrameModel[], Refusal]>([
    ['too few', slicesAt([0, 2, 4, 6]), { kind: 'tooFew', count: 4, needed: 5 }],
    ['another size', mixed({ side: 32 }), { kind: 'sizes', first: '16 × 16', other: '32 × 32' }],
    ['another spacing', mixed({ spacingMm: [1.2, 1.2] }), { kind: 'spacings', first: '1 × 1', other: '1.2 × 1.2' }],
    ['a localizer', mixed({ orientation: [0, 1, 0, 0, 0, -1] }), { kind: 'orientations', count: 2 }],
    ['slices of a degree more', mixed({ orientation: [1, 0, 0, 0, 0.99, 0.141] }), { kind: 'orientations', count: 2 }],
    ['another frame of reference', mixed({ frameOfReference: '1.2.4' }), { kind: 'framesOfReference', count: 2 }],
    ['no position', mixed({ more: { '00200032': { vr: 'DS' } } }), { kind: 'noPosition', count: 1 }],
    ['colour', mixed({ more: { '00280002': number('US', 3), '00280004': text('CS', 'RGB') } }), { kind: 'notGray' }],
    ['no spacing', slicesAt(even, { more: { '00280030': { vr: 'DS' } } }), { kind: 'uncalibrated' }],
  ])('%s', (_, frames, refusal) => expect(refusalOf(judgeVolume(frames))).toEqual(refusal));

  test('ten thousand slices are judged at once', () => {
    const started = slicesAt(every(10_000, 0.1));
    expect(volumeOf(started).grid.distances).toHaveLength(10_000);
  });
});
