import { readdir, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ctBatch } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

const images = [...ctBatch({ instances: 12, perSeries: 12, seed: 'broken-off', rows: 512, columns: 512 })];
const [first] = images;
const study = `/dicom-web/studies/${first?.studyInstanceUid}`;
const series = `${study}/series/${first?.seriesInstanceUid}`;

let server: DicomwebServer;
let admin: Browser;
let url: string;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  const answer = await server.store(
    admin,
    images.map(({ bytes }) => Buffer.from(bytes)),
  );
  expect(answer.statusCode).toBe(200);
  url = await server.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

const forms: [string, string, string][] = [
  ['a series as multipart', series, 'multipart/related; type="application/dicom"'],
  ['a study as ZIP', study, 'application/zip'],
];
const ask = (address: string, accept: string): Promise<Response> =>
  fetch(`${url}${address}`, { headers: { cookie: admin.cookie, accept } });

test.each(forms)('%s comes whole to many clients at once', async (_what, address, accept) => {
  const whole = async (pauseMs: number): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of (await ask(address, accept)).body ?? []) {
      pieces.push(piece);
      if (pauseMs > 0) await sleep(pauseMs);
    }
    return Buffer.concat(pieces);
  };
  // Some read slowly, so that memory which is used again would show with others' bytes.
  const bodies = await Promise.all([0, 0, 5, 0, 10, 0].map(whole));
  expect(new Set(bodies.map(({ byteLength }) => byteLength)).size).toBe(1);
  for (const body of bodies) for (const { bytes } of images) expect(body.includes(Buffer.from(bytes).subarray(128))).toBe(true);
});

test.each(forms)('%s may be left in the middle, and the server goes on', async (_what, address, accept) => {
  for (let round = 0; round < 5; round += 1) {
    const stop = new AbortController();
    const response = await fetch(`${url}${address}`, { headers: { cookie: admin.cookie, accept }, signal: stop.signal });
    await response.body?.getReader().read();
    stop.abort();
  }
  expect((await (await ask(address, accept)).arrayBuffer()).byteLength).toBeGreaterThan(0);
});

test.each(forms)(
  '%s breaks the connection when a stored object is cut short: it never ends as if it were whole',
  async (what, address, accept) => {
    const folder = path.join(server.settings.dataDir, 'objects');
    const names = (await readdir(folder, { recursive: true })).filter((name) => /[0-9a-f-]{36}$/.test(name)).sort();
    // Each its own: one that was met before is known to be damaged, and left out, which the status says.
    const isFirst = what === forms[0]?.[0];
    await truncate(path.join(folder, names[isFirst ? 8 : 6] ?? ''), 300_000);
    const response = await ask(address, accept);
    expect(response.status).toBe(isFirst ? 200 : 206);
    await expect(response.arrayBuffer()).rejects.toThrow();
  },
);
