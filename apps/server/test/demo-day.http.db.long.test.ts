import { clinicDay } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { service } from '../src/access/index.ts';
import { playClinicDay } from '../src/demo/day.ts';
import { DEMO_PERMISSIONS } from '../src/demo/index.ts';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';
import { callApi } from './support/prediction-calls.ts';
import { openWorker, type PredictionWorker } from './support/prediction-worker.ts';

const SEED = 'a clinic';
let server: DicomwebServer;
let worker: PredictionWorker;
let admin: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  worker = await openWorker(server);
  admin = await server.login('ADMIN');
});
afterAll(async () => {
  await worker.close();
  await server.close();
});

const rows = (text: string): Promise<Json[]> => server.db.withSystem((tx) => tx.rows(composed({ text, values: [] })));
const call = async (url: string): Promise<Json> => (await callApi(server, admin, 'GET', url)).json;

test('a clinic’s day has consultations in every state, films at each step of a reading, disagreements and a refusal for each gate; played twice it is the same', {
  timeout: 120_000,
}, async () => {
  const { parts } = worker;
  const by = service('load-demo', DEMO_PERMISSIONS);
  const importId = await parts.ingest.openImport((await parts.identity.personOf(admin.user.id)) ?? expect.fail(), {
    entrance: 'DEMO',
  });
  for await (const { fileName, bytes } of clinicDay({ seed: SEED, today: parts.clock.now() })) {
    const one = async function* () {
      yield { name: fileName, stream: bytesOf(bytes) };
    };
    const [result] = await parts.ingest.ingestFiles(by, { entrance: 'DEMO', importId }, one());
    expect(result?.outcome, fileName).toBe('stored');
  }
  await parts.ingest.closeImport(by, importId);
  const administrator = (await parts.identity.personOf(admin.user.id)) ?? expect.fail();
  expect(await playClinicDay(parts, { administrator, seed: SEED })).toBe(8);
  const seen = async (): Promise<Json> => ({
    consultations: await rows('SELECT status, count(*)::int AS n FROM consultations GROUP BY status ORDER BY status'),
    orders: await rows('SELECT status, count(*)::int AS n FROM film_orders GROUP BY status ORDER BY status'),
    refused: await rows("SELECT failure_code AS code FROM predictions WHERE status = 'FAILED' ORDER BY failure_code"),
    decided: await rows('SELECT status FROM prediction_validations ORDER BY status'),
    people: await rows("SELECT role FROM users WHERE email LIKE '%@demonstration.invalid' ORDER BY role"),
  });
  const first = await seen();
  expect(first).toEqual({
    consultations: [
      { status: 'CANCELLED', n: 1 },
      { status: 'DONE', n: 3 },
      { status: 'IN_PROGRESS', n: 2 },
      { status: 'WAITING', n: 2 },
    ],
    orders: [
      { status: 'DONE', n: 4 },
      { status: 'REQUESTED', n: 1 },
    ],
    refused: ['INVERTED', 'LATERAL', 'NOT_A_CHEST', 'TOO_SMALL', 'UNDER_AGE'].map((code) => ({ code })),
    decided: ['AMENDED', 'REJECTED', 'VALIDATED'].map((status) => ({ status })),
    people: ['PHYSICIAN', 'PHYSICIAN', 'RADIOLOGIST', 'STAFF'].map((role) => ({ role })),
  });
  expect(await playClinicDay(parts, { administrator, seed: SEED })).toBe(0);
  expect(await seen()).toEqual(first);
  // As users see it: the waiting room of the day, and films that say that they are phantoms.
  const date = parts.clock.now().toISOString().slice(0, 10);
  expect((await call(`/api/consultations?date=${date}`)).total).toBe(8);
  const studies: Json[] = (await call('/api/studies?limit=50')).items;
  expect(studies.every(({ description }) => /fantôme/.test(description))).toBe(true);
});

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
