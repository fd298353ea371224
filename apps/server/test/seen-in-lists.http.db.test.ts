import { chestXray } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';

let server: DicomwebServer;
let admin: Browser;
let physician: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  physician = await server.login('PHYSICIAN');
  for (const name of ['Seen^Awa', 'Unseen^Fatou'])
    for (const { bytes } of chestXray({ seed: name, rows: 16, columns: 16, dataset: { PatientID: name, PatientName: name } }))
      expect((await server.store(physician, [Buffer.from(bytes)])).statusCode).toBe(200);
});
afterAll(() => server.close());

const get = async (who: Browser, url: string): Promise<Json> =>
  (await server.app.inject({ method: 'GET', url, headers: who.headers })).json();
const idOf = async (name: string): Promise<string> =>
  (await get(admin, '/api/patients')).items.find(({ lastName }: Json) => lastName === name).id;
/** What of a patient's log is a list or a search. */
const searchesOf = async (id: string, by: Browser): Promise<{ action: string; details: Json }[]> => {
  const { user } = await get(by, '/api/auth/me');
  const { items } = await get(admin, `/api/audit?patient=${id}&actor=${user.id}&limit=200`);
  return items.filter(({ action }: Json) => /\.(list|suggestions|studies|series|instances)$/.test(action));
};

test('who saw a patient is told of every list and search that showed her, of none that did not, and no text that was typed is kept', async () => {
  const [seen, unseen] = [await idOf('Seen'), await idOf('Unseen')];
  await get(physician, '/api/patients?q=seen+awa');
  await get(physician, `/api/studies?patientId=${seen}`);
  await get(physician, '/api/search?q=awa');
  await server.json(physician, '/studies?PatientName=Seen*');
  await get(physician, '/api/patients?q=nobody-at-all');
  const found = await searchesOf(seen, physician);
  expect(found.map(({ action }) => action).sort()).toEqual([
    'patient.list',
    'search.studies',
    'search.suggestions',
    'study.list',
  ]);
  expect(found.find(({ action }) => action === 'patient.list')?.details).toEqual({ filters: ['q'], results: 1 });
  expect(JSON.stringify(found)).not.toContain('awa');
  expect(await searchesOf(unseen, physician)).toEqual([]);
});

test('a list that is read again shows nobody new and leaves nothing, one that shows somebody new tells of them alone', async () => {
  const [seen, unseen] = [await idOf('Seen'), await idOf('Unseen')];
  const other = await server.login('RADIOLOGIST');
  for (let time = 0; time < 3; time += 1) await get(other, '/api/patients?q=seen+awa');
  expect(await searchesOf(seen, other)).toHaveLength(1);
  await get(other, '/api/patients');
  expect(await searchesOf(seen, other)).toHaveLength(1);
  expect(await searchesOf(unseen, other)).toMatchObject([{ action: 'patient.list', details: { results: 2 } }]);
});
