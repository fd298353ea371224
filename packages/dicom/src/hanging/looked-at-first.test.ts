import { describe, expect, test } from 'vitest';
import { el } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { candidatesOf, firstToHang, kindOf, kindsOf } from './looked-at-first.ts';
import { regionOf } from './region.ts';
import { haveImages, parseSeriesSummary, type SeriesSummary, seriesOf, sortSeries } from './series-list.ts';

const series = (seriesInstanceUid: string, modality: string | undefined, more: Partial<SeriesSummary> = {}): SeriesSummary => ({
  ...{ seriesInstanceUid, modality, seriesNumber: undefined, description: undefined, instanceCount: 60, bodyPart: undefined },
  ...more,
});
const named = (modality: string, ...descriptions: string[]) =>
  descriptions.map((description) => series(description, modality, { description }));

describe('series of a study in the order of their display', () => {
  test('are images, then segmentations, then documents; within them by number, those without one last, then by UID', () => {
    const list = [
      series('1.9', 'SR', { seriesNumber: 1 }),
      series('1.8', 'SEG', { seriesNumber: 2 }),
      series('1.7', 'CT'),
      series('1.6', 'CT', { seriesNumber: 12 }),
      series('1.5', 'MR', { seriesNumber: 3 }),
      series('1.4', 'CT', { seriesNumber: 3 }),
      series('1.3', undefined, { seriesNumber: 0 }),
    ];
    expect(sortSeries(list).map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual([
      '1.3',
      '1.4',
      '1.5',
      '1.6',
      '1.7',
      '1.8',
      '1.9',
    ]);
    expect(list[0]?.seriesInstanceUid).toBe('1.9');
  });

  test('are read from an answer (PS3.18 10.6), without those that have no UID', () => {
    const dataset: DicomJsonObject = {
      '0020000E': el('UI', '1.2'),
      '00080060': el('CS', 'CT'),
      '00200011': el('IS', '4'),
      '0008103E': el('LO', 'Thorax\u202e'),
      '00201209': el('IS', 300),
      '00180015': el('CS', 'CHEST'),
    };
    const read = {
      seriesInstanceUid: '1.2',
      modality: 'CT',
      seriesNumber: 4,
      description: 'Thorax',
      instanceCount: 300,
      bodyPart: 'CHEST',
    };
    expect(parseSeriesSummary(dataset)).toEqual(read);
    expect(seriesOf([{ '00080060': el('CS', 'CT') }, dataset])).toEqual([read]);
  });

  test.each('SR KO PR DOC RTSTRUCT RTPLAN REG AU ECG HD PLAN'.split(' '))('%s alone are no images', (modality) => {
    expect([haveImages([series('1', modality)]), haveImages([series('1', modality), series('2', 'CT')])]).toEqual([false, true]);
  });
});

describe('what kind of study it is', () => {
  test('is said by its first images: their modality, a body part before any description', () => {
    const study = [
      series('1', 'SR', { bodyPart: 'HEAD' }),
      series('2', 'CT', { description: 'Genou' }),
      series('3', 'MR', { bodyPart: 'CHEST' }),
    ];
    expect(kindOf(study)).toEqual({ modality: 'CT', region: 'CHEST' });
    expect(kindOf(study.slice(0, 2))).toEqual({ modality: 'CT', region: 'LIMB' });
    expect(kindOf([])).toEqual({ modality: '', region: undefined });
  });

  test.each([
    ['KNEE', 'LIMB'],
    ['HIP', 'LIMB'],
    ['Hanche droite', 'LIMB'],
    ['PELVIS', 'ABDOMEN'],
    ['LIVER', 'ABDOMEN'],
    ['HEART', 'CHEST'],
    ['LSPINE', 'SPINE'],
    ['BRAIN', 'HEAD'],
    ['SINUS', 'HEAD'],
    ['Thyroïde', 'NECK'],
    ['BREAST', 'BREAST'],
  ])('%s hangs as %s (PS3.16 Annex L)', (part, region) => expect(regionOf([part])).toBe(region));

  test('the first text that names a part counts; of none there is none', () => {
    expect(regionOf([undefined, '', 'Series 3', 'Poumon', 'Genou'])).toBe('CHEST');
    expect(regionOf(['Series 3', undefined])).toBeUndefined();
  });
});

describe('the series that is looked at first', () => {
  test.each<[string, SeriesSummary[], string]>([
    ['the lungs of a chest', named('CT', 'Thorax médiastin', 'Thorax poumon', 'Scout thorax'), 'Thorax poumon'],
    [
      'the portal phase of an abdomen',
      named('CT', 'Abdomen C-', 'Abdomen artériel C+', 'Abdomen portal C+'),
      'Abdomen portal C+',
    ],
    ['the brain of a head', named('CT', 'Crâne os', 'Crâne cerveau'), 'Crâne cerveau'],
    ['the axial one of another part', named('CT', 'Genou SAG', 'Genou AX'), 'Genou AX'],
    ['FLAIR of a head', named('MR', 'Cerveau T1', 'Cerveau T2', 'Cerveau FLAIR'), 'Cerveau FLAIR'],
    ['sagittal T2 of a spine', named('MR', 'Rachis AX T2', 'Rachis SAG T1', 'Rachis SAG T2'), 'Rachis SAG T2'],
    ['T2 of another part', named('MR', 'Genou T1', 'Genou T2'), 'Genou T2'],
    ['a chest from the front', named('DX', 'Thorax profil', 'Thorax face'), 'Thorax face'],
    ['the right breast from above', named('MG', 'L CC', 'R MLO', 'R CC'), 'R CC'],
    ['the first of an ultrasound', named('US', 'Foie', 'Rein'), 'Foie'],
  ])('is %s', (_what, list, uid) => {
    expect(firstToHang(list)).toBe(uid);
    expect(firstToHang(list, '9.9')).toBe(uid);
    expect(firstToHang(list, list.at(-1)?.seriesInstanceUid)).toBe(list.at(-1)?.seriesInstanceUid);
  });

  test('is an image where there is one, the first where none is like what is looked for, none of no series', () => {
    expect(firstToHang([series('1', 'SR'), series('2', 'CT')])).toBe('2');
    expect(firstToHang([series('1', 'SR'), series('2', 'KO')])).toBe('1');
    expect(firstToHang(named('MG', 'L MLO', 'L MLO 2'))).toBe('L MLO');
    expect(firstToHang([])).toBeUndefined();
  });

  test('may be asked for also where it is a document', () => {
    expect(firstToHang([series('1', 'SR'), series('2', 'CT')], '1')).toBe('1');
    expect(candidatesOf([series('1', 'SR'), series('2', 'CT')]).map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual(['2']);
  });

  test('is of as many kinds as hang side by side: four of a breast, of a head and of a spine by MR, two of a radiograph', () => {
    const counts = [
      kindsOf('MG', 'BREAST'),
      kindsOf('MR', 'HEAD'),
      kindsOf('MR', 'SPINE'),
      kindsOf('CR', 'CHEST'),
      kindsOf('CT', 'CHEST'),
      kindsOf('XA', undefined),
    ];
    expect(counts.map(({ length }) => length)).toEqual([4, 4, 4, 2, 1, 1]);
    expect(kindsOf('MG', undefined).map(({ side, view }) => `${side} ${view}`)).toEqual([
      'right cc',
      'left cc',
      'right mlo',
      'left mlo',
    ]);
  });
});
