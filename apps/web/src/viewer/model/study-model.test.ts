import { sortSeries } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { buildFrames, buildSeries } from './study-model.ts';

const el = (...Value: NonNullable<DicomJson[string]['Value']>) => ({ vr: 'UN', Value });
const image = (number: number, extra: DicomJson = {}): DicomJson => ({
  '00080018': el(`1.2.${number}`),
  '00080060': el('CT'),
  '00200013': el(number),
  '00280010': el(4),
  '00280011': el(4),
  '00280100': el(16),
  ...extra,
});
const study = { studyInstanceUid: '1.1' };

describe('buildSeries', () => {
  it('starts at the middle of a spatial stack, and names frames by their path on this origin', () => {
    const slices = [3, 1, 2].map((number) =>
      image(number, { '00200032': el(0, 0, number * 5), '00200037': el(1, 0, 0, 0, 1, 0), '00280030': el(1, 1) }),
    );
    const series = buildSeries(study, '1.9', slices);
    expect(series.frames.map(({ instanceNumber }) => instanceNumber)).toEqual([1, 2, 3]);
    expect(series.firstIndex).toBe(1);
    expect(series.frames[0]?.imageId).toBe('wadors:/dicom-web/studies/1.1/series/1.9/instances/1.2.1/frames/1');
    expect(series.frames[0]?.slicePositionMm).toBe(5);
  });

  it('asks a named group for its own copy of the study', () => {
    const series = buildSeries({ studyInstanceUid: '1.1', groupId: 'g/1' }, '1.9', [image(1)]);
    expect(series.frames[0]?.imageId).toContain('wadors:/dicom-web/groups/g%2F1/studies/1.1/');
  });

  it('has no frames for objects without pixels, and leaves their neighbours alone', () => {
    const report: DicomJson = { '00080018': el('1.2.9'), '00080060': el('SR') };
    expect(buildSeries(study, '1.9', [report]).frames).toEqual([]);
    expect(buildSeries(study, '1.9', [report, image(1)]).frames).toHaveLength(1);
  });

  it('orders enhanced frames by their plane positions (PS3.3 C.7.6.16.2.3)', () => {
    const perFrame = [10, 0, 5].map((z) => ({ '00209113': el({ '00200032': el(0, 0, z) }) }));
    const shared = { '00209116': el({ '00200037': el(1, 0, 0, 0, 1, 0) }), '00289110': el({ '00280030': el(2, 2) }) };
    const enhanced = image(1, { '00280008': el(3), '52009229': el(shared), '52009230': el(...perFrame) });
    const series = buildSeries(study, '1.9', [enhanced]);
    expect(series.frames.map(({ slicePositionMm }) => slicePositionMm)).toEqual([10, 5, 0]);
    expect(series.frames[0]?.calibration.kind).toBe('calibrated');
  });

  it('survives a number of frames that is not one', () => {
    expect(buildFrames(image(1, { '00280008': el('1A') }), '/s')).toHaveLength(1);
  });

  it('plays at the rate of Frame Time when no rate is recommended', () => {
    expect(buildSeries(study, '1.9', [image(1, { '00181063': el(40) })]).cine.framesPerSecond).toBe(25);
  });

  it('draws pixels that are not square in their proportions (PS3.3 C.7.6.3.1.7)', () => {
    const spacingOf = (extra: DicomJson) => buildSeries(study, '1.9', [image(1, extra)]).frames[0]?.drawingSpacing;
    expect(spacingOf({ '00280034': el(6, 5) })).toEqual({ rowMm: 1.2, columnMm: 1 });
    expect(spacingOf({ '00280030': el(3, 1.5) })).toEqual({ rowMm: 3, columnMm: 1.5 });
    expect(spacingOf({ '00280030': el(0, 0) })).toEqual({ rowMm: 1, columnMm: 1 });
  });

  it('shows no direction for a Patient Orientation that names none (PS3.3 C.7.6.1.1.1)', () => {
    const orientationOf = (...letters: string[]) =>
      buildSeries(study, '1.9', [image(1, { '00200020': el(...letters) })]).frames[0]?.frameOrientation;
    expect(orientationOf('L', 'F')).toEqual({ kind: 'letters', row: 'L', column: 'F' });
    expect(orientationOf('PL', 'H')).toEqual({ kind: 'letters', row: 'PL', column: 'H' });
    for (const wrong of [['X', 'F'], ['L', 'Q'], ['L', 'R'], ['LR', 'F'], ['', 'F'], ['L'], ['LATERAL', 'F']]) {
      expect(orientationOf(...wrong)).toBeUndefined();
    }
  });
});

describe('sortSeries', () => {
  it('orders by Series Number, segmentations after the images they belong to and documents last', () => {
    const of = (seriesInstanceUid: string, modality: string, seriesNumber: number | undefined) => ({
      seriesInstanceUid,
      modality,
      seriesNumber,
      description: undefined,
      instanceCount: undefined,
      bodyPart: undefined,
    });
    const sorted = sortSeries([of('a', 'SR', 1), of('s', 'SEG', 1), of('b', 'CT', undefined), of('c', 'CT', 2)]);
    expect(sorted.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual(['c', 'b', 's', 'a']);
  });
});
