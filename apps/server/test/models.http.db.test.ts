import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildZip, chestXray } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TIDY_PREDICTIONS } from '../src/features/predictions/job-kinds.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';
import { inferenceProcesses, openWorker, type PredictionWorker } from './support/prediction-worker.ts';
import { itInLongRun } from './support/sample.ts';

const BUILT_IN = path.resolve(import.meta.dirname, '../models/tb-chest-xray');
let server: DicomwebServer;
let worker: PredictionWorker;
let admin: Browser;
let physician: Browser;
let folder: string;
beforeAll(async () => {
  server = await openDicomweb();
  worker = await openWorker(server);
  admin = await server.login('ADMIN');
  physician = await server.login('PHYSICIAN');
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-models-'));
});
afterAll(async () => {
  await worker.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Change = (manifest: Json, own: string) => void;
/** The model of the program under another version, changed, as files with their bytes. */
function changed(version: string, change: Change = () => undefined): { name: string; data: Buffer }[] {
  const own = path.join(folder, version);
  cpSync(BUILT_IN, own, { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(own, 'model.json'), 'utf8')) as Json;
  manifest.version = version;
  manifest.checks.pictures = manifest.checks.pictures.slice(0, 3);
  change(manifest, own);
  writeFileSync(path.join(own, 'model.json'), JSON.stringify(manifest));
  return readdirSync(own, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return { name: path.relative(own, file).replaceAll('\\', '/'), data: readFileSync(file) };
    });
}
const put = (own: string, manifest: Json, key: 'model' | 'gate', bytes: Buffer): void => {
  writeFileSync(path.join(own, manifest[key].file), bytes);
  manifest[key].sha256 = createHash('sha256').update(bytes).digest('hex');
};
const zipOf = (files: readonly { name: string; data: Buffer }[]): Buffer =>
  Buffer.from(buildZip(files.map(({ name, data }) => ({ name, bytes: data }))));
const call = async (
  who: Browser,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object | Buffer,
  type = 'application/zip',
) => {
  const headers = { ...who.headers, prefer: 'wait=30', ...(Buffer.isBuffer(payload) ? { 'content-type': type } : {}) };
  const answer = await server.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
};
const install = (files: readonly { name: string; data: Buffer }[]) => call(admin, 'POST', '/api/models', zipOf(files));
const listed = async (id: string): Promise<Json> =>
  (await call(physician, 'GET', '/api/models')).json.items.find((model: Json) => model.id === id);
const checked = async (id: string): Promise<Json> => {
  await expect.poll(async () => (await listed(id)).state, { timeout: 30_000 }).not.toBe('CHECKING');
  return listed(id);
};
const choose = (body: object) => call(admin, 'PUT', '/api/models/choices', { siteId: null, modelName: 'tb-chest-xray', ...body });

describe('the models of a server', () => {
  test('are told with their cards, the one that came with the program first', async () => {
    const { json } = await call(physician, 'GET', '/api/models');
    expect(json.items[0]).toMatchObject({
      ...{ id: null, name: 'tb-chest-xray', version: '0.1.0-research', state: 'READY', question: 'tuberculosis' },
      threshold: { probability: 0.2906, name: 'T90' },
      card: expect.stringContaining('It does not meet the WHO triage target'),
    });
  });

  test('one that is installed is checked before it can be chosen; chosen for a site, it answers there at the threshold of the site', async () => {
    const { status, json } = await install(changed('0.2.0'));
    expect([status, json.state]).toEqual([202, 'CHECKING']);
    expect(await checked(json.id)).toMatchObject({ state: 'READY', reason: null });
    expect((await install(changed('0.2.0'))).json.code).toBe('NAME_TAKEN');
    const group = await server.makeGroup();
    expect((await choose({ siteId: group, modelVersion: '0.2.0' })).json).toMatchObject({ siteId: group, modelVersion: '0.2.0' });
    const of = { siteId: group, modelName: 'tb-chest-xray', modelVersion: '0.2.0' };
    const set = (body: object) => call(admin, 'PUT', '/api/models/thresholds', { ...of, ...body });
    expect((await set({ threshold: 0.9, before: null })).json.thresholds).toMatchObject([{ ...of, threshold: 0.9 }]);
    // Whoever has not seen that one does not write over it.
    expect((await set({ threshold: 0.1, before: null })).status).toBe(409);
    expect((await set({ siteId: null, threshold: 0.1, before: null })).json.thresholds).toHaveLength(2);
    for (const bad of [{ modelVersion: '9.9.9' }, { siteId: '00000000-0000-7000-8000-000000000000' }])
      expect((await set({ ...bad, threshold: 0.5, before: null })).status).toBe(422);
    for (const threshold of [0, 1, 'x']) expect((await set({ threshold, before: 0.9 })).status).toBe(400);
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: group }));
    const [film] = [...chestXray({ seed: 'm', rows: 128, columns: 128, dataset: { PatientBirthDate: '19700101' } })];
    await server.store(admin, [Buffer.from(film?.bytes ?? [])], `/groups/${group}/studies`);
    const said = (await call(member, 'POST', '/api/predict', { sopInstanceUid: film?.sopInstanceUid })).json;
    expect(said).toMatchObject({ status: 'DONE', modelVersion: '0.2.0', threshold: 0.9 });
    expect((await call(admin, 'DELETE', `/api/models/${json.id}`)).json.code).toBe('CONFLICT');
    // Back to the choice of the installation, which is the model that came with the program, at its own threshold.
    expect((await call(admin, 'DELETE', `/api/models/choices?siteId=${group}`)).status).toBe(204);
    const next = (await call(member, 'POST', '/api/predict', { sopInstanceUid: film?.sopInstanceUid })).json;
    expect(next).toMatchObject({ status: 'DONE', modelVersion: '0.1.0-research', threshold: 0.2906 });
    expect((await call(admin, 'DELETE', `/api/models/${json.id}`)).status).toBe(204);
    expect((await call(physician, 'GET', '/api/models')).json.thresholds).toEqual([]);
    // What was judged stays as it was judged.
    expect((await call(member, 'GET', `/api/predictions/${said.id}`)).json).toMatchObject({
      modelVersion: '0.2.0',
      threshold: 0.9,
    });
    expect(await listed(json.id)).toBeUndefined();
  });

  test('one that does not give the values of its own checks is refused, and can’t be chosen', async () => {
    const { json } = await install(
      changed('0.3.0', ({ checks }) => Object.assign(checks.pictures[0].model, { probability: 0.1 })),
    );
    expect(await checked(json.id)).toMatchObject({ state: 'REFUSED', reason: 'CHECK_FAILED' });
    expect((await choose({ modelVersion: '0.3.0' })).status).toBe(422);
    expect((await choose({ modelVersion: '9.9.9' })).status).toBe(422);
  });

  test.skipIf(process.platform !== 'linux')(
    'whose folder is not as it was is told as missing; films say so, and the rest works',
    async () => {
      const { json } = await install(changed('0.4.0'));
      expect(await checked(json.id)).toMatchObject({ state: 'READY' });
      const group = await server.makeGroup();
      await choose({ siteId: group, modelVersion: '0.4.0' });
      writeFileSync(path.join(server.settings.dataDir, 'models', json.id, 'model.onnx'), 'cut');
      const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: group }));
      const [film] = [...chestXray({ seed: 'n', rows: 128, columns: 128, dataset: { PatientBirthDate: '19700101' } })];
      await server.store(admin, [Buffer.from(film?.bytes ?? [])], `/groups/${group}/studies`);
      // What a process has read and checked it keeps: the next one reads it anew.
      const ask = () => {
        for (const pid of inferenceProcesses()) process.kill(pid, 'SIGKILL');
        return call(member, 'POST', '/api/predict', { sopInstanceUid: film?.sopInstanceUid });
      };
      expect((await ask()).json).toMatchObject({ status: 'FAILED', failureCode: 'MODEL_CORRUPT', probability: null });
      writeFileSync(path.join(server.settings.dataDir, 'models', json.id, 'gate.onnx'), 'cut');
      expect((await ask()).json).toMatchObject({ status: 'FAILED', failureCode: 'GATE_UNAVAILABLE', probability: null });
      writeFileSync(path.join(server.settings.dataDir, 'models', json.id, 'model.json'), '{}');
      expect(await listed(json.id)).toMatchObject({ state: 'MISSING' });
      expect((await ask()).json).toMatchObject({ status: 'FAILED', failureCode: 'MODEL_CORRUPT' });
    },
  );

  test('only who manages the system installs, chooses and removes', async () => {
    expect((await call(physician, 'POST', '/api/models', zipOf([]))).status).toBe(403);
    expect(
      (await call(physician, 'PUT', '/api/models/choices', { siteId: null, modelName: 'a', modelVersion: '1' })).status,
    ).toBe(403);
    expect((await call(admin, 'POST', '/api/models', Buffer.from('x'), 'image/png')).status).toBe(415);
  });
});

itInLongRun('what an install that was cut has left goes, and nothing else', async () => {
  const root = path.join(server.settings.dataDir, 'models');
  const { json } = await install(changed('0.8.0'));
  const old = new Date(Date.now() - 7 * 3_600_000);
  const strays = ['.cut.zip', '.cut', '019a0000-0000-7000-8000-00000000dead'];
  writeFileSync(path.join(root, '.cut.zip'), 'PK');
  mkdirSync(path.join(root, '.cut'));
  mkdirSync(path.join(root, strays[2] ?? ''));
  writeFileSync(path.join(root, '.coming.zip'), 'PK');
  for (const name of [...strays, json.id]) utimesSync(path.join(root, name), old, old);
  await worker.parts.queue.send(TIDY_PREDICTIONS, {});
  await expect.poll(() => readdirSync(root).filter((name) => strays.includes(name)), { timeout: 20_000 }).toEqual([]);
  expect(readdirSync(root)).toEqual(expect.arrayContaining([json.id, '.coming.zip']));
  rmSync(path.join(root, '.coming.zip'));
  expect(await checked(json.id)).toMatchObject({ state: 'READY', checkPictures: 3, checkedAt: expect.any(String) });
});

describe('what is refused before anything of it runs', () => {
  const text = (value: string): Buffer => Buffer.from(value);
  const onnx = (...parts: number[][]): Buffer => Buffer.from(parts.flat());
  const field = (number: number, content: number[]): number[] => [number * 8 + 2, content.length, ...content];
  const operator = (name: string): number[] => field(1, field(4, [...Buffer.from(name)]));
  test.each<[string, string, () => Buffer]>([
    ['no ZIP', 'NOT_A_ZIP', () => text('no archive')],
    ['a ZIP that is cut', 'NOT_A_ZIP', () => zipOf(changed('0.9.0')).subarray(0, 90_000)],
    ['a ZIP whose end is there and whose rest is not', 'NOT_A_ZIP', () => zipOf(changed('0.9.01')).subarray(-40_000)],
    ['no manifest', 'NO_MANIFEST', () => zipOf([{ name: 'a.txt', data: text('a') }])],
    ['a manifest that is none', 'BAD_MANIFEST', () => zipOf([{ name: 'model.json', data: text('{"format":1}') }])],
    [
      'gates that let children through',
      'BAD_MANIFEST',
      () => zipOf(changed('0.9.1', ({ gates }) => Object.assign(gates, { minAgeYears: 14 }))),
    ],
    [
      'a gate that lets everything through',
      'BAD_MANIFEST',
      () => zipOf(changed('0.9.2', ({ gates }) => Object.assign(gates, { minAccepted: 0 }))),
    ],
    [
      'checks that take anything',
      'BAD_MANIFEST',
      () => zipOf(changed('0.9.3', ({ checks }) => Object.assign(checks.tolerance, { probability: 1 }))),
    ],
    [
      'checks that say nothing',
      'BAD_MANIFEST',
      () =>
        zipOf(
          changed('0.9.4', ({ checks }) =>
            Object.assign(checks, { pictures: checks.pictures.map(({ model, ...one }: Json) => one) }),
          ),
        ),
    ],
    ['a name that leads elsewhere', 'UNSAFE_NAME', () => zipOf([{ name: '../model.json', data: text('{}') }])],
    [
      'a file that another one has for its folder',
      'UNSAFE_NAME',
      () =>
        zipOf([
          { name: 'a', data: text('k') },
          { name: 'a/b', data: text('k') },
          { name: 'model.json', data: text('{}') },
        ]),
    ],
    [
      'a hidden name',
      'UNSAFE_NAME',
      () =>
        zipOf([
          { name: '.ssh/key', data: text('k') },
          { name: 'model.json', data: text('{}') },
        ]),
    ],
    ['a file that is not there', 'FILE_MISSING', () => zipOf(changed('1.0.1').filter(({ name }) => name !== 'gate.onnx'))],
    [
      'another file than announced',
      'WRONG_HASH',
      () => zipOf(changed('1.0.2', ({ model }) => Object.assign(model, { sha256: 'a'.repeat(64) }))),
    ],
    ['no ONNX', 'NOT_ONNX', () => zipOf(changed('1.0.3', (manifest, own) => put(own, manifest, 'model', text('words'))))],
    [
      'a model that wants other files',
      'EXTERNAL_DATA',
      () =>
        zipOf(
          changed('1.0.4', (manifest, own) =>
            put(own, manifest, 'model', onnx(field(7, [...operator('Conv'), ...field(5, [14 * 8, 1])]))),
          ),
        ),
    ],
    [
      'an operator that is not allowed',
      'OPERATOR_REFUSED',
      () => zipOf(changed('1.0.5', (manifest, own) => put(own, manifest, 'gate', onnx(field(7, operator('Loop')))))),
    ],
    [
      'other outputs than announced',
      'WRONG_FORM',
      () => zipOf(changed('1.0.6', ({ outputs }) => Object.assign(outputs, { box: 'corners' }))),
    ],
  ])('%s', async (_what, reason, zip) => {
    const { status, json } = await call(admin, 'POST', '/api/models', zip());
    expect([status, json.code]).toEqual([422, 'MODEL_REFUSED']);
    expect(json.detail).toMatch(new RegExp(`^(?:${reason})`));
    const left = readdirSync(path.join(server.settings.dataDir, 'models')).filter((name) => name.startsWith('.'));
    expect(left).toEqual([]);
  });
});
