import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAPABILITIES, RENDERED_CAPABILITIES } from '../../src/features/dicomweb/capabilities.ts';
import type { Browser } from '../support/app.ts';
import { isTried } from '../support/sample.ts';
import { type DicomwebServer, hasTestData, instancePath, manifest, openDicomweb, readTestFile, rowOf } from './support.ts';

const VALUES = [
  '',
  '*',
  '**',
  '?',
  '*?*?*?*',
  `${'*a'.repeat(400)}`,
  '%',
  '_',
  '\\',
  '\\\\',
  "'",
  "'; DROP TABLE studies; --",
  '$1',
  '-',
  '--',
  '00000000',
  '99999999',
  '20240230',
  '00010101-99991231',
  '20249999-',
  '-20240101-',
  '1e309',
  '-0',
  '٣',
  '\u0000',
  '\ufffe\ud800',
  'a^b^c^d^e^f=g=h=i',
  '=',
  '^',
  ',',
  '\\,\\,',
  '1.2.'.repeat(500),
  '9'.repeat(300),
];
const KEYS = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'AccessionNumber',
  'ModalitiesInStudy',
  'ReferringPhysicianName',
  'StudyDescription',
  'NumberOfStudyRelatedSeries',
  'SeriesInstanceUID',
  'Modality',
  'SeriesNumber',
  'SOPInstanceUID',
  'Rows',
  'PatientAge',
  'RequestAttributesSequence.ScheduledProcedureStepID',
  'PerformedProcedureStepStartDate',
  'limit',
  'offset',
  'fuzzymatching',
  'includefield',
  'accept',
  'groupId',
  '__proto__',
  'constructor',
];

describe.skipIf(!hasTestData)('hostile requests', () => {
  let server: DicomwebServer;
  let admin: Browser;
  let instance: string;
  const lines: string[] = [];

  beforeAll(async () => {
    server = await openDicomweb({ logLines: lines });
    admin = await server.login('ADMIN');
    instance = instancePath(rowOf(manifest(), 'pydicom/CT_small.dcm'));
    await server.store(admin, [readTestFile('pydicom/CT_small.dcm')]);
  });
  afterAll(() => server.close());

  test.each(['/studies', '/series', '/instances'].map((level, place) => [level, place] as const))(
    'every key of %s with values of every kind is answered below 500',
    { timeout: 120_000 },
    async (level, place) => {
      const bad: string[] = [];
      for (const [at, key] of KEYS.entries())
        for (const value of VALUES.filter((_, kind) => isTried(place, at, kind)))
          for (const more of key === 'PatientName' ? ['', '&fuzzymatching=true'] : ['']) {
            const response = await server.get(admin, `${level}?${key}=${encodeURIComponent(value.toWellFormed())}${more}`);
            const problem = response.statusCode < 400 || /problem\+json/.test(String(response.headers['content-type']));
            if (response.statusCode >= 500 || !problem) bad.push(`${key}=${value.slice(0, 40)} ${response.statusCode}`);
          }
      expect(bad).toEqual([]);
    },
  );

  test('keys that are no attribute, too many keys, dates beside times', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `0018${(0x1000 + index).toString(16)}=1`).join('&');
    for (const query of [
      'nonsense=1',
      'PatientName.x=1',
      '0010=1',
      'includefield=x',
      many,
      'limit=1e3',
      'limit=0x10',
      'offset=-1',
    ])
      expect((await server.get(admin, `/studies?${query}`)).statusCode, query).toBe(400);
    for (const query of [
      'StudyDate=*&StudyTime=*',
      'StudyDate=20040119&StudyTime=*',
      'StudyDate=-20300101&StudyTime=-0000',
      'limit=999999999',
      'offset=99999999999',
    ])
      expect((await server.get(admin, `/studies?${query}`)).statusCode, query).toBe(200);
  });

  test.each([
    [
      'a',
      '/',
      '..',
      '1..2',
      '.1',
      '1.',
      '1.2.3%00',
      '%2e%2e%2f',
      '٣.٣',
      '1'.repeat(65),
      `1.${'2'.repeat(3000)}`,
      "1' OR '1'='1",
      '%',
      '%zz',
      '<svg>',
      '0',
      '*',
    ],
  ])('UIDs that are none name nothing', async (...uids) => {
    for (const { path, method } of [...CAPABILITIES, ...RENDERED_CAPABILITIES].filter(({ path }) => path.includes('{study}')))
      for (const uid of uids) {
        if (method !== 'GET') continue;
        const url = path
          .replaceAll(/\{(study|series|instance)\}/g, encodeURI(uid).replaceAll('/', '%2f'))
          .replaceAll(/\{\w+\}/g, '1');
        const response = await server.get(admin, url);
        expect(response.statusCode, url).toBeLessThan(500);
      }
  });

  test.each([
    '*',
    ',,,',
    ';;;',
    'a/b/c',
    '"',
    'multipart/related; type="',
    'multipart/related; type="*/*"',
    'multipart/related',
    'application/dicom; q=NaN',
    'application/dicom; q=-1',
    'image/*;q=1e999',
    '*/*;q=0',
    'application/dicom+json; charset=utf-16',
    'x'.repeat(5000),
    `${'a/b, '.repeat(1000)}`,
    'application/dicom; transfer-syntax="1.2.840.10008.1.2.1',
    '\u00ff\u00fe',
  ])('Accept: %s', async (accept) => {
    for (const url of [
      '/studies',
      instance,
      `${instance}/metadata`,
      `${instance}/frames/1`,
      `${instance}/bulkdata/0-4`,
      `${instance}/pixeldata`,
      `${instance}/rendered`,
      '/',
    ]) {
      const response = await server.get(admin, url, { accept });
      expect(response.statusCode, url).toBeLessThan(500);
      if (response.statusCode >= 400) expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
  });

  test('WADO-URI with what makes no sense', async () => {
    const [, , study, , series, , uid] = instance.split('/');
    const base = `/wado?requestType=WADO&studyUID=${study}&seriesUID=${series}&objectUID=${uid}`;
    for (const more of [
      '&frameNumber=0',
      '&frameNumber=x',
      '&rows=-1',
      '&rows=999999999',
      '&windowCenter=x&windowWidth=y',
      '&windowCenter=1&windowWidth=0',
      '&imageQuality=1e9',
      '&contentType=a/b',
      '&transferSyntax=1',
      '&contentType=application/dicom&transferSyntax=x',
    ])
      expect((await server.get(admin, base + more)).statusCode, more).toBeLessThan(500);
    for (const url of ['/wado', '/wado?requestType=WADO', '/wado?requestType=x&studyUID=1'])
      expect((await server.get(admin, url)).statusCode).toBe(400);
  });

  test('nothing of all this was an unexpected error', () => {
    expect(lines.filter((line) => line.includes('"unexpected"'))).toEqual([]);
  });
});
