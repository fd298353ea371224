import { createHash } from 'node:crypto';
import { frameFormatOf, jsonString, jsonStrings, locateFrames, parsePart10 } from '@negatoscope/dicom';
import { encodeRle, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedPerson } from '../../../../test/support/deid-seed.ts';
import {
  actorOf,
  createIndexApp,
  GROUP_A,
  type IndexApp,
  seedPatient,
  seedStudy,
  type Who,
} from '../../../../test/support/index-app.ts';
import { unzip } from '../../../../test/support/unzip.ts';
import { service } from '../../../access/index.ts';
import { runExports } from './run.ts';

const BY = service('run-deid-exports', []);
const WHO: Who = 'RADIOLOGIST@A';
const [ROWS, COLUMNS, FRAMES] = [6, 10, 3];
const FRAME = ROWS * COLUMNS * 3;
/** Written in the picture, as bytes that are found in whatever leaves. */
const NAME = Buffer.from('DIALLO^AMINATA');
const MASK = { left: 2, top: 1, right: 9, bottom: 3 };
let index: IndexApp;
let patient: string;
let instances: readonly string[];

/** Frames of colour of which the second row begins, at its third pixel, with the name. */
function frames(count: number): Buffer {
  const pixels = Buffer.from(Array.from({ length: FRAME * count }, (_, at) => 40 + ((at * 7) % 200)));
  for (let frame = 0; frame < count; frame += 1) NAME.copy(pixels, frame * FRAME + (COLUMNS + 2) * 3);
  return pixels;
}

function picture(uid: string, { isRle = false, count = FRAMES, photometric = 'RGB' } = {}): Buffer {
  const pixels = frames(count);
  const rle = { rows: ROWS, columns: COLUMNS, samplesPerPixel: 3, bytesPerSample: 1 };
  const fragments = Array.from({ length: count }, (_, at) => [encodeRle(pixels.subarray(at * FRAME, (at + 1) * FRAME), rle)]);
  const dataset = {
    ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.3.1', SOPInstanceUID: uid, StudyInstanceUID: '1.2.826.70' },
    ...{ SeriesInstanceUID: '1.2.826.70.1', Modality: 'US', ImageType: ['ORIGINAL', 'PRIMARY', 'CARDIAC'] },
    ...{ PatientName: 'DIALLO^AMINATA', PatientID: 'D-1', NumberOfFrames: count, Rows: ROWS, Columns: COLUMNS },
    ...{ SamplesPerPixel: 3, PhotometricInterpretation: photometric, PlanarConfiguration: 0, BitsAllocated: 8, BitsStored: 8 },
    ...{ HighBit: 7, PixelRepresentation: 0, LossyImageCompression: '01' },
    PixelData: isRle ? { frames: fragments, offsetTable: 'basic' as const } : { vr: 'OB' as const, value: pixels },
  };
  const transferSyntaxUid = isRle ? TransferSyntax.rleLossless : TransferSyntax.explicitVrLittleEndian;
  return Buffer.from(writePart10(dataset, { transferSyntaxUid }));
}

/** Gray pixels among which the name stands, no picture of it. */
function spelled(): Buffer {
  const pixels = Buffer.from(Array.from({ length: ROWS * COLUMNS }, (_, at) => 130 + ((at * 7) % 100)));
  NAME.copy(pixels, 5);
  return pixels;
}

/** What its header says is nothing that anybody writes names into. */
function tomography(uid: string, isRle: boolean): Buffer {
  const rle = { rows: ROWS, columns: COLUMNS, samplesPerPixel: 1, bytesPerSample: 1 };
  const dataset = {
    ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', SOPInstanceUID: uid, StudyInstanceUID: '1.2.826.70' },
    ...{ SeriesInstanceUID: '1.2.826.70.1', Modality: 'CT', ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
    ...{ PatientName: 'DIALLO^AMINATA', PatientID: 'D-1', Rows: ROWS, Columns: COLUMNS, SamplesPerPixel: 1 },
    ...{ PhotometricInterpretation: 'MONOCHROME2', BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 },
    PixelData: isRle
      ? { frames: [[encodeRle(spelled(), rle)]], offsetTable: 'basic' as const }
      : { vr: 'OB' as const, value: spelled() },
  };
  const transferSyntaxUid = isRle ? TransferSyntax.rleLossless : TransferSyntax.explicitVrLittleEndian;
  return Buffer.from(writePart10(dataset, { transferSyntaxUid }));
}

async function store(id: string, file: Buffer): Promise<void> {
  index.objects.set(id, file);
  const sha256 = createHash('sha256').update(file).digest();
  await index.owner.query('UPDATE instances SET size_bytes = $2, file_sha256 = $3 WHERE id = $1', [id, file.length, sha256]);
}

beforeAll(async () => {
  index = await createIndexApp();
  for (const who of [WHO, 'RESEARCHER@A', 'PHYSICIAN@A', 'PHYSICIAN@B'] as const) await seedPerson(index, who);
  patient = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'DIALLO', externalId: 'D-1' });
  ({ instanceIds: instances } = await seedStudy(index.owner, {
    ...{ patientId: patient, groupId: GROUP_A, uid: '1.2.826.70', instances: 4 },
  }));
});
beforeEach(async () => {
  await index.owner.query('DELETE FROM deid_held_files');
  for (const [at, id] of instances.entries()) await store(id, picture(`1.2.826.70.1.${at + 1}`, { isRle: at === 1 }));
});
afterAll(() => index.close());

const run = () =>
  runExports(
    {
      ...index.making,
      personOf: async () => actorOf(WHO),
      log: { error: console.error, warn: console.error } as never,
      decode: () => Promise.reject(new Error('nothing is decoded')),
      takeInto: () => Promise.reject(new Error('nothing goes into a group')),
    },
    BY,
    {
      signal: new AbortController().signal,
    },
  );
const get = async (url: string, who: Who = WHO) => index.ask(who, 'GET', url);
async function made(): Promise<string> {
  index.now = new Date(index.now.getTime() - 60_000);
  const { text } = await index.ask(WHO, 'POST', '/api/deid/exports', { patientIds: [patient] });
  const { id } = JSON.parse(text);
  await run();
  index.now = new Date(index.now.getTime() + 60_000);
  return id;
}
const decide = (id: string, body: object, who: Who = WHO) => index.ask(who, 'POST', `/api/deid/held/${id}/decision`, body);
async function zipOf(
  id: string,
): Promise<{ files: Map<string, Buffer>; manifest: { files: { path: string }[] } & Record<string, unknown> }> {
  const files = await unzip((await get(`/api/deid/exports/${id}/file`)).raw);
  return { files, manifest: JSON.parse(String(files.get('manifest.json'))) };
}
const nth = (at: number): string => instances[at] ?? '';
const held = async (id: string) => {
  const { items } = JSON.parse((await get(`/api/deid/exports/${id}/held`)).text);
  return JSON.parse((await get(`/api/deid/exports/${id}/held/${items[0].id}`)).text).items;
};

describe('files that may show text', () => {
  test('wait for a person, are masked by her, and are in the export that goes on', async () => {
    const id = await made();
    const export1 = JSON.parse((await get(`/api/deid/exports/${id}`)).text);
    expect(export1).toMatchObject({ status: 'DONE', done: 0, refused: 4, waiting: 4, decided: 0 });
    const series = JSON.parse((await get(`/api/deid/exports/${id}/held`)).text).items;
    expect(series).toMatchObject([
      { files: 4, waiting: 4, studyInstanceUid: '1.2.826.70', patient: expect.stringContaining('DIALLO') },
    ]);
    expect(await held(id)).toMatchObject(
      instances.map((one) => ({ id: one, rows: ROWS, columns: COLUMNS, frames: FRAMES, decision: null })),
    );

    const one = await decide(nth(0), { version: 0, decision: 'MASKED', masks: [MASK], series: true });
    expect(JSON.parse(one.text)).toMatchObject({
      files: 4,
      file: { decision: 'MASKED', version: 1, masks: [MASK], by: 'BODY Some' },
    });
    expect(JSON.parse((await get(`/api/deid/exports/${id}`)).text)).toMatchObject({ waiting: 0, decided: 4 });
    expect((await index.ask(WHO, 'POST', `/api/deid/exports/${id}/resume`)).status).toBe(202);
    expect((await get(`/api/deid/exports/${id}/file`)).status).toBe(404);
    await run();

    const { files, manifest } = await zipOf(id);
    expect(manifest.files).toHaveLength(4);
    for (const { path, ...told } of manifest.files) {
      expect(told).toMatchObject({ pixels: { done: 'MASKED', by: 'BODY Some' } });
      requireMasked(files.get(path) ?? Buffer.alloc(0));
    }
    const { rows } = await index.owner.query("SELECT details, patient_id FROM audit_events WHERE action = 'deid-held.decided'");
    expect(rows[0].details).toMatchObject({ decision: 'MASKED', files: 4, masks: 1 });
    // Her access log tells of it.
    expect(rows[0].patient_id).toBe(patient);
  });

  test('leave as they are where she says so, with her name, or not at all', async () => {
    const id = await made();
    expect((await decide(nth(0), { version: 0, decision: 'ACCEPTED' })).status).toBe(200);
    expect((await decide(nth(1), { version: 0, decision: 'ACCEPTED' })).status).toBe(200);
    expect((await decide(nth(2), { version: 0, decision: 'LEFT_OUT' })).status).toBe(200);
    // What is shown before an export is what it will do.
    const { text } = await index.ask(WHO, 'POST', '/api/deid/preview', { patientIds: [patient] });
    expect(JSON.parse(text).items[0].because).toBe(null);
    expect(JSON.parse(text).items[0].picture).toMatch(/^data:image\/jpeg;base64,/);
    await index.ask(WHO, 'POST', `/api/deid/exports/${id}/resume`);
    await run();
    const { files, manifest } = await zipOf(id);
    expect(manifest.files).toHaveLength(2);
    expect(
      JSON.parse((await get(`/api/deid/exports/${id}`)).text).refusals.map(({ because }: { because: string }) => because),
    ).toEqual(['LEFT_OUT', 'BURNED_IN']);
    const [native, compressed] = manifest.files.map(({ path }) => parsePart10(files.get(path) ?? Buffer.alloc(0)));
    expect(compressed?.transferSyntaxUid).toBe(TransferSyntax.rleLossless);
    for (const parsed of [native, compressed]) {
      expect(jsonString(parsed?.json ?? {}, '00280301')).toBe('NO');
      expect(jsonStrings(parsed?.json ?? {}, '00080008')).toEqual(['ORIGINAL', 'PRIMARY', 'CARDIAC']);
      expect(jsonStrings(parsed?.json ?? {}, '00120063')).not.toContain('113101');
    }
  });

  test('wait as well where only the bytes of the pixels name somebody, and what was compressed leaves decoded once she has looked', async () => {
    for (const [at, isRle] of [false, true, false, true].entries())
      await store(nth(at), tomography(`1.2.826.70.1.${at + 1}`, isRle));
    const id = await made();
    expect(JSON.parse((await get(`/api/deid/exports/${id}`)).text)).toMatchObject({ status: 'DONE', done: 0, waiting: 4 });
    expect(await held(id)).toMatchObject(
      instances.map((one) => ({ id: one, because: 'NAME_IN_PIXELS', rows: ROWS, columns: COLUMNS, frames: 1 })),
    );
    await decide(nth(0), { version: 0, decision: 'ACCEPTED' });
    await decide(nth(1), { version: 0, decision: 'ACCEPTED' });
    await decide(nth(2), { version: 0, decision: 'MASKED', masks: [{ left: 0, top: 0, right: COLUMNS, bottom: 3 }] });
    await index.ask(WHO, 'POST', `/api/deid/exports/${id}/resume`);
    await run();
    const { files, manifest } = await zipOf(id);
    const [native, decoded, masked] = manifest.files.map(({ path }) => files.get(path) ?? Buffer.alloc(0));
    expect(manifest.files).toHaveLength(3);
    expect([native?.includes(NAME), masked?.includes(NAME)]).toEqual([true, false]);
    const parsed = parsePart10(decoded ?? Buffer.alloc(0));
    expect(parsed.transferSyntaxUid).toBe(TransferSyntax.explicitVrLittleEndian);
    expect(jsonStrings(parsed.json, '00080008')).toEqual(['ORIGINAL', 'PRIMARY', 'AXIAL']);
    expect(decoded?.subarray(-ROWS * COLUMNS)).toEqual(spelled());
  });

  test('are shown as they leave: the picture after is drawn from the masked file, and there is none of what waits', async () => {
    const shown = async () =>
      JSON.parse((await index.ask(WHO, 'POST', '/api/deid/preview', { patientIds: [patient] })).text).items[0];
    expect(await shown()).toMatchObject({ because: 'BURNED_IN', picture: null, unseen: null });
    await made();
    const whole = { left: 0, top: 0, right: COLUMNS, bottom: ROWS };
    for (const [decision, masks, isBlack] of [
      ['ACCEPTED', [], false],
      ['MASKED', [whole], true],
    ] as const) {
      await index.owner.query('UPDATE deid_held_files SET version = 0, decision = NULL');
      expect((await decide(nth(0), { version: 0, decision, masks })).status).toBe(200);
      const { picture, unseen } = await shown();
      // Somebody has looked.
      expect(unseen).toBeNull();
      const { data } = await sharp(Buffer.from(picture.split(',')[1], 'base64'))
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([decision, data.every((value) => value < 8)]).toEqual([decision, isBlack]);
    }
  });

  test('are not given out any more once somebody thinks better of it, until the export is made anew', async () => {
    const id = await made();
    const file = async () => (await get(`/api/deid/exports/${id}/file`)).status;
    await decide(nth(0), { version: 0, decision: 'ACCEPTED', series: true });
    await index.ask(WHO, 'POST', `/api/deid/exports/${id}/resume`);
    await run();
    expect(await file()).toBe(200);
    index.now = new Date(index.now.getTime() + 1000);
    expect((await decide(nth(0), { version: 1, decision: 'LEFT_OUT' })).status).toBe(200);
    expect(await file()).toBe(403);
    index.now = new Date(index.now.getTime() + 1000);
    await index.ask(WHO, 'POST', `/api/deid/exports/${id}/resume`);
    await run();
    expect(await file()).toBe(200);
    expect((await zipOf(id)).manifest.files).toHaveLength(3);
  });

  test('are shown to and decided by who may export without identity, sees identities and sees the study; of two the second is told', async () => {
    const id = await made();
    const body = { version: 0, decision: 'ACCEPTED' };
    expect((await decide(nth(0), body, 'RESEARCHER@A')).status).toBe(403);
    expect((await decide(nth(0), body, 'STAFF@A')).status).toBe(403);
    expect((await decide(nth(0), body, 'PHYSICIAN@B')).status).toBe(404);
    const trash = (at: string) => index.owner.query(`UPDATE studies SET deleted_at = ${at} WHERE patient_id = $1`, [patient]);
    await trash('now()');
    expect((await decide(nth(0), body)).status).toBe(404);
    await trash('NULL');
    expect((await get(`/api/deid/exports/${id}/held`, 'PHYSICIAN@A')).status).toBe(404);
    const [first, second] = await Promise.all([
      decide(nth(0), body, 'PHYSICIAN@A'),
      decide(nth(0), { ...body, decision: 'LEFT_OUT' }),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 409]);
    const late = await decide(nth(0), body);
    expect(JSON.parse(late.text).code).toBe('STALE_UPDATE');
    // Who knows of it may change it.
    expect((await decide(nth(0), { ...body, version: 1 })).status).toBe(200);
  });

  test('can’t be masked outside of the picture, with nothing, or in a frame that is not there', async () => {
    await made();
    for (const masks of [
      [{ ...MASK, left: 10, right: 20 }],
      [],
      [{ ...MASK, frame: FRAMES }],
      [{ ...MASK, right: 1 }],
      [{ ...MASK, left: 0.5 }],
    ])
      expect((await decide(nth(0), { version: 0, decision: 'MASKED', masks })).status, JSON.stringify(masks)).toBe(400);
    expect((await decide(nth(0), { version: 0, decision: 'ACCEPTED', masks: [MASK] })).status).toBe(400);
    expect((await decide(nth(0), { version: 5_000_000_000, decision: 'ACCEPTED' })).status).toBe(400);
  });

  test('wait again where another file has taken their place, and stay behind where their pixels are broken', async () => {
    const id = await made();
    await decide(nth(0), { version: 0, decision: 'MASKED', masks: [MASK], series: true });
    await store(nth(0), picture('1.2.826.70.1.1', { count: 2 }));
    const broken = picture('1.2.826.70.1.2', { isRle: true });
    // The table of segments of the last frame.
    const last = broken.lastIndexOf(Buffer.from('feff00e0', 'hex')) + 8;
    broken.fill(0xff, last, last + 16);
    await store(nth(1), broken);
    await index.owner.query(
      'UPDATE deid_held_files h SET file_sha256 = i.file_sha256 FROM instances i WHERE i.id = h.instance_id AND i.id = $1',
      [nth(1)],
    );
    await index.ask(WHO, 'POST', `/api/deid/exports/${id}/resume`);
    await run();
    const { refusals } = JSON.parse((await get(`/api/deid/exports/${id}`)).text);
    expect(refusals.map(({ because }: { because: string }) => because)).toEqual(['BURNED_IN', 'PIXELS_DAMAGED']);
    expect((await held(id))[0]).toMatchObject({ id: nth(0), frames: 2, decision: null, version: 2, masks: [] });
  });
});

/** The mask is black in each frame, and all else is what it was, to the byte. */
function requireMasked(file: Buffer): void {
  expect(file.includes(NAME)).toBe(false);
  const parsed = parsePart10(file);
  expect(parsed.transferSyntaxUid).toBe(TransferSyntax.explicitVrLittleEndian);
  const { json } = parsed;
  expect(jsonString(json, '00280301')).toBe('NO');
  expect(jsonString(json, '00282110')).toBe('01');
  expect(jsonStrings(json, '00080008')).toEqual(['DERIVED', 'PRIMARY', 'CARDIAC']);
  expect(jsonStrings(json, '00120063')).toContain('113101');
  expect(frameFormatOf(json, '7FE00010')).toMatchObject({ photometricInterpretation: 'RGB', planarConfiguration: 0 });
  const table = locateFrames(parsed, file);
  if (table.kind !== 'native') throw new Error('not native');
  expect(table.count).toBe(FRAMES);
  const wanted = frames(FRAMES);
  for (let frame = 0; frame < FRAMES; frame += 1)
    for (let row = MASK.top; row < MASK.bottom; row += 1)
      wanted.fill(0, frame * FRAME + (row * COLUMNS + MASK.left) * 3, frame * FRAME + (row * COLUMNS + MASK.right) * 3);
  expect(file.subarray(table.offset, table.offset + wanted.length).equals(wanted)).toBe(true);
}
