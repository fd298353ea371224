import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OPERATIONS } from '@negatoscope/contract';
import { mrSeries, secondaryCapture, smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf } from '../../src/features/ingest/ingest-fixture.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Browser } from '../support/app.ts';
import { itInLongRun } from '../support/sample.ts';
import { type DicomwebServer, firstValue, openDicomweb } from './support.ts';

let server: DicomwebServer;
let admin: Browser;
let instance: string;
const deflated = writePart10(smallDataset('deflated'), { transferSyntaxUid: TransferSyntax.deflatedExplicitVrLittleEndian });
const pathOf = (json: Record<string, unknown>): string =>
  `/studies/${firstValue(json, '0020000D')}/series/${firstValue(json, '0020000E')}/instances/${firstValue(json, '00080018')}`;

beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  const [capture] = secondaryCapture({ seed: 'unchecked', rows: 64, columns: 80 });
  const stored = await server.store(admin, [Buffer.from(capture?.bytes ?? []), Buffer.from(deflated)]);
  expect(stored.statusCode).toBe(200);
  instance = pathOf((await server.json(admin, '/instances?Rows=64'))[0]);
});
afterAll(() => server.close());

const encoded = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');
const VALUES: readonly unknown[] = ['x', '', '\0', '\ud800', 0, -1, 1e300, null, '0', newId(), '2026-02-30T25:00:00.000Z', '-'];
/** Keys of one to four values, none of which is a place in any list. */
const FORGED: readonly string[] = [1, 2, 3, 4].flatMap((length) => [
  ...VALUES.map((value) => encoded(Array.from({ length }, () => value))),
  ...VALUES.map((value) => encoded([value, ...Array.from({ length: length - 1 }, () => newId())])),
  ...VALUES.map((value) => encoded([new Date(0).toISOString(), ...Array.from({ length: length - 1 }, () => value)])),
]);
const LISTS = OPERATIONS.filter((operation) => 'query' in operation && 'cursor' in operation.query.shape);

describe('what a client puts in the place of something that is looked up', () => {
  test.each(LISTS.map(({ id, path }) => [id, path] as const))('a forged cursor of %s costs itself only', async (_id, path) => {
    for (const cursor of [...FORGED, 'no-cursor', encoded({}), encoded('x'), encoded([[]])]) {
      const url = `${path.replaceAll(/\{\w+\}/g, newId())}?cursor=${cursor}`;
      const { statusCode, body } = await server.app.inject({ url, headers: { cookie: admin.cookie } });
      expect(statusCode, `${Buffer.from(cursor, 'base64url')} ${body}`).toBeLessThan(500);
    }
  });

  const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
  test.each(NAMES)('the name %s is no media type, window function, attribute or sort', async (name) => {
    const typed = encodeURIComponent(`multipart/related; type="${name}"`);
    for (const url of [
      `${instance}/frames/1?accept=${name}`,
      `${instance}/frames/1?accept=${typed}`,
      `${instance}/frames/1?accept=${encodeURIComponent(`multipart/related; type="image/jpeg"; transfer-syntax=${name}`)}`,
      `${instance}/rendered?accept=${name}`,
      `${instance}/metadata?accept=${name}`,
      `${instance}?accept=${name}`,
      `/studies?accept=${name}`,
    ])
      expect((await server.get(admin, url)).statusCode, url).toBe(406);
    for (const url of [`${instance}/rendered?window=1,2,${name}`, `/studies?${name}=1`, `/studies?includefield=${name}`])
      expect((await server.get(admin, url)).statusCode, url).toBe(400);
    const header = await server.get(admin, `${instance}/frames/1`, { accept: name });
    expect(header.statusCode).toBe(406);
    for (const list of LISTS) {
      const url = `${list.path.replaceAll(/\{\w+\}/g, newId())}?sort=${name}&status=${name}`;
      expect((await server.app.inject({ url, headers: { cookie: admin.cookie } })).statusCode, url).toBeLessThan(500);
    }
  });
});

test.each([
  ['16384,16384', [80, 64]],
  ['16384,16384,10,20,32,16', [32, 16]],
  ['40,16384', [40, 32]],
])('a viewport of %s makes nothing larger than what it shows of the image (PS3.18 8.3.5.1.3)', async (viewport, size) => {
  const answer = await server.get(admin, `${instance}/rendered?viewport=${viewport}`);
  const { width, height } = await sharp(answer.rawPayload).metadata();
  expect([width, height]).toEqual(size);
});

describe('an address of bulk data that the metadata does not name', () => {
  test.each(['0-128', '0-132', '128-4', '0-0', '200-10', '0-999999', '132-64-be2', '0-64-inflated', '132-64-inflated-be2'])(
    '%s is not found',
    async (reference) => {
      expect((await server.get(admin, `${instance}/bulkdata/${reference}`)).statusCode).toBe(404);
    },
  );

  test('what it names is found, of a deflated dataset too, but only in its own space', async () => {
    const paths = [instance, pathOf((await server.json(admin, '/instances?Rows=8'))[0])];
    for (const path of paths) {
      const [json] = await server.json(admin, `${path}/metadata`);
      const url = json['7FE00010']?.BulkDataURI?.slice(`${server.settings.publicUrl}/dicom-web`.length);
      if (url === undefined) continue;
      expect((await server.get(admin, url)).statusCode).toBe(200);
      const other = url.endsWith('-inflated') ? url.replace('-inflated', '') : `${url}-inflated`;
      expect((await server.get(admin, other)).statusCode).toBe(404);
    }
  });
});

test('an import is not added to any more when its person has changed the group; a new one is', async () => {
  const [before, after] = [await server.makeGroup(), await server.makeGroup()];
  const user = await server.makeUser({ role: 'PHYSICIAN', groupId: before });
  const first = await server.login(user);
  const opened = await server.app.inject({ method: 'POST', url: '/api/imports', headers: first.headers, payload: {} });
  expect(opened.statusCode, opened.body).toBeLessThan(300);
  await server.db.withSystem((tx) => tx.run('UPDATE users SET group_id = $2 WHERE id = $1', [user.id, after]));
  const again = await server.login(user);
  const [slice] = mrSeries({ seed: 'moved', slices: 1, rows: 32, columns: 32 });
  const form = formOf([{ name: 'one.dcm', bytes: slice?.bytes ?? new Uint8Array(0) }]);
  const url = `/api/imports/${opened.json<{ id: string }>().id}`;
  for (const { path, payload, headers } of [
    { path: `${url}/files`, ...form },
    { path: `${url}/known`, payload: { files: [] }, headers: {} },
  ]) {
    const answer = await server.app.inject({ method: 'POST', url: path, headers: { ...again.headers, ...headers }, payload });
    expect([answer.statusCode, answer.json().code], path).toEqual([404, 'NOT_FOUND']);
  }
  const anew = await server.app.inject({
    method: 'POST',
    url: '/api/patients/import',
    headers: { ...again.headers, ...form.headers },
    payload: form.payload,
  });
  expect(anew.json()).toMatchObject({ stored: 1 });
});

describe('a body whose parts go wrong is answered while it still comes', () => {
  const BOUNDARY = 'b0';
  /** Sends the head of a request that announces much more than comes, and waits for the answer. */
  async function answerTo(start: Buffer, type: string): Promise<string> {
    const { port } = server.app.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    const head = Object.entries({
      host: 'localhost',
      ...admin.headers,
      'content-type': `multipart/related; type="${type}"; boundary=${BOUNDARY}`,
      'content-length': String(50_000_000),
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.on('error', () => undefined);
    // An answer that does not come is an empty one.
    socket.setTimeout(5_000, () => socket.destroy());
    socket.write(`POST /dicom-web/studies HTTP/1.1\r\n${head.join('')}\r\n`);
    socket.write(start);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('"code"') || text.includes('00081198')) socket.destroy();
    });
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  }
  const long = `X-Long: ${'x'.repeat(100_000)}`;
  const many = Array.from({ length: 5000 }, (_, index) => `X-${index}: y`).join('\r\n');

  beforeAll(() => server.app.listen({ port: 0, host: '127.0.0.1' }));

  test.each(['application/dicom', 'application/dicom+json', 'application/dicom+xml'])('%s', async (type) => {
    for (const header of [long, many])
      for (const end of ['', '\r\n', '\r\n\r\n', '\r\n\r\nbody'])
        expect(await answerTo(Buffer.from(`--${BOUNDARY}\r\n${header}${end}`), type), end).toMatch(/^HTTP\/1.1 400 .*MALFORMED/s);
    const padded = Buffer.from(`--${BOUNDARY}${' '.repeat(100_000)}`);
    expect(await answerTo(padded, type)).toMatch(/^HTTP\/1.1 400 .*MALFORMED/s);
  });

  test.each([
    ['/dicom-web/studies', `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`],
    ['/api/patients/import', `multipart/form-data; boundary=${BOUNDARY}`],
  ])('%s answers a client that sends everything before it reads', async (url, type) => {
    const { port } = server.app.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    const body = Buffer.alloc(60_000_000, 'x');
    body.write(`--${BOUNDARY}\r\nX-Long: `);
    const heads = { host: 'localhost', ...admin.headers, 'content-type': type, 'content-length': String(body.length) };
    const lines = Object.entries(heads).map(([name, value]) => `${name}: ${value}\r\n`);
    let isSent = false;
    socket.write(`POST ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.write(body, () => {
      isSent = true;
    });
    for (let waited = 0; !isSent && !socket.destroyed && waited < 100; waited += 1) await sleep(100);
    const answer = isSent
      ? await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())))
      : '';
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
  });

  itInLongRun('a second part with an endless header leaves the first one stored, and says so', async () => {
    const first = Buffer.from(writePart10(smallDataset('first'), { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian }));
    const body = Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`),
      first,
      Buffer.from(`\r\n--${BOUNDARY}\r\n${long}\r\n\r\n`),
    ]);
    expect(await answerTo(body, 'application/dicom')).toMatch(/^HTTP\/1.1 202 .*00081199.*0008119A/s);
  });
}, 60_000);
