import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { type Dataset, TransferSyntax, type WriteOptions, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  actorOf,
  createIndexApp,
  GROUP_A,
  GROUP_B,
  type IndexApp,
  seedPatient,
  seedStudy,
} from '../../../test/support/index-app.ts';
import { unzip } from '../../../test/support/unzip.ts';
import { service } from '../../access/index.ts';
import { purgeTrash } from '../patients/index.ts';

let index: IndexApp;
let patientId: string;
let instanceIds: string[];
const UID = '1.2.826.40';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A file of pixel data of `length` bytes that says of the patient what the index does, so that it leaves as it is stored. */
function part10(preamble: string, length: number, fill: number, options: Partial<WriteOptions> = {}): Buffer {
  const dataset: Dataset = {
    SpecificCharacterSet: 'ISO_IR 100',
    StudyDescription: 'Thorax',
    PatientName: 'EXPORTÉE^Jeanne',
    PatientID: 'EX-1',
    PatientBirthDate: '19700102',
    PixelData: { vr: 'OW', value: Buffer.alloc(length, fill) },
  };
  const file = Buffer.from(writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian, ...options }));
  if (options.preamble !== false) file.write(preamble, 0, 'latin1');
  return file;
}

beforeAll(async () => {
  index = await createIndexApp();
  patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'EXPORTÉE', externalId: 'EX-1' });
  ({ instanceIds } = await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid: UID, instances: 5 }));
  const files = [
    part10('MZ hidden program', 300_000, 1),
    part10('II*\0 tiff', 1000, 2),
    part10('', 1000, 3),
    part10('', 1000, 4, { preamble: false, meta: false }),
  ];
  for (const [number, file] of files.entries()) {
    index.objects.set(instanceIds[number] ?? '', file);
    await index.owner.query('UPDATE instances SET size_bytes = $2, file_sha256 = $3 WHERE id = $1', [
      instanceIds[number],
      file.length,
      Buffer.from(sha256(file), 'hex'),
    ]);
  }
});
afterAll(() => index.close());

describe('the ZIP of a patient', () => {
  test('holds JSON, every file with a cleared preamble (PS3.10 7.1), and a manifest of true hashes', async () => {
    const answer = await index.ask('RADIOLOGIST@A', 'GET', `/api/patients/${patientId}/export`);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/zip', 'cache-control': 'private, no-store' });
    const files = await unzip(answer.raw);
    const record = JSON.parse(String(files.get('patients.json')))[0].recordNumber;
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="${record}.zip"`);
    const folder = `${record}/${UID}/${UID}.1`;
    expect([...files.keys()]).toEqual([
      'patients.json',
      `${record}/patient.json`,
      `${record}/${UID}/study.json`,
      ...[1, 2, 3, 4].map((number) => `${folder}/${UID}.1.${number}.dcm`),
      'manifest.json',
    ]);
    const [first, tiff, plain, bare] = [1, 2, 3, 4].map(
      (number) => files.get(`${folder}/${UID}.1.${number}.dcm`) ?? Buffer.alloc(0),
    );
    const stored = instanceIds.map((id) => index.objects.get(id) ?? Buffer.alloc(0));
    expect(first?.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(sha256(first?.subarray(128) ?? Buffer.alloc(0))).toBe(sha256(stored[0]?.subarray(128) ?? Buffer.alloc(1)));
    expect([tiff, plain]).toEqual(stored.slice(1, 3));
    // What was stored without preamble leaves with one.
    const dataset = stored[3] ?? Buffer.alloc(0);
    expect(bare?.subarray(0, 132).toString('latin1')).toBe(`${'\0'.repeat(128)}DICM`);
    expect(bare?.subarray(-dataset.length).equals(dataset)).toBe(true);
    const manifest = JSON.parse(String(files.get('manifest.json')));
    for (const file of manifest.files)
      expect(file).toMatchObject({
        sha256: sha256(files.get(file.path) ?? Buffer.alloc(0)),
        sizeBytes: files.get(file.path)?.length,
      });
    expect(manifest.files.map((file: { path: string }) => file.path)).toEqual([...files.keys()].slice(0, -1));
    expect(manifest.files[3].receivedSha256).toBe(sha256(stored[0] ?? Buffer.alloc(0)));
    expect(manifest.missing).toEqual([`${folder}/${UID}.1.5.dcm`]);
    const study = JSON.parse(String(files.get(`${record}/${UID}/study.json`)));
    const { series, ...fields } = (await index.ask('RADIOLOGIST@A', 'GET', `/api/studies/${UID}`)).json;
    // Who is to read it, how soon, and its labels are the site's own business.
    const own = ['assigneeName', 'urgency', 'isPrior', 'workVersion', 'labels'];
    const leaving = Object.fromEntries(Object.entries(fields).filter(([name]) => !own.includes(name)));
    expect(study).toEqual({ ...leaving, series });
    expect(JSON.parse(String(files.get(`${record}/patient.json`)))).toEqual(
      (await index.ask('RADIOLOGIST@A', 'GET', `/api/patients/${patientId}`)).json,
    );
  });

  test('is whole for other programs too', async () => {
    const answer = await index.ask('RADIOLOGIST@A', 'POST', '/api/patients/export', {
      patientIds: [patientId],
      studyInstanceUids: [UID],
      // The one that is gone was met by the export before.
      partial: true,
    });
    const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-zip-'));
    try {
      const file = path.join(folder, 'a.zip');
      writeFileSync(file, answer.raw);
      const python = execFileSync('python3', [
        '-c',
        'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))',
        file,
      ]);
      expect(String(python).trim()).toBe('None 8');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('is audited, for the patient and once for each study', async () => {
    const { rows } = await index.owner.query(
      "SELECT action FROM audit_events WHERE action LIKE '%export%' AND patient_id = $1 ORDER BY id",
      [patientId],
    );
    expect(rows.filter(({ action }) => action === 'study.export')).toHaveLength(1);
    expect(rows.filter(({ action }) => action === 'patient.exported')).toHaveLength(2);
  });

  test('is never another group’s, and not for who sees no names', async () => {
    expect((await index.ask('RADIOLOGIST@B', 'GET', `/api/patients/${patientId}/export`)).status).toBe(404);
    const mine = await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'Mine' });
    expect((await index.ask('RADIOLOGIST@B', 'POST', '/api/patients/export', { patientIds: [mine, patientId] })).status).toBe(
      404,
    );
    expect(
      (await index.ask('RADIOLOGIST@B', 'POST', '/api/patients/export', { patientIds: [mine], studyInstanceUids: [UID] })).status,
    ).toBe(404);
    expect((await index.ask('RESEARCHER@A', 'GET', `/api/patients/${patientId}/export`)).status).toBe(403);
    expect((await index.ask('STAFF@A', 'GET', `/api/patients/${patientId}/export`)).status).toBe(403);
  });
});

describe('the ZIP without identities (PS3.15 Annex E)', () => {
  const url = '/api/patients/export/anonymised';
  let ids: string[];
  const SECRETS = ['CACHEE', 'CACHE-1', '1.2.826.45', '1.2.826.46', '19700102', 'Hopital'];

  function image(uid: string, extra: Dataset = {}): Buffer {
    const dataset: Dataset = {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SOPInstanceUID: uid,
      StudyInstanceUID: uid.slice(0, 10),
      SeriesInstanceUID: `${uid.slice(0, 10)}.1`,
      Modality: 'CT',
      StudyDescription: 'CACHEE, Thorax',
      InstitutionName: 'Hopital',
      PatientName: 'CACHEE^Jeanne',
      PatientID: 'CACHE-1',
      PatientBirthDate: '19700102',
      Rows: 4,
      Columns: 4,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      '00110010': { vr: 'LO', value: 'CACHEE' },
      PixelData: { vr: 'OW', value: Buffer.alloc(32, 7) },
      ...extra,
    };
    const file = Buffer.from(writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian }));
    file.write('CACHEE', 0, 'latin1');
    return file;
  }

  beforeAll(async () => {
    ids = [];
    for (const uid of ['1.2.826.45', '1.2.826.46']) {
      const id = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'CACHEE', externalId: 'CACHE-1' });
      const study = await seedStudy(index.owner, { patientId: id, groupId: GROUP_A, uid, instances: 4 });
      const files = [
        image(`${uid}.1.1`),
        image(`${uid}.1.2`, { BurnedInAnnotation: 'YES' }),
        image(`${uid}.1.3`, { PixelData: { vr: 'OW', value: Buffer.from('CACHEE'.repeat(10)) } }),
        Buffer.from('CACHEE no DICOM at all'.repeat(20)),
      ];
      for (const [number, file] of files.entries()) {
        const instance = study.instanceIds[number] ?? '';
        index.objects.set(instance, file);
        await index.owner.query('UPDATE instances SET size_bytes = $2, file_sha256 = $3 WHERE id = $1', [
          instance,
          file.length,
          Buffer.from(sha256(file), 'hex'),
        ]);
      }
      ids.push(id);
    }
  });

  test('has nothing of anybody in any byte, one pseudonym for each patient, and says what did not leave and why', async () => {
    const answer = await index.ask('RESEARCHER@A', 'POST', url, { patientIds: ids });
    expect(answer.status).toBe(200);
    for (const secret of SECRETS) {
      expect(answer.raw.includes(secret), secret).toBe(false);
      expect(JSON.stringify(answer.headers)).not.toContain(secret);
    }
    const files = await unzip(answer.raw);
    const names = [...files.keys()];
    expect(names).toHaveLength(3);
    expect(new Set(names.slice(0, 2).map((name) => name.split('/')[0])).size).toBe(2);
    for (const name of names.slice(0, 2)) expect(name).toMatch(/^P-[2-9A-Z]{10}\/0001\/0001\/0001\.dcm$/);
    const manifest = JSON.parse(String(files.get('manifest.json')));
    for (const { path: name, sha256: told, treatment } of manifest.files) {
      expect(told).toBe(sha256(files.get(name) ?? Buffer.alloc(0)));
      expect(manifest.treatments[treatment]).toContainEqual({ path: '00100010', done: 'replaced', rule: 'identity' });
    }
    expect(manifest.refused.map(({ because }: { because: string }) => because)).toEqual([
      ...['BURNED_IN', 'PIXELS_NOT_CLEARED', 'UNREADABLE'],
      ...['BURNED_IN', 'PIXELS_NOT_CLEARED', 'UNREADABLE'],
    ]);
  });

  test('has other pseudonyms and UIDs each time, and is told as anonymised in the audit', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () =>
        unzip((await index.ask('RADIOLOGIST@A', 'GET', `/api/patients/${ids[0]}/export?anonymize=true`)).raw),
      ),
    );
    expect([...(first?.keys() ?? [])][0]).not.toBe([...(second?.keys() ?? [])][0]);
    const { rows } = await index.owner.query(
      "SELECT details FROM audit_events WHERE action = 'patient.exported' AND patient_id = $1 ORDER BY id",
      [ids[0]],
    );
    expect(rows.map(({ details }) => details)).toEqual(Array(3).fill({ studies: 1, anonymised: true }));
  });

  test('is not for who may not, nor of another group, nor as it was stored', async () => {
    expect((await index.ask('STAFF@A', 'POST', url, { patientIds: ids })).status).toBe(403);
    expect((await index.ask('RESEARCHER@B', 'POST', url, { patientIds: ids })).status).toBe(404);
    expect((await index.ask('RESEARCHER@A', 'GET', `/api/patients/${ids[0]}/export?anonymize=true`)).status).toBe(403);
    const stored = `/api/patients/${ids[0]}/export?anonymize=true&original=true`;
    expect((await index.ask('RADIOLOGIST@A', 'GET', stored)).status).toBe(400);
  });
});

describe('a stored file', () => {
  test('is sent as an attachment of its UID, its preamble cleared', async () => {
    const answer = await index.ask('RADIOLOGIST@A', 'GET', `/api/patients/images/${UID}.1.1`);
    const stored = index.objects.get(instanceIds[0] ?? '') ?? Buffer.alloc(0);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/dicom',
      'content-disposition': `attachment; filename="${UID}.1.1.dcm"`,
      'content-length': String(stored.length),
    });
    expect(answer.raw.subarray(0, 128)).toEqual(Buffer.alloc(128));
    expect(sha256(answer.raw.subarray(128))).toBe(sha256(stored.subarray(128)));
  });

  test('that is gone from the store is 503, out of scope 404', async () => {
    const gone = await index.ask('RADIOLOGIST@A', 'GET', `/api/patients/images/${UID}.1.5`);
    expect([gone.status, gone.json.code]).toEqual([503, 'OBJECT_DAMAGED']);
    expect((await index.ask('RADIOLOGIST@B', 'GET', `/api/patients/images/${UID}.1.1`)).status).toBe(404);
    expect((await index.ask('RADIOLOGIST@A', 'GET', '/api/patients/images/..%2F..%2Fetc')).status).toBe(404);
  });
});

test('a file that the disk has changed since is not in the archive: the manifest says that it is missing, and it is noted as damaged', async () => {
  const id = instanceIds[2] ?? '';
  const whole = index.objects.get(id) ?? Buffer.alloc(0);
  const damaged = Buffer.from(whole);
  damaged[900] = (damaged[900] ?? 0) ^ 1;
  index.objects.set(id, damaged);
  try {
    const files = await unzip((await index.ask('RADIOLOGIST@A', 'GET', `/api/patients/${patientId}/export?partial=true`)).raw);
    type Manifest = { files: { path: string; sha256: string }[]; missing: string[] };
    const manifest: Manifest = JSON.parse(String(files.get('manifest.json')));
    expect(manifest.missing).toContainEqual(expect.stringContaining(`${UID}.1.3.dcm`));
    expect([...files.keys()].filter((name) => name.endsWith(`${UID}.1.3.dcm`))).toEqual([]);
    for (const { path, sha256: told } of manifest.files) expect(told, path).toBe(sha256(files.get(path) ?? Buffer.alloc(0)));
    // The other one is not there at all.
    expect([...index.marked].sort()).toEqual([id, instanceIds[4] ?? ''].sort());
  } finally {
    index.marked.clear();
    index.objects.set(id, whole);
  }
});

test('a download that is broken off stops reading the store', async () => {
  const big = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'EXPORTÉE', externalId: 'EX-1' });
  const study = await seedStudy(index.owner, { patientId: big, groupId: GROUP_A, uid: '1.2.826.41', instances: 200 });
  const body = part10('', 1_000_000, 9);
  for (const id of study.instanceIds) index.objects.set(id, body);
  await index.owner.query('UPDATE instances SET size_bytes = $2, file_sha256 = $3 WHERE id = ANY($1)', [
    study.instanceIds,
    body.length,
    Buffer.from(sha256(body), 'hex'),
  ]);
  let opened = 0;
  const readInto = index.deps.objects.readInto.bind(index.deps.objects);
  Object.assign(index.deps.objects, {
    readInto: (id: string, offset: number, target: Buffer) => {
      opened += 1;
      return readInto(id, offset, target);
    },
  });
  await index.app.listen({ port: 3301, host: '127.0.0.1' });
  await new Promise<void>((resolve, reject) => {
    const request = get(
      `http://127.0.0.1:3301/api/patients/${big}/export`,
      { headers: { 'x-actor': 'RADIOLOGIST@A' } },
      (response) => {
        response.once('data', () => {
          request.destroy();
          resolve();
        });
      },
    );
    request.on('error', reject);
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = opened;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(opened).toBe(after);
  expect(opened).toBeGreaterThan(0);
  expect(opened).toBeLessThan(40);
});

test('what is over 30 days in the trash is purged: rows first, then objects; the rest stays', async () => {
  const gone = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Purgeworthy' });
  const study = await seedStudy(index.owner, { patientId: gone, groupId: GROUP_A, uid: '1.2.826.42', instances: 2 });
  for (const id of study.instanceIds) index.objects.set(id, Buffer.from('x'));
  const before = index.objects.size;
  await index.ask('ADMIN@-', 'DELETE', `/api/patients/${gone}?cascade=true`);
  expect(await purgeTrash(index.deps, { olderThanDays: 30 })).toEqual({ studies: 0, patients: 0, objects: 0 });
  index.now = new Date(index.now.getTime() + 31 * 86_400_000);
  expect(await purgeTrash(index.deps, { olderThanDays: 30 })).toEqual({ studies: 1, patients: 1, objects: 2 });
  expect(index.objects.size).toBe(before - 2);
  const left = await index.owner.query(
    "SELECT (SELECT count(*) FROM patients WHERE id = $1) + (SELECT count(*) FROM series WHERE study_id = $2) + (SELECT count(*) FROM name_tokens WHERE token = 'purgeworthy') AS n",
    [gone, study.id],
  );
  expect(left.rows).toEqual([{ n: '0' }]);
  expect(await purgeTrash(index.deps, { olderThanDays: 30 })).toEqual({ studies: 0, patients: 0, objects: 0 });
  const { rows: events } = await index.owner.query(
    "SELECT action, actor_id, actor FROM audit_events WHERE action IN ('study.purged', 'patient.purged') ORDER BY action",
  );
  expect(events).toEqual(
    ['patient.purged', 'study.purged'].map((action) => ({ action, actor_id: null, actor: 'service:test-upkeep' })),
  );
  const powerless = { ...index.deps, by: service('powerless', ['trash.move']) };
  await expect(purgeTrash(powerless, { olderThanDays: 30 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

describe('handing over to a patient', () => {
  const url = () => `/api/patients/${patientId}/hand-over`;

  test('gives the desk the one patient’s ZIP and notes who received it', async () => {
    const answer = await index.ask('STAFF@A', 'POST', url(), { recipient: '  Jeanne EXPORTÉE, elle-même ' });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/zip']);
    expect((await unzip(answer.raw)).size).toBe(8);
    const { rows } = await index.owner.query(
      "SELECT details, entity_id FROM audit_events WHERE action = 'patient.handed-over' AND patient_id = $1",
      [patientId],
    );
    expect(rows).toEqual([{ details: { studies: 1, recipient: 'Jeanne EXPORTÉE, elle-même' }, entity_id: patientId }]);
  });

  test.each([
    ['nobody', {}],
    ['blanks', { recipient: '   ' }],
    ['a text that can’t be kept', { recipient: 'Jeanne\u0000' }],
    ['several patients', { recipient: 'Jeanne', patientIds: [] }],
  ])('is refused for %s, and nothing leaves', async (_what, body) => {
    const answer = await index.ask('STAFF@A', 'POST', url(), body);
    expect([answer.status, answer.json.code]).toEqual([400, 'VALIDATION_FAILED']);
  });

  test('is not for researchers, and another group’s patient is unknown', async () => {
    const recipient = 'Jeanne';
    expect((await index.ask('RESEARCHER@A', 'POST', url(), { recipient })).status).toBe(403);
    expect((await index.ask('STAFF@B', 'POST', url(), { recipient })).status).toBe(404);
    const { rows } = await index.owner.query("SELECT 1 FROM audit_events WHERE action = 'patient.handed-over'");
    expect(rows).toHaveLength(1);
  });
});

test('what left is told on the patient’s own page, with who took or received it, the latest first, to who reads the journal of their patients', async () => {
  await index.owner.query(
    `INSERT INTO users (id, email, first_name, last_name, role, level, status, group_id, password_hash)
     VALUES ($1, 'awa@example.org', 'Awa', 'Diop', 'STAFF', 'WRITE', 'ACTIVE', $2, 'x') ON CONFLICT (id) DO NOTHING`,
    [actorOf('STAFF@A').userId, GROUP_A],
  );
  const given = await index.ask('STAFF@A', 'POST', `/api/patients/${patientId}/hand-over`, {
    recipient: 'Sa fille',
    partial: true,
  });
  expect(given.status).toBe(200);
  const { status, json } = await index.ask('PHYSICIAN@A', 'GET', `/api/patients/${patientId}/exports`);
  expect(status).toBe(200);
  expect(json.items[0]).toMatchObject({
    ...{ kind: 'HANDED_OVER', recipient: 'Sa fille', studies: 1 },
    // As the page names people, not as the account has it.
    by: 'DIOP Awa',
  });
  expect(json.items.at(-1)).toMatchObject({ kind: 'EXPORTED', recipient: null, studies: 1 });
  // The file that was taken alone, above; the study of a ZIP is in the line of the ZIP.
  expect(json.items.filter((item) => 'kind' in item && item.kind === 'FILES')).toMatchObject([{ studies: 1, recipient: null }]);
  const count = json.items.length;
  expect(count).toBeGreaterThan(2);
  // So is what left of a record that was merged into theirs.
  const into = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'EXPORTÉE' });
  const merged = (id: string | null) => index.owner.query('UPDATE patients SET merged_into = $2 WHERE id = $1', [patientId, id]);
  await merged(into);
  expect((await index.ask('PHYSICIAN@A', 'GET', `/api/patients/${into}/exports`)).json.items).toHaveLength(count);
  expect((await index.ask('PHYSICIAN@A', 'GET', `/api/patients/${patientId}/exports`)).status).toBe(404);
  await merged(null);
  for (const who of ['STAFF@A', 'RESEARCHER@A'] as const)
    expect((await index.ask(who, 'GET', `/api/patients/${patientId}/exports`)).status).toBe(403);
  expect((await index.ask('PHYSICIAN@B', 'GET', `/api/patients/${patientId}/exports`)).status).toBe(404);
});
