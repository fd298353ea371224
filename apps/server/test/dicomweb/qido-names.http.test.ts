import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { BOUNDARY, type DicomwebServer, firstValue, type Json, openDicomweb, relatedBody } from './support.ts';

const ROOT = '1.2.826.0.1.941';
const pn = (...names: Json[]): Json => ({ vr: 'PN', Value: names });
/** Patient's Name, Referring Physician's Name, Performing Physician's Name, Physician(s) of Record. */
const STUDIES: readonly (readonly [string, Json, Json, Json])[] = [
  ['SUBJ_001', { Alphabetic: 'House^Gregory^^Dr' }, { Alphabetic: 'Cuddy^Lisa' }, { Alphabetic: 'Wilson^James' }],
  ['SUBJX001', { Alphabetic: 'Wilson^James' }, { Alphabetic: 'House^Gregory' }, { Alphabetic: 'Chase_Robert' }],
  ['50% Off', { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }, { Alphabetic: 'X' }, { Alphabetic: 'Y' }],
  ['Plain', { Alphabetic: 'Lefèvre^Zoé' }, { Alphabetic: 'X' }, { Alphabetic: 'Y' }],
];

const dataset = ([patient, referring, performing, record]: (typeof STUDIES)[number], number: number): Json => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.88.11'] },
  '00080018': { vr: 'UI', Value: [`${ROOT}.${number}.1.1`] },
  '00080060': { vr: 'CS', Value: ['SR'] },
  '00080090': pn(referring),
  '00081048': pn(record),
  '00081050': pn(performing),
  '00100010': pn({ Alphabetic: patient }),
  '00100020': { vr: 'LO', Value: [`NAMES-${number}`] },
  '0020000D': { vr: 'UI', Value: [`${ROOT}.${number}`] },
  '0020000E': { vr: 'UI', Value: [`${ROOT}.${number}.1`] },
});

describe('Person Names in QIDO-RS (PS3.4 C.2.2.2, PS3.5 6.2.1)', () => {
  let server: DicomwebServer;
  let admin: Browser;
  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    const response = await server.app.inject({
      method: 'POST',
      url: '/dicom-web/studies',
      headers: { ...admin.headers, 'content-type': `multipart/related; type="application/dicom+json"; boundary=${BOUNDARY}` },
      payload: relatedBody([{ type: 'application/dicom+json', body: Buffer.from(JSON.stringify(STUDIES.map(dataset))) }]),
    });
    expect(response.statusCode).toBe(200);
  });
  afterAll(() => server.close());

  const find = async (level: 'studies' | 'series', keys: Record<string, string>): Promise<number[]> => {
    const list: Json[] = await server.json(admin, `/${level}?${new URLSearchParams(keys)}`);
    return list.map((one) => Number(firstValue(one, '0020000D').slice(ROOT.length + 1))).sort();
  };

  test('a name keeps its components and groups in answers', async () => {
    const list: Json[] = await server.json(admin, '/studies?includefield=all');
    const shown = new Map(list.map((one) => [firstValue(one, '0020000D'), firstValue(one, '00080090')]));
    for (const [index, [, referring]] of STUDIES.entries()) expect(shown.get(`${ROOT}.${index}`)).toEqual(referring);
  });

  test.each<['studies' | 'series', string, string, number[]]>([
    ['studies', 'ReferringPhysicianName', 'House^Gregory^^Dr', [0]],
    ['studies', 'ReferringPhysicianName', 'house^greg*', [0]],
    ['studies', 'ReferringPhysicianName', 'Gregory^House', []],
    ['studies', 'ReferringPhysicianName', 'LEFEVRE^ZOE', [3]],
    ['studies', 'ReferringPhysicianName', '山田^太郎', [2]],
    ['studies', 'PhysiciansOfRecord', 'wilson^james', [0]],
    ['series', 'PerformingPhysicianName', 'HOUSE*', [1]],
    ['series', 'PerformingPhysicianName', 'cuddy^lisa', [0]],
    ['series', 'ReferringPhysicianName', 'Wilson*', [1]],
  ])('%s by %s=%s', async (level, keyword, value, expected) => {
    expect(await find(level, { [keyword]: value })).toEqual(expected);
  });

  test.each([
    ['PatientName', 'SUBJ_001', [0]],
    ['PatientName', 'subj_0*', [0]],
    ['PatientName', 'SUBJ?001', [0, 1]],
    ['PatientName', '*_*', [0]],
    ['PatientName', '*%*', [2]],
    ['PatientName', '50% off', [2]],
    ['PatientName', '50%', []],
    ['PhysiciansOfRecord', 'Chase_*', [1]],
    ['PhysiciansOfRecord', 'Chase%', []],
    ['PatientID', 'NAMES_0', []],
    ['PatientID', 'NAMES%', []],
    ['PatientID', 'NAMES-?', [0, 1, 2, 3]],
  ])('underscore, percent sign and backslash are ordinary characters: %s=%s', async (keyword, value, expected) => {
    expect(await find('studies', { [keyword]: value })).toEqual(expected);
  });

  test('the studies of a study’s patient are found without an identifier in the address', async () => {
    expect(await find('studies', { samePatientAs: `${ROOT}.1` })).toEqual([1]);
    expect(await find('studies', { samePatientAs: `${ROOT}.1`, PatientName: 'nobody' })).toEqual([]);
    const unknown = await server.get(admin, '/studies?samePatientAs=1.2.3.4', { accept: 'application/dicom+json' });
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'NOT_FOUND']);
    const researcher = await server.login('RESEARCHER');
    const hidden = await server.get(researcher, `/studies?samePatientAs=${ROOT}.1`, { accept: 'application/dicom+json' });
    expect(hidden.statusCode).toBe(404);
  });

  test('typos are looked for in patients’ names, not under the name of another attribute', async () => {
    expect(await find('studies', { ReferringPhysicianName: 'House^Gregory*', fuzzymatching: 'true' })).toEqual([0]);
    expect(await find('studies', { PatientName: 'subj', fuzzymatching: 'true' })).toEqual([0, 1]);
  });
});
