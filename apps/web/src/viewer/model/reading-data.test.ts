import { featuresOf, planeOf, regionOf, wordsOf } from '@negatoscope/dicom';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { frameOf, STUDY, seriesOf } from '../testing/pane-fixture.ts';
import {
  type DicomJson,
  parseDatasets,
  readItems,
  readNumber,
  readNumbers,
  readPersonName,
  readString,
  readStrings,
  TAG,
} from './dicom-json.ts';
import { DicomwebError } from './dicomweb.ts';
import { onStudyRung, ringStudy } from './study-bell.ts';
import { forgetStudies, isFetchedAhead, loadMapping, loadSeries, loadStudy, prefetchFrame, takeFrame } from './study-source.ts';

const of = (...Value: unknown[]): DicomJson => ({ '00100010': { vr: 'LO', Value } }) as DicomJson; // As untrusted as they come.
const PN = TAG.PatientName;

describe('values of a dataset', () => {
  it.each([
    [[' text '], 'text'],
    [[''], undefined],
    [['   '], undefined],
    [[5], '5'],
    [[null], undefined],
    [[{ Alphabetic: 'A' }], undefined],
    [[], undefined],
  ])('%j as a text is %j', (values, text) => {
    expect(readString(of(...values), PN)).toBe(text);
  });

  it('are texts only where they are', () => {
    expect(readStrings(of('a ', 3, null, ' b'), PN)).toEqual(['a', 'b']);
    expect([readString(undefined, PN), readStrings({}, PN)]).toEqual([undefined, []]);
  });

  it.each([
    [
      [1, 2.5],
      [1, 2.5],
    ],
    [
      ['1.5 ', ' -2'],
      [1.5, -2],
    ],
    [[1, 'x'], undefined],
    [[1, ''], undefined],
    [[Number.POSITIVE_INFINITY], undefined],
    [[null], undefined],
    [[], undefined],
  ])('%j as numbers are %j, all or none', (values, numbers) => {
    expect(readNumbers(of(...values), PN)).toEqual(numbers);
    expect(readNumber(of(...values), PN)).toBe(numbers?.[0]);
  });

  it.each([
    [{ Alphabetic: 'MARTIN^ANNA', Ideographic: '山田' }, 'MARTIN^ANNA'],
    [{ Alphabetic: '', Ideographic: '山田^太郎' }, '山田^太郎'],
    [{ Phonetic: 'やまだ' }, 'やまだ'],
    ['MARTIN^ANNA=山田', 'MARTIN^ANNA'],
    [{ Alphabetic: 5 }, undefined],
    [7, undefined],
  ])('%j as a name is %j', (value, name) => {
    expect(readPersonName(of(value), PN)).toBe(name);
  });

  it('that should be datasets and are not are left out', () => {
    expect(parseDatasets([{ a: 1 }, null, 'x', [1], {}])).toEqual([{ a: 1 }, {}]);
    expect([parseDatasets('x'), parseDatasets({ 0: {} })]).toEqual([[], []]);
    expect(readItems(of({ x: 1 }, 'y', null), PN)).toEqual([{ x: 1 }]);
  });
});

describe('what the words of a series say', () => {
  const text = (description: string, modality = 'CT') => wordsOf(description, modality);

  it.each([
    ['thorax sans injection', { contrast: 'without' }],
    ['abdomen c+ portal', { contrast: 'with', phase: 'portal' }],
    ['temps tardif injecte', { contrast: 'with', phase: 'late' }],
    ['parenchyme 1.0 lung', { kernel: 'lung' }],
    ['rachis os', { kernel: 'bone' }],
    ['artefact', {}],
  ])('of a CT, "%s"', (description, words) => {
    expect(text(description)).toEqual(words);
  });

  it.each([
    ['ax t2 flair', 'flair'],
    ['dwi b1000', 'dwi'],
    ['adc map', 'adc'],
    ['t1 mprage gado', 't1'],
    ['3d tof', 'tof'],
    ['t2*', 'swi'],
    ['dp fat sat', 'pd'],
  ])('of an MR, "%s" is weighted %s; of a CT it is not', (description, weighting) => {
    expect(text(description, 'MR').weighting).toBe(weighting);
    expect(text(description, 'CT').weighting).toBeUndefined();
  });

  it.each([
    ['rcc', { side: 'right', view: 'cc' }],
    ['l mlo', { side: 'left', view: 'mlo' }],
    ['genou droit face', { side: 'right', view: 'frontal' }],
    ['cheville gauche profil', { side: 'left', view: 'lateral' }],
  ])('of a projection, "%s" is a side and a view', (description, words) => {
    expect(text(description, 'MG')).toMatchObject(words);
    expect(text(description, 'CT')).not.toHaveProperty('side');
  });

  it.each([
    ['Coupes axiales 2,5 mm', { plane: 'axial', thicknessMm: 2.5 }],
    ['COR 5mm', { plane: 'coronal', thicknessMm: 5 }],
    ['Sagittale', { plane: 'sagittal' }],
    ['512mm', {}],
  ])('"%s" has a plane and a thickness', (description, features) => {
    const { plane, thicknessMm } = featuresOf({ ...seriesOf(), frames: undefined, description } as never); // A series of which only the list is known.
    expect({ ...(plane && { plane }), ...(thicknessMm !== undefined && { thicknessMm }) }).toEqual(features);
  });

  it('count less than the images themselves', () => {
    const orientation = { row: [0, 1, 0], column: [0, 0, -1] } as never; // Of a sagittal slice (PS3.3 C.7.6.2.1.1).
    const series = seriesOf({
      description: 'axial 5 mm',
      isSpatial: true,
      frames: [frameOf(1, { orientation, sliceThicknessMm: 1 })],
    });
    expect(featuresOf(series, series)).toMatchObject({ plane: 'sagittal', thicknessMm: 1, count: 1, text: 'axial 5 mm' });
    expect(planeOf({ ...series, isSpatial: false })).toBeUndefined();
  });

  it.each([
    [['SEIN'], 'BREAST'],
    [['', 'Rachis cervical'], 'SPINE'],
    [['Thorax', 'Crâne'], 'CHEST'],
    [[undefined, 'ÉPAULE droite'], 'LIMB'],
    [['COU'], 'NECK'],
    [['scan'], undefined],
  ])('%j is of the region %s', (texts, region) => {
    expect(regionOf(texts)).toBe(region);
  });
});

describe('what is fetched ahead', () => {
  const list = [
    { '0020000E': { vr: 'UI', Value: ['1.2'] }, '00080060': { vr: 'CS', Value: ['SR'] } },
    { '0020000E': { vr: 'UI', Value: ['1.1'] }, '00080060': { vr: 'CS', Value: ['CT'] } },
    { '00080060': { vr: 'CS', Value: ['CT'] } },
  ];
  let asked: string[] = [];
  const answers = (answer: (address: string) => Response | Promise<Response>): void => {
    asked = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      return answer(address);
    });
  };
  const json = (body: unknown): Response =>
    new Response(JSON.stringify(body), { headers: { 'content-type': 'application/dicom+json' } });
  beforeEach(() => forgetStudies());

  it('is asked for once, and once more after a minute', async () => {
    answers(() => json(list));
    const now = vi.spyOn(Date, 'now').mockReturnValue(1_000);
    const [first] = await Promise.all([loadStudy(STUDY), loadStudy(STUDY)]);
    // Images come before documents; what has no number of its own is none.
    expect(first.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual(['1.1', '1.2']);
    expect(asked).toHaveLength(1);
    now.mockReturnValue(61_001);
    await loadStudy(STUDY);
    expect(asked).toHaveLength(2);
    now.mockRestore();
  });

  it('is another for each group, and nothing once it is forgotten', async () => {
    answers(() => json(list));
    await loadStudy(STUDY);
    await loadStudy({ ...STUDY, groupId: 'a' });
    expect(asked.map((address) => address.split('/studies')[0])).toEqual(['/dicom-web/groups/none', '/dicom-web/groups/a']);
    forgetStudies();
    await loadStudy(STUDY);
    expect(asked).toHaveLength(3);
  });

  it('that failed is asked for again', async () => {
    let isDown = true;
    answers(() => (isDown ? new Response('', { status: 500 }) : json(list)));
    await expect(loadStudy(STUDY)).rejects.toBeInstanceOf(DicomwebError);
    isDown = false;
    expect(await loadStudy(STUDY)).toHaveLength(2);
  });

  it('keeps no more than a few', async () => {
    answers(() => json(list));
    for (let number = 0; number < 26; number += 1) await loadStudy({ studyInstanceUid: `1.${number}` });
    asked = [];
    await loadStudy({ studyInstanceUid: '1.25' });
    await loadStudy({ studyInstanceUid: '1.0' });
    expect(asked).toHaveLength(1);
  });

  it('asks which instances are videos only where some may be', async () => {
    const image = { '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] }, '00080018': { vr: 'UI', Value: ['1.1.1'] } };
    answers(() => json([image]));
    await loadSeries(STUDY, '1.1');
    expect(asked).toHaveLength(1);
    answers(() => json([{ ...image, '00280004': { vr: 'CS', Value: ['YBR_PARTIAL_420'] } }]));
    await loadSeries(STUDY, '1.3');
    expect(asked).toHaveLength(2);
  });

  it('of a frame is handed over once; what failed ahead is fetched then', async () => {
    const frame = (): Response =>
      new Response(
        '--b\r\nContent-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\nPIXELS\r\n--b--\r\n',
        {
          headers: { 'content-type': 'multipart/related; type="application/octet-stream"; boundary=b' },
        },
      );
    const url = '/dicom-web/studies/1/series/1.1/instances/1.1.1/frames/1';
    answers(frame);
    await prefetchFrame(url);
    expect(isFetchedAhead(url)).toBe(true);
    expect(new TextDecoder().decode((await takeFrame(url, {})).bytes)).toBe('PIXELS');
    expect([isFetchedAhead(url), asked.length]).toEqual([false, 1]);
    await takeFrame(url, {});
    expect(asked).toHaveLength(2);
    answers(() => new Response('', { status: 500 }));
    await prefetchFrame(url).catch(() => undefined);
    answers(frame);
    expect((await takeFrame(url, {})).transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
  });

  it('of how grey is shown says whether the line or the server failed', async () => {
    answers(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(loadMapping(STUDY, '1.1')).rejects.toMatchObject({ code: 'NETWORK' });
    answers(() => new Response('{"code":"INTERNAL"}', { status: 500 }));
    await expect(loadMapping(STUDY, '1.1')).rejects.toMatchObject({ code: 'SERVER' });
    answers(() => new Response('{"mapping":null}'));
    expect(await loadMapping(STUDY, '1.1')).toBeNull();
  });
});

describe('the bell of a study', () => {
  it('rings for who listens to that study in that group, until they stop', () => {
    const rung: string[] = [];
    const stop = onStudyRung(STUDY, () => rung.push('a'));
    const stopOther = onStudyRung(STUDY, () => rung.push('b'));
    onStudyRung({ studyInstanceUid: STUDY.studyInstanceUid }, () => rung.push('other'))();
    ringStudy(STUDY);
    stop();
    ringStudy(STUDY);
    stopOther();
    ringStudy(STUDY);
    expect(rung).toEqual(['a', 'b', 'b']);
  });
});
