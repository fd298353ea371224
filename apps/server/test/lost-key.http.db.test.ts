import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { volumeSeries } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSecrets } from '../src/config/secrets.ts';
import { lostKeysText, readSealed, tellLostKeys } from '../src/supervisor/lost-keys.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser, TestApp } from './support/app.ts';
import { unzip } from './support/unzip.ts';

let server: DicomwebServer;
let admin: Browser;
let keyFile: string;
let patientIds: string[];

beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  keyFile = path.join(server.settings.dataDir, 'secrets', 'factor-key');
  const positions = [0, 2].map((z) => [-4, -4, z] as const);
  const dataset = { PatientName: 'CACHEE^Ana', PatientID: 'CACHE-1' };
  const series = volumeSeries({ seed: 'lost', side: 8, spacingMm: 1, positions, thicknessMm: 2, dataset, valueAt: () => 7 });
  const stored = await server.store(
    await server.login('PHYSICIAN'),
    [...series].map(({ bytes }) => Buffer.from(bytes)),
  );
  expect(stored.statusCode).toBe(200);
  patientIds = (await ask(server, 'GET', '/api/patients')).json.items.map(({ id }: { id: string }) => id);
});
afterAll(() => server.close());

async function ask({ app }: Pick<TestApp, 'app'>, method: 'GET' | 'POST', url: string, payload?: object) {
  const answer = await app.inject({ method, url, headers: admin.headers, ...(payload && { payload }) });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, json: isJson ? (answer.json() as Json) : undefined, raw: answer.rawPayload };
}
async function madeProject(of: Pick<TestApp, 'app'>): Promise<string> {
  const { status, json } = await ask(of, 'POST', '/api/deid/projects', { name: 'Thorax', dates: 'REMOVED' });
  expect(status).toBe(201);
  return json.id;
}
const zip = (of: Pick<TestApp, 'app'>, projectId: string) =>
  ask(of, 'POST', '/api/patients/export/anonymised', { patientIds, projectId });
const namesIn = async (raw: Buffer): Promise<string[]> => [...(await unzip(raw)).keys()];
const keysOf = async (of: Pick<TestApp, 'app'>) => (await ask(of, 'GET', '/api/system/keys')).json.items;
/** What a start of the server says in its log. */
async function saidAtStart(): Promise<string[]> {
  const lines: string[] = [];
  const log = { error: (message: string) => void lines.push(message) };
  await tellLostKeys(server.owner, loadSecrets(server.settings), log);
  return lines;
}

test('a factor-key that is gone is made anew, said at each start and on the system page, and lets nothing leave into the projects of before until it is back', async () => {
  const project = await madeProject(server);
  const before = await zip(server, project);
  expect(before.status).toBe(200);
  expect(await keysOf(server)).toEqual([
    { kind: 'PROJECT', total: 1, lost: 0 },
    { kind: 'FACTOR', total: 0, lost: 0 },
  ]);
  expect(await saidAtStart()).toEqual([]);

  const kept = `${keyFile}.kept`;
  await copyFile(keyFile, kept);
  await rm(keyFile);
  const without = await server.another();
  try {
    expect(await saidAtStart()).toEqual([
      expect.stringMatching(/^secrets\/factor-key is not the one of before, and does not open 1 of 1 keys of projects.*DATA_DIR/),
    ]);
    expect(await keysOf(without)).toContainEqual({ kind: 'PROJECT', total: 1, lost: 1 });
    const doors = [
      await zip(without, project),
      await ask(without, 'POST', '/api/deid/exports', { patientIds, projectId: project }),
      await ask(without, 'POST', '/api/deid/preview', { patientIds, projectId: project }),
      await ask(without, 'POST', `/api/deid/projects/${project}/who`, { pseudonym: 'P-7KQM2XW9HD', reason: 'Finding' }),
    ];
    expect(doors.map(({ status, json }) => [status, json?.code])).toEqual(doors.map(() => [409, 'PROJECT_KEY_LOST']));
    for (const { raw } of doors) expect(raw.includes('CACHEE')).toBe(false);
    // What is made from now on is of the new key.
    const other = await madeProject(without);
    expect((await zip(without, other)).status).toBe(200);

    await copyFile(kept, keyFile);
    const back = await server.another();
    try {
      const again = await zip(back, project);
      expect([again.status, await namesIn(again.raw)]).toEqual([200, await namesIn(before.raw)]);
      expect(await keysOf(back)).toContainEqual({ kind: 'PROJECT', total: 2, lost: 1 });
      expect((await zip(back, other)).json?.code).toBe('PROJECT_KEY_LOST');
    } finally {
      await back.close();
    }
  } finally {
    await without.close();
  }
});

test('what is lost is counted by kind, and nothing is said where nothing is', async () => {
  expect(lostKeysText([{ kind: 'PROJECT', total: 4, lost: 0 }])).toBeUndefined();
  expect(
    lostKeysText([
      { kind: 'PROJECT', total: 4, lost: 1 },
      { kind: 'FACTOR', total: 9, lost: 2 },
    ]),
  ).toContain('1 of 4 keys of projects without identity and 2 of 9 second factors');
  expect((await readSealed(server.owner, loadSecrets(server.settings))).map(({ total }) => total)).toEqual([2, 0]);
});
