import { describe, expect, it } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { toLibraryDataset } from './library-dataset.ts';
import { paletteLevels, segmentedLevels } from './palette.ts';
import { buildFrames, buildSeries, sortSeries } from './study-model.ts';

const el = (...Value: unknown[]) => ({ Value });
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
    expect(series.frames[0]?.nativeBytes).toBe(32);
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
    expect(buildSeries(study, '1.9', [image(1, { '00181063': el(40) })]).framesPerSecond).toBe(25);
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
    });
    const sorted = sortSeries([of('a', 'SR', 1), of('s', 'SEG', 1), of('b', 'CT', undefined), of('c', 'CT', 2)]);
    expect(sorted.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual(['c', 'b', 's', 'a']);
  });
});

describe('toLibraryDataset', () => {
  it('removes a spacing of zero and an orientation without a normal, which draw nothing', () => {
    const copy = toLibraryDataset(image(1, { '00280030': el(0, 0), '00200037': el(0, 0, 0, 0, 0, 0), '00200032': el(0, 0, 0) }), {
      kind: 'none',
    });
    expect(Object.keys(copy)).not.toEqual(expect.arrayContaining(['00280030']));
    expect(Object.keys(copy)).not.toEqual(expect.arrayContaining(['00200037']));
  });

  it('keeps the proportions of pixels that are not square (PS3.3 C.7.6.3.1.7)', () => {
    expect(toLibraryDataset(image(1, { '00280034': el(6, 5) }), { kind: 'none' })['00280030']?.Value).toEqual([1.2, 1]);
  });

  it('keeps a window function other than LINEAR in the form the library reads (PS3.3 C.11.2.1.3)', () => {
    const valueFor = (name: string) => toLibraryDataset(image(1, { '00281056': el(name) }), { kind: 'none' })['00281056']?.Value;
    expect(valueFor('SIGMOID')).toEqual(['SIGMOID', 'SIGMOID']);
    expect(valueFor('LINEAR')).toBeUndefined();
  });

  it('draws a window narrower than 1 exactly, since LINEAR would draw black (PS3.3 C.11.2.1.2.1)', () => {
    const of = (width: number) =>
      toLibraryDataset(image(1, { '00281050': el(0.1), '00281051': el(width) }), { kind: 'none' })['00281056']?.Value;
    expect(of(0.21)).toEqual(['LINEAR_EXACT', 'LINEAR_EXACT']);
    expect(of(1)).toBeUndefined();
  });

  it('gives soft tissue to a CT in Hounsfield units that names no window, and leaves a named one', () => {
    const widthOf = (extra: DicomJson) => toLibraryDataset(image(1, extra), { kind: 'none' })['00281051']?.Value;
    expect(widthOf({ '00281052': el(-1024) })).toEqual([400]);
    expect(widthOf({ '00281052': el(-1024), '00281051': el(1500) })).toEqual([1500]);
    expect(widthOf({})).toBeUndefined();
  });

  it('announces frames of single bits as the bytes that they are unpacked to', () => {
    const copy = toLibraryDataset(image(1, { '00280100': el(1) }), { kind: 'none' });
    expect([copy['00280100'], copy['00280101'], copy['00280102']].map((element) => element?.Value?.[0])).toEqual([8, 8, 7]);
  });

  it('names a modality where the object has none', () => {
    const { '00080060': _, ...without } = image(1);
    expect(toLibraryDataset(without, { kind: 'none' })['00080060']?.Value).toEqual(['OT']);
  });
});

describe('paletteLevels', () => {
  const dataset = (entries: number): DicomJson => ({ '00281101': el(entries, 0, 16) });

  it('keeps the upper byte of 16-bit entries (PS3.3 C.7.6.3.1.6)', () => {
    expect(paletteLevels(Uint8Array.of(0x34, 0x12, 0x00, 0xff), dataset(2), '00281101')).toEqual([0x12, 0xff]);
  });

  it('takes 8-bit levels stored in words or in bytes as they are', () => {
    expect(paletteLevels(Uint8Array.of(7, 0, 200, 0), dataset(2), '00281101')).toEqual([7, 200]);
    expect(paletteLevels(Uint8Array.of(7, 200), dataset(2), '00281101')).toEqual([7, 200]);
  });

  it('has no answer for a table that is too short', () => {
    expect(paletteLevels(Uint8Array.of(7), dataset(2), '00281101')).toBeUndefined();
  });
});

describe('segmentedLevels (PS3.3 C.7.9.2)', () => {
  const words = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);

  it('expands discrete, linear and indirect segments', () => {
    // Two entries as they are, four more up to 60, and the first segment again from its byte offset.
    expect(segmentedLevels(words(0, 2, 10, 20, 1, 4, 60, 2, 1, 0, 0))).toEqual([10, 20, 30, 40, 50, 60, 10, 20]);
  });

  it('keeps the upper byte of 16-bit entries', () => {
    expect(segmentedLevels(words(0, 1, 0, 1, 2, 0xff00))).toEqual([0, 0x7f, 0xff]);
  });

  it('has no answer for segments that lead nowhere or never end', () => {
    expect(segmentedLevels(words(1, 4, 60))).toBeUndefined();
    expect(segmentedLevels(words(7, 1, 1))).toBeUndefined();
    expect(segmentedLevels(words(0, 2, 10, 20, 2, 1, 65_535, 65_535))).toBeUndefined();
    expect(segmentedLevels(words())).toBeUndefined();
  });
});
