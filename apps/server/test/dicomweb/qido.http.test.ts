import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import {
  type DicomwebServer,
  firstValue,
  hasTestData,
  type Json,
  openDicomweb,
  readTestFile,
  splitRelated,
  TESTDATA,
} from './support.ts';

const CT = '1.3.6.1.4.1.5962.1.2.1.20040119072730.12322';
const MR = '1.3.6.1.4.1.5962.1.2.4.20040826185059.5457';
const SURVEY = '1.3.46.670589.11.30.6.106253130282775287';
const FILES = [
  'pydicom/CT_small.dcm',
  'pydicom/MR_small.dcm',
  'pydicom/charset/chrGerm.dcm',
  'pydicom/charset/chrH31.dcm',
  'pydicom/rtdose.dcm',
  'pydicom/waveform_ecg.dcm',
  'highdicom/sr_document.dcm',
];

describe.skipIf(!hasTestData)('QIDO-RS (PS3.18 10.6)', () => {
  let server: DicomwebServer;
  let admin: Browser;
  const uids = (list: Json[]): string[] => list.map((one) => firstValue(one, '0020000D')).sort();
  const find = async (url: string): Promise<string[]> => uids(await server.json(admin, url));

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    const names = readdirSync(`${TESTDATA}/fo-dicom/series-MR-survey`).map((name) => `fo-dicom/series-MR-survey/${name}`);
    expect(names).toHaveLength(11);
    const answer = await server.store(admin, [...FILES, ...names].map(readTestFile));
    expect(answer.statusCode).toBe(200);
  });
  afterAll(() => server.close());

  test('studies carry the required and customary attributes unasked (Table 10.6.3-3)', async () => {
    const [study] = await server.json(admin, `/studies?StudyInstanceUID=${CT}`);
    expect(firstValue(study, '00080020')).toBe('20040119');
    expect(firstValue(study, '00080030')).toMatch(/^072730/);
    expect(firstValue(study, '00080056')).toBe('ONLINE');
    expect(study['00080061'].Value.sort()).toEqual(['CT']);
    expect(firstValue(study, '00080061')).toBeDefined();
    expect(firstValue(study, '00081030')).toBe('e+1');
    expect(firstValue(study, '00081190')).toBe(`${server.settings.publicUrl}/dicom-web/studies/${CT}`);
    expect(firstValue(study, '00100010')).toEqual({ Alphabetic: 'CompressedSamples^CT1' });
    expect(firstValue(study, '00100020')).toBe('1CT1');
    expect(study).toHaveProperty('00100030.vr', 'DA');
    expect(firstValue(study, '00100040')).toBe('O');
    expect(firstValue(study, '00200010')).toBe('1CT1');
    expect(firstValue(study, '00201206')).toBe(1);
    expect(firstValue(study, '00201208')).toBe(2);
  });

  test('series and instances answer at every relation (Table 10.6.1-2)', async () => {
    const series = await server.json(admin, `/studies/${SURVEY}/series`);
    expect(series).toHaveLength(1);
    const uid = firstValue(series[0], '0020000E');
    expect(series[0]).toMatchObject({ '00080060': { vr: 'CS', Value: ['MR'] }, '00201209': { vr: 'IS', Value: [11] } });
    for (const url of [
      `/studies/${SURVEY}/instances`,
      `/studies/${SURVEY}/series/${uid}/instances`,
      `/instances?StudyInstanceUID=${SURVEY}`,
      `/instances?SeriesInstanceUID=${uid}`,
    ]) {
      const instances = await server.json(admin, url);
      expect(instances).toHaveLength(11);
      const numbers = instances.map((one: Json) => firstValue(one, '00200013'));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(instances[0]).toMatchObject({ '00280010': { vr: 'US', Value: [256] }, '00280100': { vr: 'US', Value: [16] } });
      expect(firstValue(instances[0], '00081190')).toContain(`/studies/${SURVEY}/series/${uid}/instances/`);
    }
    expect(await server.json(admin, '/series?Modality=MR')).toHaveLength(2);
    expect(await server.json(admin, '/studies/1.2.3/series')).toEqual([]);
  });

  test.each([
    ['StudyInstanceUID', `${CT},${MR}`, [CT, MR]],
    ['StudyInstanceUID', `${CT}\\${MR}`, [CT, MR]],
    ['0020000D', CT, [CT]],
    ['PatientID', '1CT1', [CT]],
    ['PatientID', '?CT?', [CT]],
    ['PatientID', '*CT*', [CT]],
    ['PatientName', 'CompressedSamples^CT1', [CT]],
    ['PatientName', 'compressedsamples*', [CT, MR]],
    ['PatientName', '*^CT1', [CT]],
    ['PatientName', 'CompressedSamples^?T1', [CT]],
    ['StudyDate', '20040119', [CT]],
    ['StudyDate', '20040101-20040630', [CT]],
    ['StudyDate', '20040119-20040826', [CT, MR]],
    ['StudyTime', '0727-0728', [CT]],
    ['ModalitiesInStudy', 'CT', [CT]],
    ['StudyDescription', 'e+1', [CT]],
    ['NumberOfStudyRelatedInstances', '11', [SURVEY]],
  ])('%s=%s matches', async (name, value, expected) => {
    const found = await find(`/studies?${name}=${encodeURIComponent(value)}`);
    expect(found).toEqual(expected.toSorted());
  });

  test('repeated UID parameters make one list (10.6.1.2.1)', async () => {
    expect(await find(`/studies?StudyInstanceUID=${CT}&StudyInstanceUID=${MR}`)).toEqual([CT, MR].toSorted());
  });

  test('names match without accents or case, and by their ideographic group (PS3.4 C.2.2.2.1)', async () => {
    const german = await server.json(admin, '/studies?PatientName=aneas*');
    expect(german).toHaveLength(1);
    expect(firstValue(german[0], '00100010').Alphabetic).toBe('Äneas^Rüdiger');
    const japanese = await server.json(admin, `/studies?PatientName=${encodeURIComponent('山田^太郎')}`);
    expect(japanese).toHaveLength(1);
    expect(firstValue(japanese[0], '00100010')).toEqual({
      Alphabetic: 'Yamada^Tarou',
      Ideographic: '山田^太郎',
      Phonetic: 'やまだ^たろう',
    });
    expect(await server.json(admin, `/studies?PatientName=${encodeURIComponent('yamada*')}`)).toHaveLength(1);
  });

  test('fuzzymatching forgives typos, and takes words as beginnings in any order (PS3.4 C.2.2.2.1.1)', async () => {
    for (const name of ['CompresedSamples^CT1', 'compressedsmaples', 'ct1 compressedsamples', 'Compressed'])
      expect(await find(`/studies?fuzzymatching=true&PatientName=${encodeURIComponent(name)}`), name).toContain(CT);
    expect(await find('/studies?PatientName=CompresedSamples^CT1')).toEqual([]);
    expect(await find('/studies?fuzzymatching=true&PatientName=nobodyatall')).toEqual([]);
  });

  test('attributes of lower levels are ignored with a warning, Modality is that of the series (8.3.4.1)', async () => {
    const ignored = await server.get(admin, `/studies?SOPInstanceUID=1.2.3&StudyInstanceUID=${CT}`);
    expect(ignored.json()).toHaveLength(1);
    expect(ignored.headers.warning).toMatch(/^299 .*ignored/);
    expect(await find('/studies?Modality=CT')).toEqual([CT]);
    expect((await server.get(admin, '/studies?fuzzymatching=maybe')).statusCode).toBe(400);
  });

  test('XML is one Native DICOM Model a result, 204 when there is none (8.7.4, PS3.19 A.1)', async () => {
    const accept = 'multipart/related; type="application/dicom+xml"';
    const response = await server.get(admin, `/studies?StudyInstanceUID=${CT},${MR}`, { accept });
    const parts = splitRelated(response);
    expect(parts).toHaveLength(2);
    expect(parts[0]?.headers).toBe('Content-Type: application/dicom+xml');
    expect(parts.map(({ body }) => body.toString()).join()).toContain(
      '<DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1"><Alphabetic><FamilyName>CompressedSamples</FamilyName><GivenName>CT1</GivenName></Alphabetic></PersonName></DicomAttribute>',
    );
    expect((await server.get(admin, '/studies?PatientID=nobody', { accept })).statusCode).toBe(204);
  });

  test('dates and times of a combined range are one moment (PS3.4 C.2.2.2.5.4)', async () => {
    const range = 'StudyDate=20040119-20040826&StudyTime=080000-200000';
    // 19 January 07:27 is before the range begins; 26 August 18:50 is before it ends.
    expect(await find(`/studies?${range}`)).toEqual([MR]);
    expect(await find('/studies?StudyDate=20040118-20040826&StudyTime=080000-180000')).toEqual([CT]);
  });

  test('what is no time, or a range of three, is refused (8.3.4)', async () => {
    for (const time of ['25', '1260', '101061', '10-11-12', '-25'])
      for (const day of ['', '&StudyDate=20040119'])
        expect((await server.get(admin, `/studies?StudyTime=${time}${day}`)).statusCode, time + day).toBe(400);
    expect((await server.get(admin, '/studies?StudyTime=235960')).statusCode).toBe(200);
  });

  test('limit and offset page through one order; what is cut is told (8.3.4.4)', async () => {
    const all = await server.json(admin, '/studies');
    const pages: Json[] = [];
    for (let offset = 0; offset < all.length; offset += 2) {
      const response = await server.get(admin, `/studies?limit=2&offset=${offset}`);
      const more = offset + 2 < all.length;
      expect(response.headers.warning === undefined).toBe(!more);
      if (more) expect(response.headers.warning).toMatch(/^299 .*additional results/);
      pages.push(...response.json());
    }
    expect(pages).toEqual(all);
    expect((await server.get(admin, '/studies?limit=0')).json()).toEqual([]);
  });

  test('nothing found is 200 with an empty array', async () => {
    const response = await server.get(admin, '/studies?PatientID=nobody');
    expect([response.statusCode, response.json()]).toEqual([200, []]);
  });

  test('includefield adds attributes by tag, keyword, list and all (10.6.1.2.2)', async () => {
    const asked = async (fields: string): Promise<Json> =>
      (await server.json(admin, `/studies?StudyInstanceUID=${CT}&${fields}`))[0];
    expect(await asked('')).not.toHaveProperty('00101010');
    for (const fields of [
      'includefield=PatientAge',
      'includefield=00101010',
      'includefield=PatientSize,PatientAge',
      'includefield=all',
    ])
      expect(firstValue(await asked(fields), '00101010'), fields).toBe('000Y');
    expect(firstValue(await asked('includefield=StudyDescription&includefield=00081030'), '00081030')).toBe('e+1');
  });

  test('attributes that the index keeps are matched without a column of their own', async () => {
    expect(await find(`/studies?PatientAge=000Y&StudyInstanceUID=${CT}`)).toEqual([CT]);
    expect(await find('/studies?PatientAge=111Y')).toEqual([]);
    const series = await server.json(admin, '/series?Manufacturer=GE*');
    expect(series.map((one: Json) => firstValue(one, '0020000D'))).toContain(CT);
    expect(await server.json(admin, '/instances?Manufacturer=GE*&SOPClassUID=1.2.840.10008.5.1.4.1.1.2')).toHaveLength(1);
  });

  test('the answer is DICOM JSON for every Accept that takes it, and 406 for none that do', async () => {
    for (const accept of [
      'application/dicom+json',
      'application/json',
      '*/*',
      'application/*',
      'text/html, application/dicom+json;q=0.2',
    ])
      expect((await server.get(admin, '/studies?limit=1', { accept })).statusCode, accept).toBe(200);
    expect((await server.get(admin, '/studies?limit=1&accept=application/json')).headers['content-type']).toContain('json');
    for (const accept of ['image/png', 'text/html', 'application/dicom+json;q=0'])
      expect((await server.get(admin, '/studies', { accept })).statusCode, accept).toBe(406);
  });
});
