import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

let server: DicomwebServer;
let admin: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());

test('what was stored is there for the next request, though its series was in memory without it', async () => {
  const missing: string[] = [];
  for (const slice of ctVolume({ seed: 'read after store', slices: 25, rows: 8, columns: 8 })) {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, bytes } = slice;
    expect((await server.store(admin, [Buffer.from(bytes)])).statusCode).toBe(200);
    const url = `/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
    for (const what of ['/frames/1', '/metadata', '', '/rendered']) {
      const { statusCode } = await server.get(admin, url + what);
      if (statusCode !== 200) missing.push(`${what} ${statusCode}`);
    }
  }
  expect(missing).toEqual([]);
});

test('an instance that is nowhere is 404, whatever is in memory', async () => {
  const [slice] = ctVolume({ seed: 'read after store', slices: 1, rows: 8, columns: 8 });
  const url = `/studies/${slice?.studyInstanceUid}/series/${slice?.seriesInstanceUid}/instances/1.2.3`;
  for (const what of ['/frames/1', '/metadata', '', '/rendered'])
    expect((await server.get(admin, url + what)).statusCode).toBe(404);
});
