import { describe, expect, test } from 'vitest';
import type { DicomJsonElement, DicomJsonObject, DicomJsonValue } from '../types.ts';
import { type CalibratedRegion, type Calibration, frameSpacing, readCalibration, roundScaleLengthMm } from './calibration.ts';
import { measureAngle, measureLength, spacingAt } from './lengths.ts';

const values = (...Value: DicomJsonValue[]): DicomJsonElement => ({ vr: 'DS', Value });
const square = (mm: number): DicomJsonElement => values(mm, mm);
const of = (modality: string, attributes: DicomJsonObject = {}): DicomJsonObject => ({
  '00080060': { vr: 'CS', Value: [modality] },
  ...attributes,
});
const [PIXEL, IMAGER, CALIBRATION_TYPE, MAGNIFICATION] = ['00280030', '00181164', '00280A02', '00181114'] as const;

describe('cross-sections (PS3.3 10.7.1.1)', () => {
  test.each(['CT', 'MR', 'PT', 'NM', 'RTDOSE'])(
    'of %s are measured in the patient by their Pixel Spacing, rows first',
    (modality) => {
      expect(readCalibration(of(modality, { [PIXEL]: values(0.5, 0.25) }))).toEqual({
        kind: 'calibrated',
        spacing: { rowMm: 0.5, columnMm: 0.25 },
      });
    },
  );

  test('one number is the spacing of both', () =>
    expect(readCalibration(of('CT', { [PIXEL]: values(0.5) }))).toMatchObject({ spacing: { rowMm: 0.5, columnMm: 0.5 } }));

  test.each<[string, DicomJsonElement]>([
    ['nothing', { vr: 'DS' }],
    ['zero', values(0, 0)],
    ['zero in one direction', values(0.5, 0)],
    ['less than nothing', values(-0.5, 0.5)],
    ['a null', values(null, 0.5)],
    ['words', values('half', '0.5')],
    ['spaces', values(' ', '0.5')],
  ])('a Pixel Spacing of %s is none', (_what, spacing) => {
    expect(readCalibration(of('CT', { [PIXEL]: spacing }))).toEqual({ kind: 'none' });
  });

  test('the spacing of the frame’s own Pixel Measures goes before that of the dataset (C.7.6.16.2.1)', () => {
    const both = of('CT', { [PIXEL]: square(1) });
    expect(readCalibration(both, { [PIXEL]: square(0.3) })).toMatchObject({ spacing: { rowMm: 0.3 } });
    expect(readCalibration(both, {})).toMatchObject({ spacing: { rowMm: 1 } });
  });

  test('what is only known at a detector is said to be so', () =>
    expect(readCalibration(of('OT', { [IMAGER]: square(0.2) }))).toEqual({
      kind: 'detector',
      spacing: { rowMm: 0.2, columnMm: 0.2 },
    }));
});

describe('projections (PS3.3 10.7.1.3)', () => {
  test.each(['CR', 'DX', 'MG', 'IO', 'PX', 'XA', 'RF'])('the Pixel Spacing of %s alone is that of the detector', (modality) =>
    expect(readCalibration(of(modality, { [PIXEL]: square(0.2) })).kind).toBe('detector'),
  );

  test.each([
    ['GEOMETRY', 'calibrated'],
    ['FIDUCIAL', 'calibrated'],
    ['OTHER', 'detector'],
  ])('of a calibration by %s it is %s', (type, kind) => {
    const attributes = { [PIXEL]: square(0.2), [CALIBRATION_TYPE]: { vr: 'CS', Value: [type] } };
    expect(readCalibration(of('DX', attributes)).kind).toBe(kind);
  });

  test('one that differs from that of the detector has been corrected, by whatever', () => {
    const spacing = (pixel: number, imager: number) =>
      readCalibration(of('XA', { [PIXEL]: square(pixel), [IMAGER]: square(imager) }));
    expect(spacing(0.15, 0.2)).toEqual({ kind: 'estimated', spacing: { rowMm: 0.15, columnMm: 0.15 } });
    expect(spacing(0.2, 0.2)).toEqual({ kind: 'detector', spacing: { rowMm: 0.2, columnMm: 0.2 } });
    expect(spacing(0.2 + 1e-7, 0.2).kind).toBe('detector');
  });

  test.each([
    [1.25, 'estimated', 0.16],
    [1, 'detector', 0.2],
    [0.8, 'detector', 0.2],
  ])('a magnification of %d makes it %s', (magnification, kind, rowMm) => {
    const calibration = readCalibration(of('MG', { [IMAGER]: square(0.2), [MAGNIFICATION]: values(magnification) }));
    expect(calibration.kind).toBe(kind);
    expect(frameSpacing(calibration)?.rowMm).toBeCloseTo(rowMm, 12);
  });

  test('a magnification is of what lies at the detector: beside a lone Pixel Spacing it says nothing', () => {
    const calibration = readCalibration(of('MG', { [PIXEL]: square(0.2), [MAGNIFICATION]: values(2) }));
    expect(calibration).toEqual({ kind: 'detector', spacing: { rowMm: 0.2, columnMm: 0.2 } });
  });

  test('regions of an ultrasound are not theirs', () => {
    expect(readCalibration(of('DX', { '00186011': { vr: 'SQ', Value: [region(0, 0, 9, 9)] } }))).toEqual({ kind: 'none' });
  });
});

/** An item of Sequence of Ultrasound Regions (PS3.3 C.8.5.5), 0.2 mm by 0.1 mm unless it says otherwise. */
function region(x0: number, y0: number, x1: number, y1: number, more: DicomJsonObject = {}): DicomJsonObject {
  const number = (value: number): DicomJsonElement => ({ vr: 'UL', Value: [value] });
  return {
    '00186016': number(0),
    '00186018': number(x0),
    '0018601A': number(y0),
    '0018601C': number(x1),
    '0018601E': number(y1),
    '00186024': number(3),
    '00186026': number(3),
    '0018602C': number(0.01),
    '0018602E': number(0.02),
    ...more,
  };
}
const ultrasound = (...items: DicomJsonObject[]): Calibration =>
  readCalibration(of('US', { '00186011': { vr: 'SQ', Value: items }, [PIXEL]: square(7) }));
const regionsOf = (calibration: Calibration): readonly CalibratedRegion[] =>
  calibration.kind === 'regions' ? calibration.regions : [];

describe('regions of an ultrasound (PS3.3 C.8.5.5)', () => {
  test('have centimetres along x and y, and go before a Pixel Spacing', () => {
    expect(ultrasound(region(10, 20, 110, 220))).toEqual({
      kind: 'regions',
      regions: [{ left: 10, top: 20, right: 110, bottom: 220, spacing: { rowMm: 0.2, columnMm: 0.1 } }],
    });
  });

  test('without items, or with none that has its corners, leave the Pixel Spacing', () => {
    const { '00186018': _left, ...cornerless } = region(0, 0, 9, 9);
    for (const calibration of [ultrasound(), ultrasound(cornerless)])
      expect(calibration).toEqual({ kind: 'calibrated', spacing: { rowMm: 7, columnMm: 7 } });
  });

  test.each<[string, DicomJsonObject]>([
    ['time goes from left to right (4 = seconds)', { '00186024': { vr: 'US', Value: [4] } }],
    ['velocity goes up (7 = cm/s)', { '00186026': { vr: 'US', Value: [7] } }],
    ['nothing is said (0 = none)', { '00186024': { vr: 'US', Value: [0] }, '00186026': { vr: 'US', Value: [0] } }],
    ['a pixel has no size', { '0018602C': { vr: 'FD', Value: [0] } }],
  ])('are no place for distances where %s', (_what, more) => {
    expect(regionsOf(ultrasound(region(0, 0, 9, 9, more)))).toEqual([
      { left: 0, top: 0, right: 9, bottom: 9, spacing: undefined },
    ]);
  });

  test('whose axes go up have deltas below zero and distances all the same', () => {
    const calibration = ultrasound(region(0, 0, 9, 9, { '0018602E': { vr: 'FD', Value: [-0.02] } }));
    expect(frameSpacing(calibration)).toEqual({ rowMm: 0.2, columnMm: 0.1 });
  });

  test('of high priority own the pixels that two share (Region Flags, bit 0)', () => {
    const low = region(0, 0, 99, 99, { '00186016': { vr: 'UL', Value: [3] }, '0018602E': { vr: 'FD', Value: [1] } });
    const calibration = ultrasound(low, region(10, 10, 20, 20));
    expect(regionsOf(calibration).map(({ left }) => left)).toEqual([10, 0]);
    expect(spacingAt([[15, 15]], calibration)).toEqual({ rowMm: 0.2, columnMm: 0.1 });
    expect(spacingAt([[50, 50]], calibration)).toEqual({ rowMm: 10, columnMm: 0.1 });
  });

  test('hold a pixel up to its far edge, since its number is that of its near one', () => {
    const calibration = ultrasound(region(10, 10, 20, 20));
    for (const [x, y] of [
      [10, 10],
      [21, 21],
    ] as const)
      expect(spacingAt([[x, y]], calibration)).toBeDefined();
    for (const [x, y] of [
      [9.9, 15],
      [15, 9.9],
      [21.1, 15],
      [15, 21.1],
    ] as const)
      expect(spacingAt([[x, y]], calibration)).toBeUndefined();
  });
});

describe('a length', () => {
  const calibrated: Calibration = { kind: 'calibrated', spacing: { rowMm: 2, columnMm: 0.5 } };

  test('is by the spacing of its direction', () => {
    expect(measureLength([0, 0], [4, 0], calibrated)).toEqual({ value: 2, unit: 'mm', kind: 'calibrated' });
    expect(measureLength([0, 0], [0, 4], calibrated)).toEqual({ value: 8, unit: 'mm', kind: 'calibrated' });
    expect(measureLength([7, 3], [1, 1], calibrated).value).toBe(5);
  });

  test.each(['detector', 'estimated'] as const)('says that its scale is %s', (kind) =>
    expect(measureLength([0, 0], [3, 4], { ...calibrated, kind })).toMatchObject({ unit: 'mm', kind }),
  );

  test('without a scale is in pixels, and says so', () =>
    expect(measureLength([0, 0], [3, 4], { kind: 'none' })).toEqual({ value: 5, unit: 'px', kind: 'none' }));

  test('from one region to another, or out of all of them, is none in millimetres', () => {
    const calibration = ultrasound(region(0, 0, 9, 9), region(20, 0, 29, 9));
    expect(measureLength([1, 1], [8, 1], calibration)).toMatchObject({ unit: 'mm', kind: 'calibrated' });
    expect(measureLength([1, 1], [25, 1], calibration)).toEqual({ value: 24, unit: 'px', kind: 'outside' });
    expect(measureLength([15, 1], [16, 1], calibration)).toEqual({ value: 1, unit: 'px', kind: 'outside' });
  });
});

describe('an angle', () => {
  test('is what it is in the patient, not in the picture', () => {
    const tall: Calibration = { kind: 'calibrated', spacing: { rowMm: 2, columnMm: 1 } };
    expect(measureAngle([1, 0], [0, 0], [2, 1], tall)).toBeCloseTo(45, 10);
    expect(measureAngle([1, 0], [0, 0], [2, 1], { kind: 'none' }, 2)).toBeCloseTo(45, 10);
    expect(measureAngle([1, 0], [0, 0], [1, 1], { kind: 'none' })).toBeCloseTo(45, 10);
  });

  test.each([
    [[1, 0], [1, 0], 0],
    [[1, 0], [0, 1], 90],
    [[0, 1], [1, 0], 90],
    [[1, 0], [-1, 0], 180],
    [[1, 0], [-1, -1], 135],
  ] as const)('from %j to %j has %d degrees', (a, b, degrees) =>
    expect(measureAngle(a, [0, 0], b, { kind: 'none' })).toBeCloseTo(degrees, 10),
  );
});

describe('a scale bar', () => {
  test('needs one scale for the whole frame', () => {
    expect(frameSpacing({ kind: 'none' })).toBeUndefined();
    expect(frameSpacing(ultrasound(region(0, 0, 9, 9), region(20, 0, 29, 9)))).toEqual({ rowMm: 0.2, columnMm: 0.1 });
    expect(frameSpacing(ultrasound(region(0, 0, 9, 9), region(20, 0, 29, 9, { '0018602C': values(0.5) })))).toBeUndefined();
  });

  test('takes its size from the regions that have one', () => {
    const doppler = region(20, 0, 29, 9, { '00186024': values(4) });
    expect(frameSpacing(ultrasound(doppler, region(0, 0, 9, 9)))).toEqual({ rowMm: 0.2, columnMm: 0.1 });
    expect(frameSpacing(ultrasound(doppler))).toBeUndefined();
  });

  test.each([
    [99, 50],
    [50, 50],
    [49.9, 20],
    [19, 10],
    [10, 10],
    [9.99, 5],
    [1, 1],
    [0.3, 0.2],
    [0.0199, 0.01],
  ])('of at most %d mm has %d', (limit, length) => expect(roundScaleLengthMm(limit)).toBeCloseTo(length, 12));

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('of %d mm is none', (limit) =>
    expect(roundScaleLengthMm(limit)).toBeUndefined(),
  );
});
