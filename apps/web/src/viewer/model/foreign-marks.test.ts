import { contentTreeOf } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { evidenceOf } from './evidence.ts';
import { marksOf, pointsOn } from './foreign-marks.ts';
import { buildSeries, type FrameModel } from './study-model.ts';

const cs = (value: string) => ({ vr: 'CS', Value: [value] });
const sq = (...items: DicomJson[]) => ({ vr: 'SQ', Value: items });
const fl = (...Value: number[]) => ({ vr: 'FL', Value });
const code = (meaning: string) => sq({ '00080104': { vr: 'LO', Value: [meaning] } });
const item = (type: string, more: DicomJson = {}, relation = 'CONTAINS'): DicomJson => ({
  '0040A010': cs(relation),
  '0040A040': cs(type),
  ...more,
});
const image = (uid: string, ...frames: number[]): DicomJson =>
  item(
    'IMAGE',
    {
      '00081199': sq({
        '00081155': { vr: 'UI', Value: [uid] },
        ...(frames.length === 0 ? {} : { '00081160': { vr: 'IS', Value: frames } }),
      }),
    },
    'SELECTED FROM',
  );
const scoord = (type: string, points: number[], ...children: DicomJson[]): DicomJson =>
  item('SCOORD', { '00700022': fl(...points), '00700023': cs(type), '0040A730': sq(...children) }, 'INFERRED FROM');
const num = (name: string, value: string, unit: string, ...children: DicomJson[]): DicomJson =>
  item('NUM', {
    '0040A043': code(name),
    '0040A300': sq({ '0040A30A': { vr: 'DS', Value: [value] }, '004008EA': sq({ '00080100': { vr: 'SH', Value: [unit] } }) }),
    '0040A730': sq(...children),
  });
const documentOf = (...children: DicomJson[]): DicomJson => ({ '0040A040': cs('CONTAINER'), '0040A730': sq(...children) });
const marks = (...children: DicomJson[]) => {
  const tree = contentTreeOf(documentOf(...children));
  return tree === undefined ? [] : marksOf(tree);
};

const CT: DicomJson = {
  '00080018': { vr: 'UI', Value: ['1.9.1'] },
  '00080060': cs('CT'),
  '00200032': { vr: 'DS', Value: [0, 0, 50] },
  '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
  '00200052': { vr: 'UI', Value: ['1.9.7'] },
  '00280010': { vr: 'US', Value: [64] },
  '00280011': { vr: 'US', Value: [64] },
  '00280030': { vr: 'DS', Value: [0.5, 0.5] },
  '00180050': { vr: 'DS', Value: [2] },
  '00280004': cs('MONOCHROME2'),
  '00280002': { vr: 'US', Value: [1] },
  '00280100': { vr: 'US', Value: [16] },
};
const frame = buildSeries({ studyInstanceUid: '1.9' }, '1.9.0', [CT]).frames[0] as FrameModel;

describe('what another’s report has drawn', () => {
  test('stands on its image with its value, whatever the template', () => {
    const [length, ...others] = marks(
      item('CONTAINER', { '0040A730': sq(num('Distance', '12.5', 'mm', scoord('POLYLINE', [1, 2, 3, 4], image('1.9.1')))) }),
    );
    expect(others).toEqual([]);
    expect(length?.lines).toEqual(['Distance : 12.5 mm']);
    expect(length && pointsOn(length, frame)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(length && pointsOn(length, { ...frame, sopInstanceUid: '1.9.2' })).toBeUndefined();
  });

  test('as a region says the values of its group, each with how it was derived', () => {
    const mean = item('CODE', { '0040A043': code('Derivation'), '0040A168': code('Mean') }, 'HAS CONCEPT MOD');
    const [region] = marks(
      item('CONTAINER', {
        '0040A730': sq(
          scoord('ELLIPSE', [0, 4, 8, 4, 4, 2, 4, 6], image('1.9.1', 2)),
          num('Attenuation Coefficient', '-994', "[hnsf'U]", mean),
          num('Area', '4', 'mm2'),
        ),
      }),
    );
    expect(region?.lines).toEqual(['Attenuation Coefficient, Mean : -994 HU', 'Area : 4 mm²']);
    expect(region && pointsOn(region, frame)).toBeUndefined();
    expect(region && pointsOn(region, { ...frame, frameNumber: 2 })).toHaveLength(4);
  });

  test('in patient space stands on the slice that it lies in, of its own frame of reference only', () => {
    const solid = (z: number, reference: string): DicomJson =>
      item('SCOORD3D', {
        '00700022': fl(2, 3, z, 4, 3, z),
        '00700023': cs('POLYLINE'),
        '30060024': { vr: 'UI', Value: [reference] },
      });
    const places = [solid(50.4, '1.9.7'), solid(60, '1.9.7'), solid(50, '1.9.8')].map((one) => {
      const [mark] = marks(item('TEXT', { '0040A160': { vr: 'UT', Value: ['Nodule'] }, '0040A730': sq(one) }));
      return mark && pointsOn(mark, frame)?.map(([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]);
    });
    expect(places).toEqual([
      [
        [4.5, 6.5],
        [8.5, 6.5],
      ],
      undefined,
      undefined,
    ]);
  });

  test('finds an image that is named by its place in the document, and goes in no circle', () => {
    const refers = (...place: number[]): DicomJson => ({
      '0040A010': cs('SELECTED FROM'),
      '0040DB73': { vr: 'UL', Value: place },
    });
    const found = marks(
      item('CONTAINER', { '0040A730': sq(image('1.9.1')) }),
      scoord('POINT', [5, 5], refers(1, 1, 1)),
      scoord('POINT', [6, 6], refers(1, 3)),
      scoord('POINT', [7, 7], refers(1, 99, 1)),
      scoord('POINT', [8, 8], refers(2)),
    );
    expect(found.map(({ graphic }) => graphic.points)).toEqual([[5, 5]]);
  });

  test('that is malformed costs only itself', () => {
    const on = image('1.9.1');
    const found = marks(
      scoord('POLYLINE', [1, 2, 3], on),
      scoord('POINT', [1, 2, 3, 4], on),
      scoord('ELLIPSE', [1, 2, 3, 4], on),
      scoord('SPIRAL', [1, 2], on),
      scoord('toString', [1, 2], on),
      scoord('POINT', [Number.NaN, 2], on),
      scoord('POINT', [1e30, 2], on),
      scoord('POINT', [1, 2]),
      item('SCOORD', { '00700023': cs('POINT') }),
      item('SCOORD3D', { '00700022': fl(1, 2), '00700023': cs('POINT') }),
      scoord('POINT', [1, 2], image('1.9.1', 99_999)),
      scoord('POINT', [9, 9], on),
    );
    expect(found.map((mark) => pointsOn(mark, frame))).toEqual([undefined, [[9, 9]]]);
    const many = marks(...Array.from({ length: 4_000 }, () => scoord('POINT', [1, 2], on)));
    expect(many).toHaveLength(1_000);
  });
});

describe('the evidence of a document', () => {
  test('says of which series and study an instance is; nonsense says nothing', () => {
    const uid = (value: string) => ({ vr: 'UI', Value: [value] });
    const sop = (value: string): DicomJson => ({ '00081155': uid(value) });
    const of = (...items: DicomJson[]): DicomJson => ({ '0040A375': sq(...items) });
    const series = { '0020000E': uid('1.2.1'), '00081199': sq(sop('1.2.1.1'), {}, sop('1.2.1.2')) };
    const places = evidenceOf(of({ '0020000D': uid('1.2'), '00081115': sq(series, {}) }, {}, { '00081115': sq(series) }));
    expect([...places]).toEqual([
      ['1.2.1.1', { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.1' }],
      ['1.2.1.2', { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.1' }],
    ]);
    const endless = Array.from({ length: 30_000 }, (_, at) => sop(`1.${at}`));
    const one = { '0020000D': uid('1.2'), '00081115': sq({ '0020000E': uid('1.2.1'), '00081199': sq(...endless) }) };
    expect(evidenceOf(of(one)).size).toBe(20_000);
  });
});
