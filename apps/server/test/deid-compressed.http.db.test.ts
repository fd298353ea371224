import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { TransferSyntax, volumeSeries } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobsOf } from '../src/jobs.ts';
import { CodecPool } from '../src/platform/codecs/pool.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { framesOf, parse } from './dicomweb/transcoding-support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { unzip } from './support/unzip.ts';

const URL = '/api/deid/exports';
const clock = createFakeClock();
const codecs = new CodecPool();
const SIDE = 16;
const HEIGHTS = [0, 2, 4, 6];
/** The form that each series is stored in, by its number from 1 on. */
const SYNTAXES = [
  TransferSyntax.explicitVrLittleEndian,
  TransferSyntax.rleLossless,
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.201',
];
const SECRETS = ['CACHEE', 'CACHE-7', '2.25.99775544'];
let server: DicomwebServer;
let physician: Browser;
let radiologist: Browser;
let group: string;
let projectId: string;

interface Wanted {
  readonly patient: string;
  readonly number: number;
  readonly syntax: string;
  readonly dataset?: Readonly<Record<string, string>>;
}

/** A CT of four slices, each compressed by itself. */
async function series({ patient, number, syntax, dataset = {} }: Wanted): Promise<Buffer[]> {
  const files: Buffer[] = [];
  for (const [index, z] of HEIGHTS.entries()) {
    const of = (over: object, transferSyntaxUid: string): Buffer => {
      const study = `2.25.99775544${patient.length}1`;
      const [made] = volumeSeries({
        ...{ seed: patient, side: SIDE, spacingMm: 1, positions: [[-4, -4, z]], thicknessMm: 2, seriesNumber: number },
        ...{ studyInstanceUid: study, seriesInstanceUid: `${study}.${number}`, transferSyntaxUid },
        valueAt: ([x, y, height]) => Math.round(10 * x + 3 * y + 40 * height),
        dataset: {
          ...{ PatientName: `CACHEE^${patient}`, PatientID: `CACHE-7-${patient}`, InstanceNumber: index + 1 },
          ...{ SOPInstanceUID: `${study}.${number}.${index + 1}`, ...dataset, ...over },
        },
      });
      return Buffer.from(made?.bytes ?? []);
    };
    const native = of({}, TransferSyntax.explicitVrLittleEndian);
    if (syntax === TransferSyntax.explicitVrLittleEndian) {
      files.push(native);
      continue;
    }
    const [frame] = await framesOf(codecs, native);
    if (frame === undefined) throw new Error('no frame');
    const stored = { ...frame, transferSyntaxUid: TransferSyntax.explicitVrLittleEndian, bytes: frame.pixels };
    const { bytes } = await codecs.encodeFrame(stored, syntax);
    files.push(of({ PixelData: { frames: [[bytes]], offsetTable: 'basic' } }, syntax));
  }
  return files;
}

async function ask(
  who: Browser,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<{ status: number; json: Json; raw: Buffer }> {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body && { payload: body }) });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, json: isJson ? answer.json() : undefined, raw: answer.rawPayload };
}
async function run(): Promise<void> {
  const job = jobsOf(server.parts, pino({ level: 'silent' })).find(({ kind }) => kind.name === 'run-deid-exports');
  await job?.run({}, { attempt: 1, isLast: false, signal: new AbortController().signal });
}
async function made(id: string): Promise<{ told: Json; files: Map<string, Buffer>; manifest: Json }> {
  await run();
  const told = (await ask(radiologist, 'GET', `${URL}/${id}`)).json;
  expect(told.status, JSON.stringify(told)).toBe('DONE');
  const files = await unzip((await ask(radiologist, 'GET', `${URL}/${id}/file`)).raw);
  return { told, files, manifest: JSON.parse(String(files.get('manifest.json'))) };
}
async function exported(body: object): ReturnType<typeof made> {
  const { status, json } = await ask(radiologist, 'POST', URL, body);
  expect(status, JSON.stringify(json)).toBe(202);
  return made(json.id);
}

beforeAll(async () => {
  server = await openDicomweb({ clock });
  group = await server.makeGroup('Research');
  physician = await server.login('PHYSICIAN');
  radiologist = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group }));
  const files = (
    await Promise.all(SYNTAXES.map((syntax, index) => series({ patient: 'Ana', number: index + 1, syntax })))
  ).flat();
  const shown = await series({
    ...{ patient: 'Berthe', number: 1, syntax: TransferSyntax.rleLossless },
    dataset: { BurnedInAnnotation: 'YES' },
  });
  expect((await server.store(physician, [...files, ...shown])).statusCode).toBe(200);
  const project = await ask(radiologist, 'POST', '/api/deid/projects', { name: 'Compressed', dates: 'SHIFTED' });
  projectId = project.json.id;
}, 60_000);
afterAll(async () => {
  await server.close();
  await codecs.close();
});

const patientOf = async (name: string): Promise<string> =>
  (await ask(physician, 'GET', `/api/patients?q=${name}`)).json.items[0].id;
const requireNameless = (files: ReadonlyMap<string, Buffer>): void => {
  for (const [name, bytes] of files) {
    const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    for (const secret of SECRETS) expect(plain.includes(secret) || name.includes(secret), `${secret} in ${name}`).toBe(false);
  }
};
const VOXELS_AT = 352;
const blocksOf = (files: ReadonlyMap<string, Buffer>): [string, Buffer][] =>
  [...files].filter(([name]) => name.endsWith('.nii.gz')).map(([name, bytes]) => [name, gunzipSync(bytes)]);

describe('images of every compression', { timeout: 60_000 }, () => {
  test('leave as the same NIfTI file, whose header and neighbours name nobody', async () => {
    const { told, files, manifest } = await exported({ patientIds: [await patientOf('Ana')], form: 'NIFTI' });
    expect(told).toMatchObject({ done: SYNTAXES.length * HEIGHTS.length, refused: 0 });
    const blocks = blocksOf(files);
    expect(blocks).toHaveLength(SYNTAXES.length);
    const [, native] = blocks[0] ?? ['', Buffer.alloc(0)];
    for (const [name, block] of blocks) expect(block.equals(native), name).toBe(true);
    // By the formula that they were made by: the last row of the lowest slice comes first.
    const value = (x: number, y: number, slice: number): number =>
      native.readUInt16LE(VOXELS_AT + 2 * (slice * SIDE * SIDE + (SIDE - 1 - y) * SIDE + x)) - 1024;
    for (const [x, y, slice] of [
      [0, 0, 0],
      [5, 2, 1],
      [15, 15, 3],
    ] as const)
      expect(value(x, y, slice)).toBe(10 * (x - 4) + 3 * (y - 4) + 40 * (HEIGHTS[slice] ?? 0));
    // aux_file, descrip, db_name, intent_name.
    for (const [from, to] of [
      [4, 38],
      [148, 252],
      [328, 344],
    ] as const)
      expect(native.subarray(from, to).every((byte) => byte === 0)).toBe(true);
    for (const [, bytes] of blocks) expect(bytes.subarray(348, 352).every((byte) => byte === 0)).toBe(true);
    // The time of day of a compressed block is none.
    for (const [name, bytes] of files) if (name.endsWith('.gz')) expect(bytes.readUInt32LE(4), name).toBe(0);
    requireNameless(files);
    expect(manifest.series.map(({ form }: Json) => form)).toEqual(SYNTAXES.map(() => 'NIFTI'));
  });

  test('come into a group with their own pixels, once', async () => {
    const wish = { patientIds: [await patientOf('Ana')], form: 'GROUP', projectId, targetGroupId: group };
    const first = await exported(wish);
    expect(first.told).toMatchObject({ done: 20, unchanged: 0, refused: 0 });
    const second = await exported(wish);
    expect(second.told).toMatchObject({ done: 20, unchanged: 20 });
    const came = await server.db.withSystem((tx) =>
      tx.rows(
        `SELECT i.id, i.size_bytes, i.transfer_syntax_uid AS syntax FROM instances i WHERE i.group_id = $1 ORDER BY i.transfer_syntax_uid, i.id`,
        [group],
      ),
    );
    expect(new Set(came.map(({ syntax }) => syntax))).toEqual(new Set(SYNTAXES));
    const looks = new Map<string, string[]>();
    for (const { id, size_bytes: sizeBytes, syntax } of came) {
      const file = await server.parts.objects.read(id, 0, sizeBytes);
      const [frame] = await framesOf(codecs, file);
      for (const secret of SECRETS) expect(file.includes(secret)).toBe(false);
      looks.set(syntax, [...(looks.get(syntax) ?? []), Buffer.from(frame?.pixels ?? []).toString('base64')].sort());
      expect(parse(file).transferSyntaxUid).toBe(syntax);
    }
    const [one, ...others] = [...looks.values()];
    for (const other of others) expect(other).toEqual(one);
  });

  test('of which a person has masked one are black there within the NIfTI file too, and nothing of the masking waits on', async () => {
    const scratch = path.join(server.settings.dataDir, 'tmp');
    const waiting = async (): Promise<string[]> => (await readdir(scratch, { recursive: true }).catch(() => [])).sort();
    const before = await waiting();
    const first = await exported({ patientIds: [await patientOf('Berthe')], form: 'NIFTI' });
    expect(first.told).toMatchObject({ done: 0, refused: 4, waiting: 4 });
    const held = (await ask(radiologist, 'GET', `${URL}/${first.told.id}/held`)).json.items;
    const ofSeries = (await ask(radiologist, 'GET', `${URL}/${first.told.id}/held/${held[0].id}`)).json.items;
    const masks = [{ left: 2, top: 3, right: 6, bottom: 8 }];
    const decided = await ask(radiologist, 'POST', `/api/deid/held/${ofSeries[0].id}/decision`, {
      ...{ version: 0, decision: 'MASKED', masks, series: true },
    });
    expect(decided.json.files).toBe(4);
    expect((await ask(radiologist, 'POST', `${URL}/${first.told.id}/resume`)).status).toBe(202);
    const { told, files, manifest } = await made(first.told.id);
    expect(told).toMatchObject({ done: 4, refused: 0, waiting: 0 });
    const [[, block] = ['', Buffer.alloc(0)]] = blocksOf(files);
    for (let slice = 0; slice < HEIGHTS.length; slice += 1)
      for (let y = 0; y < SIDE; y += 1)
        for (let x = 0; x < SIDE; x += 1) {
          const voxel = block.readUInt16LE(VOXELS_AT + 2 * (slice * SIDE * SIDE + (SIDE - 1 - y) * SIDE + x));
          const isMasked = x >= 2 && x < 6 && y >= 3 && y < 8;
          const own = 1024 + 10 * (x - 4) + 3 * (y - 4) + 40 * (HEIGHTS[slice] ?? 0);
          if (voxel !== (isMasked ? 0 : own)) expect({ x, y, slice, voxel }).toEqual({ x, y, slice, voxel: isMasked ? 0 : own });
        }
    // What somebody said of these pixels is told of a block as it is of a file.
    expect(manifest.files[0]).toMatchObject({ images: 4, pixels: { done: 'MASKED', by: 'PERSON Test' } });
    requireNameless(files);
    expect(await waiting()).toEqual(before);
  });
});
