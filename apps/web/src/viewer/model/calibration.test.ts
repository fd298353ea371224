import { describe, expect, it } from 'vitest';
import { frameSpacing, measureAngle, measureLength, readCalibration, roundScaleLengthMm } from './calibration.ts';
import type { DicomJson } from './dicom-json.ts';

const of = (modality: string, values: Record<string, readonly unknown[]>): DicomJson => ({
  '00080060': { vr: 'CS', Value: [modality] },
  ...Object.fromEntries(
    Object.entries(values).map(([tag, Value]) => [tag, { vr: 'UN', Value: Value as NonNullable<DicomJson[string]['Value']> }]),
  ),
});

const PIXEL = '00280030';
const IMAGER = '00181164';

describe('readCalibration', () => {
  it('takes Pixel Spacing of a cross-section as millimetres in the patient, row spacing first (PS3.3 10.7.1.1)', () => {
    expect(readCalibration(of('CT', { [PIXEL]: [0.5, 0.7] }))).toEqual({
      kind: 'calibrated',
      spacing: { rowMm: 0.5, columnMm: 0.7 },
    });
  });

  it('reads decimal strings as numbers', () => {
    expect(readCalibration(of('MR', { [PIXEL]: ['0.5', '0.5'] })).kind).toBe('calibrated');
  });

  it.each([[[]], [[0, 0]], [[-1, 1]], [['x', 'y']]])('has no millimetres for a Pixel Spacing of %j', (spacing) => {
    expect(readCalibration(of('CT', { [PIXEL]: spacing }))).toEqual({ kind: 'none' });
  });

  it('marks the detector spacing of a radiograph as such (PS3.3 10.7.1.3)', () => {
    expect(readCalibration(of('DX', { [IMAGER]: [0.1, 0.1] })).kind).toBe('detector');
    expect(readCalibration(of('CR', { [PIXEL]: [0.2, 0.2] })).kind).toBe('detector');
    expect(readCalibration(of('CR', { [PIXEL]: [0.2, 0.2], [IMAGER]: [0.2, 0.2] })).kind).toBe('detector');
  });

  it('takes a radiograph as calibrated when its calibration type says so, as estimated when only the values differ', () => {
    expect(readCalibration(of('DX', { [PIXEL]: [0.1, 0.1], '00280A02': ['FIDUCIAL'] })).kind).toBe('calibrated');
    expect(readCalibration(of('DX', { [PIXEL]: [0.08, 0.08], [IMAGER]: [0.1, 0.1] })).kind).toBe('estimated');
  });

  it('divides the detector spacing by an estimated magnification', () => {
    expect(readCalibration(of('MG', { [IMAGER]: [0.1, 0.1], '00181114': [1.25] }))).toEqual({
      kind: 'estimated',
      spacing: { rowMm: 0.08, columnMm: 0.08 },
    });
  });

  it('prefers the pixel measures of an enhanced frame (PS3.3 C.7.6.16.2.1)', () => {
    expect(readCalibration(of('MR', {}), of('MR', { [PIXEL]: [2, 2] }))).toEqual({
      kind: 'calibrated',
      spacing: { rowMm: 2, columnMm: 2 },
    });
  });
});

describe('measurements', () => {
  const anisotropic = { kind: 'calibrated', spacing: { rowMm: 2, columnMm: 1 } } as const;

  it('measures with the spacing of each axis', () => {
    expect(measureLength([0, 0], [3, 2], anisotropic)).toEqual({ value: 5, unit: 'mm', kind: 'calibrated' });
  });

  it('never gives millimetres without a spacing', () => {
    expect(measureLength([0, 0], [3, 4], { kind: 'none' })).toEqual({ value: 5, unit: 'px', kind: 'none' });
  });

  it('measures angles in space rather than in pixels', () => {
    expect(measureAngle([1, 0], [0, 0], [0, 1], anisotropic)).toBeCloseTo(90, 10);
    expect(measureAngle([2, 1], [0, 0], [1, 0], anisotropic)).toBeCloseTo(45, 10);
  });

  it.each([
    [0.7, 0.5],
    [1, 1],
    [199, 100],
    [60, 50],
  ])('makes a scale of %f mm at most %f mm long', (limit, length) => {
    expect(roundScaleLengthMm(limit)).toBeCloseTo(length, 10);
  });

  it('has no scale for a useless limit', () => {
    expect(roundScaleLengthMm(0)).toBeUndefined();
    expect(roundScaleLengthMm(Number.NaN)).toBeUndefined();
  });
});

describe('ultrasound regions (PS3.3 C.8.5.5)', () => {
  const values = (numbers: Record<string, number>): DicomJson =>
    Object.fromEntries(Object.entries(numbers).map(([tag, value]) => [tag, { vr: 'UN', Value: [value] }]));
  const region = (place: readonly [number, number, number, number], cmPerPixel: number, units = 3, flags = 0): DicomJson =>
    values({
      '00186018': place[0],
      '0018601A': place[1],
      '0018601C': place[2],
      '0018601E': place[3],
      '00186016': flags,
      '00186024': units,
      '00186026': units,
      '0018602C': cmPerPixel,
      '0018602E': cmPerPixel,
    });
  const left = region([0, 0, 99, 99], 0.05);
  const right = region([100, 0, 199, 99], 0.1);
  const calibrationOf = (regions: DicomJson[], extra = {}) => readCalibration(of('US', { '00186011': regions, ...extra }));
  const two = calibrationOf([left, right]);

  it('measures with the scale of the region that holds both ends', () => {
    expect(measureLength([10, 10], [30, 10], two)).toEqual({ value: 10, unit: 'mm', kind: 'calibrated' });
    expect(measureLength([110, 10], [130, 10], two)).toEqual({ value: 20, unit: 'mm', kind: 'calibrated' });
  });

  it('gives pixels, and says why, across two regions and outside of all', () => {
    expect(measureLength([90, 10], [110, 10], two)).toEqual({ value: 20, unit: 'px', kind: 'outside' });
    expect(measureLength([10, 150], [30, 150], two)).toEqual({ value: 20, unit: 'px', kind: 'outside' });
    expect(measureLength([10, 10], [10, 150], two)).toMatchObject({ unit: 'px', kind: 'outside' });
  });

  it('takes no heed of a Pixel Spacing beside a region', () => {
    const stray = calibrationOf([left], { [PIXEL]: [0.2, 0.2] });
    expect(measureLength([10, 10], [30, 10], stray)).toMatchObject({ value: 10, unit: 'mm' });
    expect(measureLength([10, 150], [30, 150], stray)).toMatchObject({ unit: 'px' });
  });

  it('gives no millimetres where the axes are no distances', () => {
    expect(measureLength([10, 10], [30, 10], calibrationOf([region([0, 0, 99, 99], 0.05, 4)]))).toMatchObject({ unit: 'px' });
  });

  it('leaves pixels that two regions share to the one of higher priority', () => {
    const shared = calibrationOf([region([0, 0, 99, 99], 0.1, 3, 1), region([0, 0, 49, 49], 0.05)]);
    expect(measureLength([10, 10], [30, 10], shared)).toMatchObject({ value: 10, unit: 'mm' });
    expect(measureLength([60, 60], [80, 60], shared)).toMatchObject({ value: 20, unit: 'mm' });
    expect(measureLength([10, 10], [60, 10], shared)).toMatchObject({ unit: 'px', kind: 'outside' });
  });

  it('has a scale bar only where all scales are one', () => {
    expect(frameSpacing(calibrationOf([left]))).toEqual({ rowMm: 0.5, columnMm: 0.5 });
    expect(frameSpacing(two)).toBeUndefined();
  });
});
