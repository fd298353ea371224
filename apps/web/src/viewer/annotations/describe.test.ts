import type { AnnotationGeometry, AnnotationKind } from '@negatoscope/contract';
import type { DecodedFrame, FramePlan } from '@negatoscope/dicom';
import { expect, describe as group, it } from 'vitest';
import type { Calibration } from '../model/calibration.ts';
import type { FrameModel } from '../model/study-model.ts';
import { ucumOf } from '../model/ucum.ts';
import { describe, type FramePixels } from './describe.ts';
import { placedPoints } from './placed-points.ts';
import { linesOf, type MeasurementLabels } from './texts.ts';

const SIDE = 8;
const model = (changes: Partial<FrameModel> = {}): FrameModel => ({
  imageId: 'wadors:/1',
  sopInstanceUid: '1.2.3',
  frameNumber: 1,
  instanceNumber: 1,
  position: [0, 0, 30],
  orientation: { row: [1, 0, 0], column: [0, 1, 0] },
  frameOrientation: undefined,
  calibration: { kind: 'calibrated', spacing: { rowMm: 0.5, columnMm: 0.5 } },
  sliceThicknessMm: 5,
  slicePositionMm: 30,
  rows: SIDE,
  columns: SIDE,
  frameOfReferenceUid: '1.2.9',
  drawingSpacing: { rowMm: 0.5, columnMm: 0.5 },
  dataset: {},
  ...changes,
});
/** Pixel n holds n; in HU 1,000 less. */
const cells = Uint16Array.from({ length: SIDE * SIDE }, (_, at) => at);
const frame: DecodedFrame = {
  ...{ rows: SIDE, columns: SIDE, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 16, highBit: 15, isFloat: false },
  ...{ pixelRepresentation: 0, photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0 },
  pixels: new Uint8Array(cells.buffer),
};
const pixels = (changes: Partial<FramePixels> = {}, unit: string | null = 'HU'): FramePixels => ({
  frame,
  // What is read of a plan.
  plan: {
    kind: 'gray',
    unit: unit ?? undefined,
    modality: { kind: 'rescale', slope: 1, intercept: -1000 },
    padding: undefined,
  } as FramePlan,
  isWhole: true,
  ...changes,
});
const one = (kind: AnnotationKind, points: readonly number[], label: string | null = null) => ({
  ...{ kind, label },
  geometry: { space: 'PIXEL', points: [...points] } as AnnotationGeometry,
});
const RECTANGLE = one('RECTANGLE', [1, 1, 3, 1, 3, 4, 1, 4]);
const values = (described: ReturnType<typeof describe>) =>
  described.values.map(({ concept, value, ucum }) => [concept, value, ucum]);

group('what an annotation says', () => {
  it('of a region: area and the statistics of the stored values, worked out by hand', () => {
    // Pixels 9, 10, 17, 18, 25, 26: mean 17.5, squares 72.25 + 56.25 + 0.25 twice, by 5.
    expect(values(describe(RECTANGLE, model(), pixels()))).toEqual([
      ['AREA', 1.5, 'mm2'],
      ['MEAN', -982.5, "[hnsf'U]"],
      ['DEVIATION', Math.sqrt(257.5 / 5), "[hnsf'U]"],
      ['MINIMUM', -991, "[hnsf'U]"],
      ['MAXIMUM', -974, "[hnsf'U]"],
    ]);
    const ellipse = describe(one('ELLIPSE', [1, 2.5, 5, 2.5, 3, 1, 3, 4]), model(), pixels());
    expect(ellipse.values[0]?.value).toBeCloseTo(Math.PI * 3 * 0.25, 9);
    expect(ellipse.values).toHaveLength(5);
  });

  it('of a region on a preview, or before there is anything: its area, and that its values are to come', () => {
    for (const here of [pixels({ isWhole: false }), undefined])
      expect(describe(RECTANGLE, model(), here)).toMatchObject({ pixels: 'awaited', values: [{ concept: 'AREA' }] });
    expect(describe(RECTANGLE, model(), pixels()).pixels).toBe('final');
  });

  it('in SUV where a PET allows it, in the unit of the image otherwise, and of colour an area only', () => {
    const dataset = { '00080060': { vr: 'CS', Value: ['PT'] }, '00541001': { vr: 'CS', Value: ['GML'] } } as const;
    const pet = describe(RECTANGLE, model({ dataset }), pixels({}, 'g/ml'));
    expect(pet.values[1]).toEqual({ concept: 'MEAN', value: -982.5, ucum: '{SUVbw}g/ml', unit: 'SUV' });
    expect(describe(RECTANGLE, model(), pixels({}, 'Gy')).values[1]?.ucum).toBe('Gy');
    expect(describe(RECTANGLE, model(), pixels({}, null)).values[1]).toMatchObject({ ucum: '1', unit: undefined });
    const colour = pixels({ plan: { kind: 'color' } as unknown as FramePlan });
    expect(values(describe(RECTANGLE, model(), colour)).map(([concept]) => concept)).toEqual(['AREA']);
  });

  it.each([
    ['LENGTH', [0, 0, 6, 8], [['LENGTH', 5, 'mm']]],
    [
      'BIDIRECTIONAL',
      [0, 0, 2, 0, 1, -4, 1, 4],
      [
        ['LONG_AXIS', 4, 'mm'],
        ['SHORT_AXIS', 1, 'mm'],
      ],
    ],
    ['ANGLE', [0, 5, 0, 0, 5, 0], [['ANGLE', 90, 'deg']]],
    [
      'CARDIOTHORACIC',
      [0, 0, 4, 0, 0, 5, 8, 5],
      [
        ['CARDIOTHORACIC_RATIO', 0.5, '{ratio}'],
        ['HEART_WIDTH', 2, 'mm'],
        ['THORAX_WIDTH', 4, 'mm'],
      ],
    ],
    ['PROBE', [2.9, 1.1], [['VALUE', -990, "[hnsf'U]"]]],
    ['ARROW', [0, 0, 4, 4], []],
  ] as const)('of %s', (kind, points, wanted) => expect(values(describe(one(kind, points), model(), pixels()))).toEqual(wanted));

  it.each([
    [{ kind: 'none' }, 'none', '{pixels}'],
    [{ kind: 'detector', spacing: { rowMm: 1, columnMm: 1 } }, 'detector', 'mm2'],
    [{ kind: 'estimated', spacing: { rowMm: 1, columnMm: 1 } }, 'estimated', 'mm2'],
    [{ kind: 'regions', regions: [] }, 'outside', '{pixels}'],
  ] as const satisfies readonly (readonly [Calibration, string, string])[])(
    'with a calibration of %j',
    (calibration, scale, ucum) => {
      const described = describe(RECTANGLE, model({ calibration }), pixels());
      expect([described.scale, described.values[0]?.ucum]).toEqual([scale, ucum]);
    },
  );

  it('names units that UCUM does not know as an annotation', () => {
    expect([ucumOf('HU'), ucumOf('OD'), ucumOf('a {b}é'), ucumOf(undefined)]).toEqual(["[hnsf'U]", '{OD}', '{a__b__}', '1']);
  });
});

group('points in patient space', () => {
  const geometry = (z: number, uid = '1.2.9'): AnnotationGeometry => ({
    space: 'PATIENT',
    frameOfReferenceUid: uid,
    points: [1, 2, z, 3, 4, z],
  });
  it('lie on the slices that hold them, half a slice to each side', () => {
    expect(placedPoints(geometry(30), model())).toEqual([
      [2.5, 4.5],
      [6.5, 8.5],
    ]);
    expect([27.5, 32.5].map((z) => placedPoints(geometry(z), model()) !== undefined)).toEqual([true, true]);
    expect([27.4, 32.6].map((z) => placedPoints(geometry(z), model()))).toEqual([undefined, undefined]);
  });
  it('lie on no image of another frame of reference, and on none without a place', () => {
    expect(placedPoints(geometry(30, '1.2.8'), model())).toBeUndefined();
    expect(placedPoints(geometry(30), model({ position: undefined }))).toBeUndefined();
    expect(placedPoints(geometry(30), model({ calibration: { kind: 'none' } }))).toBeUndefined();
  });
  it('measure as they do in pixels', () => {
    const length = { kind: 'LENGTH', label: null, geometry: geometry(30) } as const;
    expect(values(describe(length, model()))).toEqual([['LENGTH', Math.hypot(2, 2), 'mm']]);
  });
});

const WORDS: MeasurementLabels = {
  ...{ language: 'fr', uncalibrated: 'non calibré', outside: 'hors région', detector: 'au détecteur', estimated: 'estimé' },
  ...{ padding: 'hors image', provisional: 'provisoire', cobb: 'Cobb', ratio: 'RCT', heart: 'Cœur', thorax: 'Thorax' },
  ...{ area: 'Aire', mean: 'Moy.', minimum: 'Min.', maximum: 'Max.' },
};

group('the lines beside an annotation', () => {
  const lines = (of: Parameters<typeof describe>[0], here = pixels(), on = model()): string[] =>
    linesOf(of.kind, describe(of, on, here), WORDS).map((line) => line.replaceAll('\u2212', '-'));
  it('say what is measured in the reader’s language', () => {
    expect(lines(RECTANGLE)).toEqual(['Aire 1,5 mm²', 'Moy. -982,5 ± 7,176 HU', 'Min. -991 · Max. -974 HU']);
    expect(lines(one('CARDIOTHORACIC', [0, 0, 4, 0, 0, 5, 8, 5]))).toEqual(['RCT 0,5', 'Cœur 2 mm · Thorax 4 mm']);
    expect(lines(one('BIDIRECTIONAL', [0, 0, 30, 0, 1, -4, 1, 4]))).toEqual(['15 mm × 4 mm']);
    expect(lines(one('COBB', [0, 0, 5, 0, 0, 9, 5, 9]))).toEqual(['Cobb 0°']);
    expect(lines(one('PROBE', [2.9, 1.1]))).toEqual(['-990 HU', 'x 2  y 1']);
  });
  it('say what may not be trusted yet, or at all', () => {
    expect(lines(RECTANGLE, pixels({ isWhole: false }))).toEqual(['Aire 1,5 mm²', 'provisoire']);
    expect(lines(one('PROBE', [2.9, 1.1]), pixels({ isWhole: false }))).toEqual(['-990 HU', 'provisoire', 'x 2  y 1']);
    expect(lines(one('LENGTH', [0, 0, 6, 8]), pixels(), model({ calibration: { kind: 'none' } }))).toEqual([
      '10 px',
      'non calibré',
    ]);
  });
  it('begin with its own text, which stays a text', () => {
    expect(lines(one('ARROW', [0, 0, 1, 1], '<img src=x onerror=alert(1)>\nnodule'))).toEqual([
      '<img src=x onerror=alert(1)>',
      'nodule',
    ]);
  });
});
