import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type MeasuredServer, startMeasured } from '../support/measured-server.ts';
import { isLong } from '../support/sample.ts';
import { type DicomwebServer, firstValue, openDicomweb } from './support.ts';

/** What no request, and no number of them, may grow a process by. */
const MOST_BYTES = 200 * 1024 * 1024;
const EDGE = 2896;
const FRAMES = 16;

let setup: DicomwebServer;
let admin: Browser;
let server: MeasuredServer;
let instance: string;

const fileOf = (name: string, syntax: string, frames: number): Buffer =>
  Buffer.from(
    writePart10(
      {
        ...smallDataset(name),
        Rows: EDGE,
        Columns: EDGE,
        NumberOfFrames: frames,
        PixelData: { vr: 'OB', value: new Uint8Array(EDGE * EDGE * frames).fill(7) },
      },
      { transferSyntaxUid: syntax },
    ),
  );

beforeAll(async () => {
  setup = await openDicomweb();
  admin = await setup.login('ADMIN');
  const stored = await setup.store(admin, [fileOf('frames', TransferSyntax.explicitVrLittleEndian, FRAMES)]);
  expect(stored.statusCode).toBe(200);
  const [json] = await setup.json(admin, '/instances');
  instance = `/studies/${firstValue(json, '0020000D')}/series/${firstValue(json, '0020000E')}/instances/${firstValue(json, '00080018')}`;
  server = await startMeasured(setup.settings, setup.database);
  await get(`${instance}/frames/1`);
  await get(`${instance}/frames/1/rendered`);
}, 240_000);
afterAll(async () => {
  await server.close();
  await setup.close();
}, 120_000);

/** Reads an answer to its end without keeping it; gives its status and length. */
async function get(url: string, headers: Record<string, string> = {}): Promise<{ status: number; length: number }> {
  const answer = await fetch(`http://127.0.0.1:${server.port}/dicom-web${url}`, {
    headers: { cookie: admin.cookie, ...headers },
  });
  let length = 0;
  for await (const chunk of answer.body ?? []) length += chunk.length;
  return { status: answer.status, length };
}

/** A client that asks and then takes a kilobyte a second. */
function slowReader(url: string, accept: string): Socket {
  const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
  socket.write(`GET /dicom-web${url} HTTP/1.1\r\nhost: localhost\r\ncookie: ${admin.cookie}\r\naccept: ${accept}\r\n\r\n`);
  const timer = setInterval(() => socket.read(1000), 1000);
  socket.once('close', () => clearInterval(timer));
  return socket.pause();
}

const ALL = Array.from({ length: FRAMES }, (_, index) => index + 1).join();
const OCTETS = 'multipart/related; type="application/octet-stream"';

describe('the memory of a process under answers that gather', () => {
  test('a frame that is named twice is refused, whatever is made of it', async () => {
    for (const url of [`${instance}/frames/1,1`, `${instance}/frames/1,2,1/rendered`, `${instance}/frames/${'1,'.repeat(150)}1`])
      expect((await setup.get(admin, url)).json(), url).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  const ANSWERS: readonly (readonly [what: string, path: string, accept: string, length: number])[] = [
    ['frames', `/frames/${ALL}`, OCTETS, EDGE * EDGE * FRAMES],
    ['rendered frames', `/frames/${ALL}/rendered`, 'multipart/related; type="image/png"', 1000],
    ['the file in another transfer syntax', '', 'application/dicom; transfer-syntax=1.2.840.10008.1.2.5', 1000],
  ];
  const MORE: typeof ANSWERS = [
    ['frames in another compression', `/frames/${ALL}`, 'multipart/related; type="image/dicom-rle"', 1000],
    ['pixel data', '/pixeldata', OCTETS, EDGE * EDGE * FRAMES],
    ['the file', '', 'application/dicom', EDGE * EDGE * FRAMES],
    ['a bulk value', '/bulkdata', 'multipart/related; type="application/octet-stream"', 10],
  ];
  test.each([...ANSWERS, ...(isLong ? MORE : [])])(
    '%s: three at once take less than 200 MB',
    { timeout: 240_000 },
    async (_what, path, accept, length) => {
      const growth = await server.growthDuring(async () => {
        const answers = await Promise.all([1, 2, 3].map(() => get(instance + path, { accept })));
        for (const answer of answers) {
          expect(answer.status).toBe(200);
          expect(answer.length).toBeGreaterThanOrEqual(length);
        }
      });
      expect(growth).toBeLessThan(MOST_BYTES);
    },
  );

  test('thirty readers of a kilobyte a second together take less than 500 MB of the gigabytes that they ask for, and keep nobody out', {
    timeout: 240_000,
  }, async () => {
    let slow: Socket[] = [];
    const growth = await server.growthDuring(async () => {
      slow = [
        ...Array.from({ length: 10 }, () => slowReader(`${instance}/frames/${ALL}`, OCTETS)),
        ...Array.from({ length: 10 }, (_, at) => slowReader(`${instance}/frames/${at + 1}`, 'image/jls')),
        ...Array.from({ length: 10 }, () => slowReader(instance, 'application/dicom')),
      ];
      await sleep(isLong ? 5000 : 2000);
      expect((await get(`${instance}/frames/${ALL}`, { accept: OCTETS })).status).toBe(200);
      expect((await get(`${instance}/frames/5/rendered?viewport=100,100`)).status).toBe(200);
    });
    for (const socket of slow) socket.destroy();
    expect(growth).toBeLessThan(2.5 * MOST_BYTES);
  });
});
