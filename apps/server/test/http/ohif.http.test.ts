import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, person } from '../../src/access/index.ts';
import { createApp } from '../../src/http/app.ts';
import { registerOhif } from '../../src/http/ohif.ts';
import { Failure } from '../../src/kernel/failure.ts';

const FOLDER = '3.13.2-0123456789';
const PERSON: Person = person({
  userId: '00000000-0000-7000-8000-000000000001',
  role: 'PHYSICIAN',
  level: 'WRITE',
  groupId: null,
  permissions: new Set(),
  sessionId: 'session',
  via: 'session',
  ip: '127.0.0.1',
});
let root: string;
let app: FastifyInstance;
let emptyApp: FastifyInstance;
let locale: 'fr' | 'en' = 'fr';

async function makeApp(folder: string): Promise<FastifyInstance> {
  const made = await createApp({
    log: pino({ level: 'silent' }),
    trustProxy: [],
    publicUrl: new URL('http://localhost:3000'),
    authenticate: async () => {
      throw new Failure('UNAVAILABLE');
    },
  });
  await registerOhif(made, {
    authenticate: async ({ headers }) => (headers.cookie === undefined ? undefined : PERSON),
    localeOf: async () => locale,
    folder,
  });
  await made.ready();
  return made;
}

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-ohif-'));
  const prepared = path.join(root, 'full', FOLDER);
  await mkdir(prepared, { recursive: true });
  await mkdir(path.join(root, 'full', 'work-abc'));
  await mkdir(path.join(root, 'empty'));
  await writeFile(path.join(root, 'full', 'work-abc', 'half.js'), 'half');
  await writeFile(path.join(root, 'secret.js'), 'secret');
  await writeFile(path.join(root, 'full', 'ohif.json'), JSON.stringify({ version: '3.13.2', folder: FOLDER }));
  await writeFile(path.join(prepared, 'index.html'), '<!doctype html><title>OHIF</title>');
  await writeFile(path.join(prepared, 'app.js'), 'plain');
  await writeFile(path.join(prepared, 'app.js.br'), 'brotli');
  await writeFile(path.join(prepared, 'app.js.gz'), 'gzip');
  for (const ending of ['', '.br']) await writeFile(path.join(prepared, `8097.bundle.0a.js${ending}`), 'codecs');
  await writeFile(path.join(prepared, 'codec-workers.json'), JSON.stringify(['8097.bundle.0a.js']));
  app = await makeApp(path.join(root, 'full'));
  emptyApp = await makeApp(path.join(root, 'empty'));
});
afterAll(async () => {
  await app.close();
  await emptyApp.close();
  await rm(root, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
const cookie = 'negatoscope_access=x';

describe('the page of OHIF', () => {
  it.each(['/viewer', '/viewer/', '/viewer/viewer?StudyInstanceUIDs=1.2.3&x=%26', '/viewer/a/b'])(
    'at %s sends a person without a session to sign in and back to the same address',
    async (url) => {
      const response = await get(url);
      expect(response.statusCode).toBe(302);
      const target = new URL(String(response.headers.location), 'http://own.invalid');
      expect(target.host + target.pathname).toBe('own.invalid/login');
      expect(target.searchParams.get('next')).toBe(url);
      expect(response.headers['cache-control']).toBe('no-store');
    },
  );
  it('is the same at every address without an extension, never stored, under a policy without inline scripts', async () => {
    for (const url of ['/viewer/viewer?StudyInstanceUIDs=1.2.3', '/viewer/segmentation']) {
      const response = await get(url, { cookie });
      expect(response.statusCode).toBe(200);
      expect(response.body).toContain('<title>OHIF');
      expect(response.headers['cache-control']).toBe('no-cache');
      const policy = String(response.headers['content-security-policy']);
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });
  it.each(['/viewer', '/viewer/', '/viewer/?startDate=1'])('without a study (%s) is the worklist', async (url) => {
    const response = await get(url, { cookie });
    expect([response.statusCode, response.headers.location]).toEqual([302, '/app/worklist']);
  });
  it('that is not prepared says how to prepare it, in French and English', async () => {
    const french = await emptyApp.inject({ url: '/viewer/viewer', headers: { cookie, 'accept-language': 'fr-FR' } });
    const english = await emptyApp.inject({ url: '/viewer/viewer', headers: { cookie } });
    expect([french.statusCode, english.statusCode]).toEqual([501, 501]);
    expect(french.body).toContain('n’est pas préparé');
    expect(english.body).toContain('npm run build');
    expect((await emptyApp.inject({ url: '/viewer' })).statusCode).toBe(302);
  });
  it('appears without a restart when it has been prepared', async () => {
    const folder = path.join(root, 'later');
    await mkdir(folder);
    const later = await makeApp(folder);
    expect((await later.inject({ url: '/viewer/viewer', headers: { cookie } })).statusCode).toBe(501);
    await mkdir(path.join(folder, FOLDER));
    await writeFile(path.join(folder, FOLDER, 'index.html'), 'OHIF');
    await writeFile(path.join(folder, 'ohif.json'), JSON.stringify({ folder: FOLDER }));
    expect((await later.inject({ url: '/viewer/viewer', headers: { cookie } })).body).toBe('OHIF');
    await later.close();
  });
  it('is never read from outside of its folder, whatever the pointer says', async () => {
    const folder = path.join(root, 'wrong');
    await mkdir(folder);
    await writeFile(path.join(folder, 'ohif.json'), JSON.stringify({ folder: '../full/3.13.2-0123456789' }));
    const wrong = await makeApp(folder);
    expect((await wrong.inject({ url: '/viewer/viewer', headers: { cookie } })).statusCode).toBe(501);
    await wrong.close();
  });
});

describe('the files of OHIF', () => {
  it('allow code from text in the answer of the codec worker, compressed or not, and in no other', async () => {
    const policyOf = async (name: string, headers = {}) =>
      String((await get(`/viewer/files/${FOLDER}/${name}`, headers)).headers['content-security-policy']);
    expect(await policyOf('8097.bundle.0a.js')).toContain("'unsafe-eval'");
    expect(await policyOf('8097.bundle.0a.js', { 'accept-encoding': 'br' })).toContain("'unsafe-eval'");
    for (const name of ['app.js', 'index.html', 'codec-workers.json', 'missing.js'])
      expect(await policyOf(name)).not.toContain(" 'unsafe-eval'");
    const page = await get('/viewer/viewer?StudyInstanceUIDs=1.2.3', { cookie });
    expect(String(page.headers['content-security-policy'])).not.toContain(" 'unsafe-eval'");
  });
  it('are kept for ever, compressed for those who can, with an ETag and the policy for workers', async () => {
    const response = await get(`/viewer/files/${FOLDER}/app.js`, { 'accept-encoding': 'br, gzip' });
    expect(response.body).toBe('brotli');
    expect(response.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    expect(response.headers.etag).toBeTypeOf('string');
    // That of OHIF's page, not the one that every answer has.
    expect(response.headers['content-security-policy']).toContain("connect-src 'self' data: blob:");
    const again = await get(`/viewer/files/${FOLDER}/app.js`, {
      'accept-encoding': 'br',
      'if-none-match': String(response.headers.etag),
    });
    expect(again.statusCode).toBe(304);
    expect((await get(`/viewer/files/${FOLDER}/app.js`)).body).toBe('plain');
  });
  it.each([
    `/viewer/files/${FOLDER}/none.js`,
    '/viewer/files/ohif.json',
    '/viewer/files/work-abc/half.js',
    `/viewer/files/${FOLDER}/../../secret.js`,
    `/viewer/files/${FOLDER}/..%2f..%2fsecret.js`,
    `/viewer/files/${FOLDER}/%2e%2e/%2e%2e/secret.js`,
    `/viewer/files/${FOLDER}/..%5c..%5csecret.js`,
    '/viewer/sw.js',
    '/viewer/none.wasm',
  ])('are not found, or refused, at %s', async (url) => {
    const response = await get(url, { cookie });
    expect([400, 403, 404]).toContain(response.statusCode);
    expect(response.body).not.toMatch(/secret$|^half$|folder/);
    expect(response.headers['content-type']).toContain('application/problem+json');
  });
});

interface Configured {
  readonly config: Record<string, unknown> & {
    dataSources: { configuration: Record<string, unknown> }[];
    httpErrorHandler: (error: unknown) => void;
  };
  readonly stored: Map<string, string>;
  readonly handled: unknown[];
}

/** Runs the configuration as a browser would, in a page that has kept `stored`. */
async function configure(stored = new Map<string, string>(), search = ''): Promise<Configured> {
  const response = await get('/viewer/app-config.js', { cookie });
  expect(response.headers['cache-control']).toBe('private, no-store');
  expect(response.headers['content-type']).toContain('text/javascript');
  const handled: unknown[] = [];
  const window: Record<string, unknown> = {
    negatoscopeSession: { onHttpError: async (error: unknown) => void handled.push(error) },
  };
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  const document = { cookie: '', documentElement: { lang: '' } };
  const page = { window, localStorage, document, location: { search }, URLSearchParams, console: { time: () => undefined } };
  runInContext(response.body, createContext(page));
  return { config: window.config as Configured['config'], stored, handled }; // The script just made it.
}

describe('the configuration of OHIF', () => {
  it('names this server’s DICOMweb and nothing outside of it, without dialogs or a guided tour', async () => {
    const { config } = await configure();
    expect(config.routerBasename).toBe('/viewer');
    expect(config.investigationalUseDialog).toEqual({ option: 'never' });
    expect(config.dataSources).toHaveLength(1);
    expect(config.dataSources[0]?.configuration).toMatchObject({ qidoRoot: '/dicom-web', wadoRoot: '/dicom-web' });
    expect(JSON.stringify(config)).not.toMatch(/https?:/);
  });
  it('names the partition that the address names, and no other place', async () => {
    const group = 'b2c4a1f0-0000-7000-8000-00000000abcd';
    const rootsFor = async (search: string) => {
      const { qidoRoot, wadoRoot } = (await configure(new Map(), search)).config.dataSources[0]?.configuration ?? {};
      return [qidoRoot, wadoRoot];
    };
    const place = (root: string) => [root, root];
    expect(await rootsFor(`?StudyInstanceUIDs=1.2&group=${group}`)).toEqual(place(`/dicom-web/groups/${group}`));
    expect(await rootsFor('?group=none')).toEqual(place('/dicom-web/groups/none'));
    for (const wrong of ['', '?group=', '?group=../../api', `?group=${group}/x`, '?group=//evil.example'])
      expect(await rootsFor(wrong)).toEqual(place('/dicom-web'));
  });
  it('tells OHIF the person’s language, and leaves a later choice alone', async () => {
    locale = 'fr';
    const { stored } = await configure();
    expect(stored.get('i18nextLng')).toBe('fr');
    stored.set('i18nextLng', 'de');
    await configure(stored);
    expect(stored.get('i18nextLng')).toBe('de');
    locale = 'en';
    await configure(stored);
    expect(stored.get('i18nextLng')).toBe('en-US');
  });
  it('hands failed requests to the script that keeps the session', async () => {
    const { config, handled } = await configure();
    config.httpErrorHandler({ status: 401 });
    expect(handled).toEqual([{ status: 401 }]);
  });
});
