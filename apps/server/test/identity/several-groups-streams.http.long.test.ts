import { type IncomingMessage, request } from 'node:http';
import { smallDataset, TransferSyntax, volumeSeries, writePart10 } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobsOf } from '../../src/jobs.ts';
import { type DicomwebServer, openDicomweb } from '../dicomweb/support.ts';
import type { Browser } from '../support/app.ts';

/** Long past what the buffers between server and client hold, so that the answer waits for its reader. */
const ROWS = 4608;
const FILE_BYTES = ROWS * ROWS * 2;
const FILES = 2;
/** Hundreds of megabytes are made, stored, exported and read. */
const LONG_MS = 240_000;
const STUDY = String(smallDataset('streams of a group').StudyInstanceUID);
const SERIES = String(smallDataset('streams of a group').SeriesInstanceUID);
const ofInstance = (): string => `/dicom-web/studies/${STUDY}/series/${SERIES}/instances/2.25.881`;

let server: DicomwebServer;
let admin: Browser;
let address: string;
let patient: string;
let kept: string;
let taken: string;

beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  kept = await server.makeGroup('Reste');
  taken = await server.makeGroup('Retiré');
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: taken }));
  for (let number = 1; number <= FILES; number += 1) {
    const dataset = {
      ...smallDataset('streams of a group'),
      ...{ SOPInstanceUID: `2.25.88${number}`, InstanceNumber: number, Rows: ROWS, Columns: ROWS },
      ...{ BitsAllocated: 16, BitsStored: 16, HighBit: 15, BodyPartExamined: 'CHEST' },
      ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', Modality: 'CT', BurnedInAnnotation: 'NO' },
      // A capture would wait for somebody to look at it.
      ConversionType: undefined,
      PixelData: { vr: 'OW' as const, value: new Uint8Array(FILE_BYTES) },
    };
    const file = writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });
    expect((await server.store(member, [Buffer.from(file)])).statusCode).toBe(200);
  }
  const [row] = await server.db.withSystem((tx) =>
    tx.rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [STUDY]),
  );
  patient = row?.patient_id ?? '';
});
afterAll(() => server.close());

interface Begun {
  /** Reads on; how much came in all and whether the answer was whole. */
  rest(): Promise<{ bytes: number; isWhole: boolean }>;
}

/** An answer whose reader has stopped after its first bytes. */
function begin(method: 'GET' | 'POST', url: string, headers: Readonly<Record<string, string>>, body?: object): Promise<Begun> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request(
      `${address}${url}`,
      { method, headers: { ...headers, ...payload }, agent: false },
      (response: IncomingMessage) => {
        if (response.statusCode !== 200) return reject(new Error(`${url} answered ${response.statusCode}`));
        let bytes = 0;
        response.on('error', () => undefined);
        const closed = new Promise<void>((done) => response.once('close', () => done()));
        response.once('data', (first: Buffer) => {
          bytes += first.length;
          response.pause();
          resolve({
            rest: async () => {
              response.on('data', (chunk: Buffer) => {
                bytes += chunk.length;
              });
              response.resume();
              await closed;
              return { bytes, isWhole: response.complete };
            },
          });
        });
        return undefined;
      },
    ).on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const WAYS: readonly (readonly [what: string, method: 'GET' | 'POST', url: () => string, body?: () => object])[] = [
  ['WADO-RS, multipart', 'GET', () => `/dicom-web/studies/${STUDY}`],
  ['WADO-RS of the group that is named', 'GET', () => `/dicom-web/groups/${taken}/studies/${STUDY}`],
  ['a ZIP of the patient', 'GET', () => `/api/patients/${patient}/export`],
  ['a ZIP without identity', 'POST', () => '/api/patients/export/anonymised', () => ({ patientIds: [patient] })],
  ['a hand-over', 'POST', () => `/api/patients/${patient}/hand-over`, () => ({ recipient: 'Le patient' })],
];
const headersOf = ({ headers }: Browser): Record<string, string> => ({
  ...headers,
  accept: 'multipart/related; type="application/dicom"; transfer-syntax=*, application/zip, */*;q=0.1',
});

const MORE: typeof WAYS = [
  ...WAYS,
  ['one stored file', 'GET', () => '/api/patients/images/2.25.881'],
  ['a medium as ZIP', 'POST', () => `/api/patients/${patient}/medium`, () => ({ recipient: 'Le patient', form: 'ZIP' })],
  ['a medium as ISO image', 'POST', () => `/api/patients/${patient}/medium`, () => ({ recipient: 'Le patient', form: 'ISO' })],
  ['frames of the study', 'GET', () => `/dicom-web/studies/${STUDY}/pixeldata`],
  ['one bulk value, which is its pixels', 'GET', () => `${ofInstance()}/pixeldata`],
  [
    'WADO-URI',
    'GET',
    () =>
      `/dicom-web/wado?requestType=WADO&studyUID=${STUDY}&seriesUID=${SERIES}&objectUID=2.25.881&contentType=application/dicom`,
  ],
];

describe('one group of several is taken away while something leaves', () => {
  test('the rest of it does not: WADO-RS, ZIPs with and without identity, a hand-over', async () => {
    const user = await server.makeUser({ role: 'RADIOLOGIST', groupId: kept, groupIds: [taken] });
    const who = await server.login(user);
    const begun = await Promise.all(WAYS.map(([, method, url, body]) => begin(method, url(), headersOf(who), body?.())));
    const change = {
      method: 'PATCH',
      url: `/api/users/${user.id}`,
      headers: { ...admin.headers },
      payload: { groupIds: [kept] },
    } as const;
    expect((await server.app.inject(change)).statusCode).toBe(200);
    const ends = await Promise.all(begun.map(({ rest }) => rest()));
    expect(ends.map(({ isWhole, bytes }, at) => [WAYS[at]?.[0], isWhole, bytes < FILES * FILE_BYTES])).toEqual(
      WAYS.map(([what]) => [what, false, true]),
    );
  });

  test('what leaves to colleagues of that group is whole', async () => {
    const user = await server.makeUser({ role: 'RADIOLOGIST', groupId: taken });
    const [, method, url] = WAYS[0] ?? ['', 'GET', () => ''];
    const { isWhole, bytes } = await (await begin(method, url(), headersOf(await server.login(user)))).rest();
    expect([isWhole, bytes > FILES * FILE_BYTES]).toEqual([true, true]);
  });
});

describe('a study goes to another group while something leaves', () => {
  test('the rest of it does not to who sees it no more, and does to who sees it there: WADO-RS, pixel data, ZIPs, a hand-over, media', {
    timeout: LONG_MS,
  }, async () => {
    const elsewhere = await server.makeGroup('Ailleurs');
    const who = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: taken }));
    const both = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: taken, groupIds: [elsewhere] }));
    const begun = await Promise.all(MORE.map(([, method, url, body]) => begin(method, url(), headersOf(who), body?.())));
    const [, method, url] = WAYS[0] ?? ['', 'GET', () => ''];
    const goesOn = await begin(method, url(), headersOf(both));
    const change = { method: 'PATCH', url: `/api/patients/${patient}`, headers: { ...admin.headers } } as const;
    const { updatedAt } = (await server.app.inject({ ...change, method: 'GET' })).json<{ updatedAt: string }>();
    const moved = await server.app.inject({ ...change, payload: { groupId: elsewhere, updatedAt } });
    expect(moved.statusCode).toBe(200);
    const ends = await Promise.all(begun.map(({ rest }) => rest()));
    expect(ends.map(({ isWhole }, at) => [MORE[at]?.[0], isWhole])).toEqual(MORE.map(([what]) => [what, false]));
    expect((await goesOn.rest()).isWhole).toBe(true);
  });
});

describe('a study goes to another group while an export of it is downloaded', () => {
  /** Noise of 12 bits: what gzip makes of it is as long as the socket's buffers are not. */
  function noise(): Buffer[] {
    let state = 1;
    const positions = [0, 2, 4, 6].map((z) => [0, 0, z] as const);
    const valueAt = (): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 8) % 3000;
    };
    const series = volumeSeries({ seed: 'nifti of a group', side: 2048, spacingMm: 1, positions, thicknessMm: 2, valueAt });
    return [...series].map(({ bytes }) => Buffer.from(bytes));
  }
  const run = async (): Promise<void> => {
    const job = jobsOf(server.parts, pino({ level: 'silent' })).find(({ kind }) => kind.name === 'run-deid-exports');
    await job?.run({}, { attempt: 1, isLast: false, signal: new AbortController().signal });
  };

  test.each(['NIFTI', 'DICOM'])(
    'the rest of it does not come to who sees it no more, and it is not to be had again (%s)',
    { timeout: LONG_MS },
    async (form) => {
      const [here, elsewhere] = [await server.makeGroup(`Ici ${form}`), await server.makeGroup(`Là ${form}`)];
      const who = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: here }));
      const files = noise();
      expect((await server.store(who, files)).statusCode).toBe(200);
      const ask = async (method: 'GET' | 'POST', url: string, payload?: object) =>
        (await server.app.inject({ method, url, headers: { ...who.headers }, ...(payload && { payload }) })).json();
      const [own] = (await ask('GET', '/api/patients')).items;
      const { id } = await ask('POST', '/api/deid/exports', { patientIds: [own.id], form });
      await run();
      const told = await ask('GET', `/api/deid/exports/${id}`);
      expect(told).toMatchObject({ status: 'DONE', refused: 0 });
      const url = `/api/deid/exports/${id}/file`;
      const begun = await begin('GET', url, headersOf(who));
      const change = { method: 'PATCH', url: `/api/patients/${own.id}`, headers: { ...admin.headers } } as const;
      const { updatedAt } = (await server.app.inject({ ...change, method: 'GET' })).json<{ updatedAt: string }>();
      expect((await server.app.inject({ ...change, payload: { groupId: elsewhere, updatedAt } })).statusCode).toBe(200);
      const { isWhole, bytes } = await begun.rest();
      expect([isWhole, bytes < told.sizeBytes]).toEqual([false, true]);
      expect((await server.app.inject({ url, headers: { ...who.headers } })).statusCode).toBe(403);
    },
  );
});
