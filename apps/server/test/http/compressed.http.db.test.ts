import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIndexApp, type IndexApp } from '../support/index-app.ts';

/** The build's own function; scripts are plain JavaScript. */
const compress = (await import(new URL('../../../../scripts/compress.mjs', import.meta.url).href)) as {
  compressFolder(folder: string, options: { brotliQuality: (bytes: number) => number }): Promise<void>;
};

describe('the built page', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-built-'));
    await mkdir(path.join(folder, 'assets'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('gets its compressed forms beside each text and WebAssembly that becomes smaller by them', async () => {
    const script = 'export const study = "study";\n'.repeat(200);
    await writeFile(path.join(folder, 'assets', 'viewer-1a2b3c.js'), script);
    await writeFile(path.join(folder, 'assets', 'decode-1a2b3c.wasm'), Buffer.alloc(4_000));
    await writeFile(path.join(folder, 'assets', 'inter-1a2b3c.woff2'), Buffer.alloc(4_000));
    await writeFile(path.join(folder, 'tiny.js'), '1;');
    await compress.compressFolder(folder, { brotliQuality: () => 9 });
    expect((await readdir(path.join(folder, 'assets'))).sort()).toEqual([
      'decode-1a2b3c.wasm',
      'decode-1a2b3c.wasm.br',
      'decode-1a2b3c.wasm.gz',
      'inter-1a2b3c.woff2',
      'viewer-1a2b3c.js',
      'viewer-1a2b3c.js.br',
      'viewer-1a2b3c.js.gz',
    ]);
    expect((await readdir(folder)).sort()).toEqual(['assets', 'tiny.js']);
    const packed = async (end: string): Promise<Buffer> => readFile(path.join(folder, 'assets', `viewer-1a2b3c.js.${end}`));
    expect(brotliDecompressSync(await packed('br')).toString()).toBe(script);
    expect(gunzipSync(await packed('gz')).toString()).toBe(script);
  });
});

describe('lists of the API', () => {
  let index: IndexApp;
  beforeAll(async () => {
    index = await createIndexApp();
    for (let at = 0; at < 12; at += 1) {
      const body = { lastName: `Compressible${at}`, firstName: 'Patient', birthDate: '1980-01-01', sex: 'F' };
      expect((await index.ask('ADMIN@-', 'POST', '/api/patients', body)).status).toBe(201);
    }
  });
  afterAll(() => index.close());

  const get = (url: string, encoding?: string) =>
    index.app.inject({
      url,
      headers: { 'x-actor': 'ADMIN@-', ...(encoding === undefined ? {} : { 'accept-encoding': encoding }) },
    });

  test('are packed for who takes gzip, and say the same', async () => {
    const packed = await get('/api/patients', 'br, gzip');
    const plain = await get('/api/patients');
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers.vary).toBe('accept-encoding');
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.payload);
    expect(plain.json<{ items: unknown[] }>().items).toHaveLength(12);
  });

  test('are sent as they are to who refuses gzip, and when they are short', async () => {
    expect((await get('/api/patients', 'gzip;q=0, br')).headers['content-encoding']).toBeUndefined();
    expect((await get('/api/patients?limit=1', 'gzip')).headers['content-encoding']).toBeUndefined();
  });

  test('are all that is packed: no single row, which may hold what a stranger chose beside a secret', async () => {
    const long = { lastName: 'L', firstName: 'P', sex: 'F', address: 'a'.repeat(180) };
    const id = (await index.ask('ADMIN@-', 'POST', '/api/patients', long)).json.id;
    const one = await get(`/api/patients/${id}`, 'gzip');
    expect(one.statusCode).toBe(200);
    expect(one.headers['content-encoding']).toBeUndefined();
  });
});
