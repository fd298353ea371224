import {
  brokenFiles,
  chestXray,
  createPrng,
  ctVolume,
  mrSeries,
  mutateFile,
  type Prng,
  pixelMatrix,
  secondaryCapture,
  smallDataset,
  TransferSyntax,
  ultrasoundClip,
  writePart10,
} from '@negatoscope/testkit';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { isLong } from '../support/sample.ts';
import { type DicomwebServer, hasTestData, type Json, manifest, openDicomweb, readTestFile } from './support.ts';

const BATCHES = isLong ? 500 : 4;
const A_BATCH = 20;
const MAX_SEED_BYTES = 200_000;

/** Files of every transfer syntax that there is: the generator's, and real ones where they are. */
function seeds(): Uint8Array[] {
  const size = { rows: 32, columns: 32 };
  const generated = [
    ...pixelMatrix(),
    ...[...ctVolume({ seed: 1, slices: 2, ...size }), ...mrSeries({ seed: 2, slices: 2, ...size })].map((instance) => ({
      instance,
    })),
    ...[
      ...chestXray({ seed: 3, ...size }),
      ...ultrasoundClip({ seed: 4, frames: 2, ...size }),
      ...secondaryCapture({ seed: 5, ...size }),
    ].map((instance) => ({ instance })),
  ].map(({ instance }) => instance.bytes);
  const broken = brokenFiles().filter(({ bytes }) => bytes.length < MAX_SEED_BYTES);
  const real = hasTestData ? [...manifest().keys()].map(readTestFile).filter(({ length }) => length < MAX_SEED_BYTES) : [];
  return [...generated, ...broken.map(({ bytes }) => bytes), ...real];
}

/** Other digits at the end of the SOP Instance UID wherever it stands, so that a copy is a file of its own more often than a conflict. */
function renamed(file: Uint8Array, prng: Prng): Uint8Array {
  const bytes = Buffer.from(file);
  const start = bytes.indexOf(Buffer.from([2, 0, 3, 0, 0x55, 0x49]), 128);
  const length = start < 0 ? 0 : bytes.readUInt16LE(start + 6);
  const uid = bytes
    .subarray(start + 8, start + 8 + length)
    .toString('latin1')
    .replace(/\0+$/, '');
  if (start < 0 || !/^[0-9.]{20,64}$/.test(uid)) return bytes;
  const other = uid.slice(0, -6) + String(prng.integer(100_000, 999_999));
  for (let at = bytes.indexOf(uid); at >= 0; at = bytes.indexOf(uid, at + uid.length)) bytes.write(other, at, 'latin1');
  return bytes;
}

const neighbour = (batch: number): Uint8Array =>
  writePart10(smallDataset(`neighbour ${batch}`, 'mutated'), { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });

/** PS3.10 7.1: the preamble is sent as zeros. */
function asSent(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file);
  if (bytes.length >= 132 && bytes.toString('latin1', 128, 132) === 'DICM') bytes.fill(0, 0, 128);
  return bytes;
}

describe(`${BATCHES * A_BATCH} mutated files through the whole server (S1)`, () => {
  const prng = createPrng('mutated files');
  const originals = seeds();
  const outcomes = new Map<string, number>();
  const lines: string[] = [];
  /** What the server itself calls a fault. */
  const faults = (): string[] => lines.filter((line) => line.includes('"msg":"unexpected"'));
  let server: DicomwebServer;
  let admin: Browser;
  const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);

  beforeAll(async () => {
    server = await openDicomweb({ logLines: lines });
    admin = await server.login('ADMIN');
  });
  afterAll(() => server.close());

  const upload = (files: readonly Uint8Array[]): Promise<LightMyRequestResponse> => {
    const parts = files.flatMap((bytes, index) => [
      Buffer.from(`--b0undary\r\nContent-Disposition: form-data; name="files"; filename="${index}"\r\n\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ]);
    return server.app.inject({
      method: 'POST',
      url: '/api/patients/import',
      headers: { ...admin.headers, 'content-type': 'multipart/form-data; boundary=b0undary' },
      payload: Buffer.concat([...parts, Buffer.from('--b0undary--\r\n')]),
    });
  };

  /** What was taken is served as it came, and nothing that is made of it is a fault of the server. */
  async function expectServed(path: string, file: Uint8Array): Promise<void> {
    const stored = await server.get(admin, `${path}?original=true`, { accept: 'application/dicom; transfer-syntax=*' });
    expect(faults()).toEqual([]);
    expect([path, stored.statusCode, stored.rawPayload.equals(asSent(file))]).toEqual([path, 200, true]);
    for (const more of ['/metadata', '/frames/1', '/rendered', '?accept=application/dicom']) {
      const { statusCode } = await server.get(admin, path + more);
      expect([path + more, statusCode < 500, faults()]).toEqual([path + more, true, []]);
      count(`${more} ${statusCode}`);
    }
  }

  async function byUpload(files: readonly Uint8Array[]): Promise<void> {
    const response = await upload(files);
    expect([response.statusCode, response.statusCode === 200 ? '' : response.body]).toEqual([200, '']);
    // A directory's missing files are told beside those that were sent.
    const results: Json[] = response.json().files.filter(({ name }: Json) => /^\d+$/.test(name));
    expect(results.map(({ name }) => Number(name)).sort((a, b) => a - b)).toEqual(files.map((_, index) => index));
    for (const { name, outcome, studyInstanceUid, seriesInstanceUid, sopInstanceUid } of results) {
      expect(['stored', 'duplicate', 'conflict', 'rejected', 'ignored']).toContain(outcome);
      count(outcome);
      const file = files[Number(name)] ?? new Uint8Array(0);
      if (outcome !== 'stored') continue;
      await expectServed(`/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`, file);
    }
    expect(results.find(({ name }) => Number(name) === files.length - 1)?.outcome).toBe('stored');
  }

  async function byStow(files: readonly Uint8Array[]): Promise<void> {
    const response = await server.store(
      admin,
      files.map((bytes) => Buffer.from(bytes)),
    );
    expect([response.statusCode <= 202, response.statusCode]).toEqual([true, response.statusCode]);
    const json: Json = response.json();
    const kept: Json[] = json['00081199']?.Value ?? [];
    const failed: Json[] = [...(json['00081198']?.Value ?? []), ...(json['0008119A']?.Value ?? [])];
    expect(kept.length + failed.length).toBe(files.length);
    count(`STOW ${response.statusCode}`);
  }

  test('each has one outcome, good files beside them are stored, what is taken is served as it came', {
    timeout: 60_000 + BATCHES * 5_000,
  }, async () => {
    expect(originals.length).toBeGreaterThanOrEqual(60);
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const mutated = Array.from({ length: A_BATCH }, () => mutateFile(renamed(prng.pick(originals), prng), prng));
      await (batch % 2 === 0 ? byUpload : byStow)([...mutated, neighbour(batch)]);
    }
    const neighbours = await server.json(admin, '/studies?PatientName=PHANTOM^Hostile&limit=5000');
    expect(neighbours.filter((study: Json) => String(study['00100020']?.Value).startsWith('H-neighbour')).length).toBe(BATCHES);
    expect((await server.app.inject({ url: '/api/health' })).statusCode).toBe(200);
    console.log(
      [...outcomes]
        .sort()
        .map(([outcome, times]) => `${outcome}: ${times}`)
        .join(', '),
    );
  });
});
