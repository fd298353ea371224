import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packSeriesMetadata } from '../../src/archive/metadata/packing.ts';
import { boundedQuery } from '../../src/features/dicomweb/qido/instances.ts';
import { parseQidoQuery } from '../../src/features/dicomweb/qido/query.ts';
import { DiskStore } from '../../src/platform/objects/disk/disk-store.ts';
import type { Browser } from '../support/app.ts';
import { UPKEEP } from '../support/upkeep.ts';
import { type DicomwebServer, firstValue, hasTestData, type Json, openDicomweb, readTestFile, TESTDATA } from './support.ts';

const SURVEY = '1.3.46.670589.11.30.6.106253130282775287';

describe.skipIf(!hasTestData)(
  'attributes of instances asked for in a search (PS3.18 8.3.4.3; needs the shared test data)',
  () => {
    let server: DicomwebServer;
    let admin: Browser;
    let metadata: Map<string, Json>;

    beforeAll(async () => {
      server = await openDicomweb();
      admin = await server.login('ADMIN');
      const names = readdirSync(`${TESTDATA}/fo-dicom/series-MR-survey`).map((name) => `fo-dicom/series-MR-survey/${name}`);
      const files = [...names, 'highdicom/seg_image_ct_binary.dcm', 'pydicom/CT_small.dcm'];
      expect((await server.store(admin, files.map(readTestFile))).statusCode).toBe(200);
      const list: Json[] = await server.json(admin, `/studies/${SURVEY}/metadata`);
      metadata = new Map(list.map((one) => [firstValue(one, '00080018'), one]));
    });
    afterAll(() => server.close());

    const all = (query: string): Promise<Json[]> => server.json(admin, `/studies/${SURVEY}/instances?${query}`);

    test('any attribute of the stored instance comes by keyword, tag and list, and none unasked', async () => {
      for (const [plain] of [await all('')]) expect(plain).not.toHaveProperty('00200032');
      const list = await all('includefield=ImagePositionPatient,00080008&includefield=PixelSpacing');
      expect(list).toHaveLength(11);
      for (const one of list) {
        const whole = metadata.get(firstValue(one, '00080018'));
        for (const tag of ['00200032', '00080008', '00280030']) expect([tag, one[tag]]).toEqual([tag, whole[tag]]);
        expect(one).not.toHaveProperty('00180081');
      }
    });

    test('`all` is everything that the metadata have, bulk data by address', async () => {
      for (const one of await all('includefield=all')) {
        const whole = metadata.get(firstValue(one, '00080018'));
        expect(Object.keys(one)).toEqual(expect.arrayContaining(Object.keys(whole)));
        expect(one['7FE00010']).toEqual(whole['7FE00010']);
        expect(firstValue(one, '00100010')).toEqual(firstValue(whole, '00100010'));
        expect(Object.keys(one)).toEqual(Object.keys(one).sort());
      }
    });

    test('a path of a sequence gives that part of its items', async () => {
      const [seg] = await server.json(
        admin,
        '/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.66.4&includefield=SegmentSequence.SegmentLabel',
      );
      const items: Json[] = seg['00620002'].Value;
      expect(items.length).toBeGreaterThan(0);
      for (const item of items) expect(Object.keys(item)).toEqual(['00620005']);
    });

    test('studies and series are not read for it', async () => {
      const [series] = await server.json(admin, `/studies/${SURVEY}/series?includefield=all`);
      expect(series).not.toHaveProperty('00200032');
    });

    test('the same once the metadata of the series are packed into one object', async () => {
      const before = await all('includefield=all');
      const objects = await DiskStore.open({ root: path.join(server.settings.dataDir, 'objects') });
      const clock = { now: () => new Date(Date.now() + 3_600_000) };
      expect(await packSeriesMetadata({ db: server.db, by: UPKEEP, objects, clock })).toBeGreaterThan(0);
      expect(await all('includefield=all')).toEqual(before);
    });

    test('a pseudonymised user is given what describes the acquisition only', async () => {
      const researcher = await server.login('RESEARCHER');
      const response = await server.get(researcher, `/studies/${SURVEY}/instances?includefield=all`);
      const seen = response.statusCode === 200 ? response.json<Json[]>() : [];
      for (const one of seen) {
        expect(one).not.toHaveProperty('00081010');
        expect(one).not.toHaveProperty('00080080');
        expect(firstValue(one, '00100020')).toMatch(/^NG-/);
      }
    });

    test('XML has them too', async () => {
      const accept = 'multipart/related; type="application/dicom+xml"';
      const url = `/studies/${SURVEY}/instances?includefield=ImagePositionPatient&limit=1`;
      expect((await server.get(admin, url, { accept })).body).toContain('keyword="ImagePositionPatient"');
    });
  },
);

test('a search that asks for attributes of instances has 500 results at most; others keep their limit', () => {
  const limit = (query: string): number => boundedQuery(parseQidoQuery('instances', new URLSearchParams(query)), true).limit;
  expect([limit(''), limit('includefield=Rows'), limit('includefield=Manufacturer')]).toEqual([5000, 5000, 5000]);
  expect([limit('includefield=all'), limit('includefield=PixelSpacing'), limit('ImageType=')]).toEqual([500, 500, 500]);
  expect(limit('includefield=all&limit=7')).toBe(7);
});
