import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAPABILITIES, RENDERED_CAPABILITIES } from '../../src/features/dicomweb/capabilities.ts';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, hasTestData, type ManifestRow, manifest, openDicomweb, readTestFile, rowOf } from './support.ts';

const FILE = 'pydicom/CT_small.dcm';
const ROUTES = [...CAPABILITIES, ...RENDERED_CAPABILITIES].filter(({ method }) => method === 'GET');

/** Headers without what differs from one moment to the next. */
function told(response: LightMyRequestResponse): unknown {
  const { date, 'set-cookie': _cookie, ...headers } = response.headers;
  return { status: response.statusCode, body: response.body.replaceAll(/ng-[0-9a-f]{36}/g, ''), headers };
}

describe.skipIf(!hasTestData)('who sees what', () => {
  const row = hasTestData ? rowOf(manifest(), FILE) : ({} as ManifestRow);
  let server: DicomwebServer;
  let stranger: Browser;
  let member: Browser;
  let researcher: Browser;
  let admin: Browser;
  let groupId: string;
  const uids = {
    study: row.study_instance_uid ?? '',
    series: row.series_instance_uid ?? '',
    instance: row.sop_instance_uid ?? '',
  };
  const fill = (path: string, with_: typeof uids): string =>
    path
      .replace('{study}', with_.study)
      .replace('{series}', with_.series)
      .replace('{instance}', with_.instance)
      .replace('{frames}', '1')
      .replace('{reference}', '1000-4');
  const search = (path: string, with_: typeof uids): string =>
    path === '/wado'
      ? `${path}?requestType=WADO&studyUID=${with_.study}&seriesUID=${with_.series}&objectUID=${with_.instance}&contentType=application/dicom`
      : path;
  const unknown = { study: '1.2.3.4', series: '1.2.3.5', instance: '1.2.3.6' };

  beforeAll(async () => {
    server = await openDicomweb();
    groupId = await server.makeGroup();
    const user = (role: 'PHYSICIAN' | 'RESEARCHER' | 'RADIOLOGIST', group: string | null) =>
      server.makeUser({ role, groupId: group });
    admin = await server.login('ADMIN');
    member = await server.login(await user('PHYSICIAN', groupId));
    stranger = await server.login(await user('RADIOLOGIST', await server.makeGroup()));
    researcher = await server.login(await user('RESEARCHER', groupId));
    const stored = await server.store(member, [readTestFile(FILE)]);
    expect(stored.statusCode).toBe(200);
  });
  afterAll(() => server.close());

  test.each(ROUTES.map(({ id, path }) => [id, path]))(
    '%s: out of scope is like unknown, in status, body and headers',
    async (_id, path) => {
      for (const accept of [
        '*/*',
        'application/octet-stream',
        'application/zip',
        'image/jpeg',
        'multipart/related; type="application/dicom+xml"',
      ]) {
        const [hidden, missing] = await Promise.all(
          [uids, unknown].map((which) => server.get(stranger, search(fill(path, which), which), { accept })),
        );
        if (hidden === undefined || missing === undefined) throw new Error('unreachable');
        expect(told(hidden), accept).toEqual(told(missing));
        expect(hidden.body).not.toContain('CompressedSamples');
      }
    },
  );

  test('the same routes answer for a member', async () => {
    expect(await server.json(member, `/studies?StudyInstanceUID=${uids.study}`)).toHaveLength(1);
    expect((await server.get(member, search('/wado', uids))).statusCode).toBe(200);
  });

  test('a group in the path narrows an administrator’s view, and no id of a group names nothing', async () => {
    expect(await server.json(admin, `/groups/${groupId}/studies`)).toHaveLength(1);
    expect(await server.json(admin, '/groups/019a0000-0000-7000-8000-000000000000/studies')).toEqual([]);
    for (const group of ['x', '-'.repeat(36), "' OR 1=1 --"])
      for (const path of ['/studies', `/studies/${uids.study}/metadata`])
        expect((await server.get(admin, `/groups/${encodeURIComponent(group)}${path}`)).statusCode).toBe(404);
    expect((await server.get(stranger, `/groups/${groupId}/studies`)).json()).toEqual([]);
  });

  test('who sees pseudonyms finds no identity by any route', async () => {
    const secrets = ['CompressedSamples', '1CT1', 'JFK IMAGING', 'Compressed'];
    for (const { path } of ROUTES) {
      for (const accept of ['*/*', 'multipart/related; type="application/dicom+xml"', 'application/dicom', 'application/zip']) {
        const url = search(fill(path, uids), uids);
        const more = path.endsWith('studies') || path.endsWith('series') || path.endsWith('instances') ? '?includefield=all' : '';
        const response = await server.get(researcher, url + more, { accept });
        for (const secret of secrets)
          expect(
            response.rawPayload.includes(secret) || JSON.stringify(response.headers).includes(secret),
            `${path} ${accept} ${secret}`,
          ).toBe(false);
      }
    }
    for (const query of [
      'PatientName=C*',
      'PatientID=1CT1',
      'AccessionNumber=*',
      'StudyID=1CT1',
      'PatientBirthDate=19000101-',
      '00081048=*x',
    ])
      expect((await server.get(researcher, `/studies?${query}`)).statusCode, query).toBe(403);
    for (const url of [`/studies/${uids.study}`, search('/wado', uids)])
      expect((await server.get(researcher, url, { accept: 'application/dicom' })).statusCode).toBe(403);
    const [study] = await server.json(researcher, `/studies?StudyInstanceUID=${uids.study}`);
    expect(study['00100020'].Value[0]).toMatch(/^NG-/);
  });

  test('nobody is nobody', async () => {
    for (const { path } of ROUTES) {
      const response = await server.app.inject({ method: 'GET', url: `/dicom-web${fill(path, uids)}` });
      expect([response.statusCode, response.headers['content-type']]).toEqual([
        401,
        expect.stringMatching(/^application\/problem\+json/),
      ]);
    }
  });
});
