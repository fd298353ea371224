import { readFileSync } from 'node:fs';
import { isKnownCode, SHOWN_ATTRIBUTES } from '@negatoscope/dicom';
import { chestXray, type Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../../src/platform/db/statements.ts';
import type { Browser } from '../support/app.ts';
import { isTried } from '../support/sample.ts';
import { type DicomwebServer, type Json, openDicomweb } from './support.ts';

const NAME = 'dupont';
/** What no attribute of this VR looks like, in every attribute that the index keeps of a series and who sees pseudonyms may read. */
const HIDDEN: Dataset = {
  Modality: { vr: 'CS', value: NAME },
  BodyPartExamined: { vr: 'CS', value: NAME },
  '00200060': { vr: 'CS', value: NAME },
  '00080021': { vr: 'LO', value: NAME },
  '00080031': { vr: 'LO', value: NAME },
  '00200052': { vr: 'LO', value: NAME },
};
/** Values of the right form, the last two in an attribute of another VR than theirs. */
const SHOWN: Dataset = {
  Modality: 'CT',
  BodyPartExamined: 'CHEST',
  '00200060': { vr: 'CS', value: 'L' },
  '00080021': { vr: 'DA', value: '20260115' },
  '00080031': { vr: 'TM', value: '101112' },
  '00200052': { vr: 'UI', value: '2.25.99' },
};
const MISLABELLED: Dataset = {
  ...SHOWN,
  '00080021': { vr: 'LO', value: '20260116' },
  '00200060': { vr: 'LO', value: 'DUPONT' },
};

/** A name in capitals is a code string by its letters. */
const IN_CAPITALS: Dataset = {
  Modality: { vr: 'CS', value: 'MARTIN' },
  BodyPartExamined: { vr: 'CS', value: 'MARTIN' },
  '00080021': { vr: 'DA', value: '20250101' },
  '00080031': { vr: 'TM', value: '090000' },
};

describe('who sees pseudonyms finds nothing by what is not shown', () => {
  let server: DicomwebServer;
  let researcher: Browser;
  let member: Browser;
  beforeAll(async () => {
    server = await openDicomweb();
    const groupId = await server.makeGroup();
    member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
    researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    const files = [HIDDEN, SHOWN, MISLABELLED, IN_CAPITALS].flatMap((dataset, place) =>
      [...chestXray({ seed: `hidden ${place}`, rows: 16, columns: 16, dataset })].map(({ bytes }) => Buffer.from(bytes)),
    );
    expect((await server.store(member, files)).statusCode).toBe(200);
  });
  afterAll(() => server.close());

  const found = async (who: Browser, url: string): Promise<number> => (await server.json(who, url)).length;
  const api = async (who: Browser, url: string): Promise<Json> =>
    (await server.app.inject({ method: 'GET', url: `/api/${url}`, headers: { cookie: who.cookie } })).json();

  test.each([
    ['/series?BodyPartExamined=du*', 1],
    [`/series?BodyPartExamined=${NAME}`, 1],
    ['/series?BodyPartExamined=MARTIN', 1],
    ['/series?BodyPartExamined=MART*', 1],
    ['/studies?ModalitiesInStudy=MARTIN', 1],
    ['/series?Modality=Du*', 1],
    [`/series?Modality=${NAME}`, 1],
    [`/studies?ModalitiesInStudy=${NAME}`, 1],
    [`/studies?Modality=${NAME}`, 1],
    [`/series?ModalitiesInStudy=${NAME}`, 1],
    ['/instances?Modality=du*', 1],
    [`/instances?ModalitiesInStudy=${NAME}`, 1],
    ['/series?Laterality=du?o*', 2],
    [`/series?Laterality=DUPONT`, 1],
    ['/series?SeriesDate=du*', 1],
    ['/series?SeriesDate=20260116', 1],
    ['/series?SeriesDate=20260116-20260120', 1],
    ['/series?SeriesTime=d*', 1],
    [`/series?FrameOfReferenceUID=${NAME}`, 1],
  ])('QIDO-RS %s', async (url, count) => {
    expect([await found(member, url), await found(researcher, url)]).toEqual([count, 0]);
  });

  test('by no attribute that the answers may show, at any level, whole or by its beginning', { timeout: 300_000 }, async () => {
    const oracles: string[] = [];
    for (const [place, level] of ['studies', 'series', 'instances'].entries())
      for (const [attribute, tag] of [...SHOWN_ATTRIBUTES].entries())
        for (const [at, value] of [NAME, 'du*', 'DUPONT'].entries()) {
          if (!isTried(place, attribute, at)) continue;
          const response = await server.get(researcher, `/${level}?${tag}=${value}`);
          const isRefused = [400, 403].includes(response.statusCode) || /ignored/.test(String(response.headers.warning));
          if (!isRefused && response.json<Json[]>().length > 0) oracles.push(`${level} ${tag}=${value}`);
        }
    expect(oracles).toEqual([]);
  });

  test('but all that is shown', async () => {
    for (const url of [
      '/series?BodyPartExamined=CHE*',
      '/series?BodyPartExamined=CHEST',
      '/series?Modality=C*',
      '/studies?ModalitiesInStudy=CT',
      '/studies?Modality=CT,dupont',
      '/instances?Modality=CT',
    ])
      expect([url, await found(researcher, url)]).toEqual([url, 2]);
    for (const url of [
      '/series?Laterality=l*',
      '/series?SeriesDate=202601*',
      '/series?SeriesDate=20260101-20260131',
      '/series?SeriesTime=1011-1012',
      '/series?FrameOfReferenceUID=2.25.99',
    ])
      expect([url, await found(researcher, url)]).toEqual([url, url.includes('FrameOf') ? 2 : url.includes('Time') ? 2 : 1]);
    expect(await found(researcher, '/series?BodyPartExamined=*')).toBe(4);
  });

  test('nor in the lists, the worklist’s filter and the search', async () => {
    for (const [url, of] of [
      [`studies?modality=${NAME}`, 1],
      [`studies?q=${NAME}`, 1],
      ['studies?q=dup', 1],
      [`patients?q=${NAME}`, 0],
    ] as const)
      expect([url, (await api(member, url)).total, (await api(researcher, url)).total]).toEqual([url, of, 0]);
    expect((await api(member, `search?q=${NAME}`)).studies).toHaveLength(1);
    expect(await api(researcher, `search?q=${NAME}`)).toEqual({ patients: [], studies: [] });
    expect((await api(researcher, 'studies/modalities')).items).toEqual(['CT']);
    for (const url of ['studies?modality=CT', 'studies?q=CT']) expect((await api(researcher, url)).total).toBe(2);
  });

  test('nor in rows that an older version wrote: the functions’ file takes them along', async () => {
    const sql = readFileSync(new URL('../../migrations/functions/search-texts.sql', import.meta.url), 'utf8');
    const update = sql.slice(sql.lastIndexOf('UPDATE studies SET public_text'));
    await server.db.withSystem((tx) => tx.run('UPDATE studies SET public_text = search_text'));
    expect((await api(researcher, `studies?q=${NAME}`)).total).toBe(1);
    await server.db.withSystem((tx) => tx.run(composed({ text: update })));
    expect((await api(researcher, `studies?q=${NAME}`)).total).toBe(0);
  });

  test('and the database tells codes as the answers do (PS3.5 Table 6.2-1)', async () => {
    const texts = [
      'CT',
      'A',
      '',
      'a',
      'CT ',
      ' ',
      'A_9 Z',
      'A-B',
      'É',
      'Ａ',
      'A\n',
      'A\nB',
      '١',
      'A'.repeat(16),
      'A'.repeat(17),
      'CTé',
      'MARTIN',
      'CHEST MARTIN',
      'LINEAR_EXACT',
      'YBR_FULL_422',
      'ISO 2022 IR 149',
      '19800102',
    ];
    const rows = await server.db.withSystem((tx) =>
      tx.rows('SELECT text, ng_is_known_code(text) AS is_code FROM unnest($1::text[]) AS text', [texts]),
    );
    expect(rows.map((row) => [row.text, row.is_code])).toEqual(texts.map((text) => [text, isKnownCode(text)]));
  });
});
