import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { brokenFiles, chestXray, ctVolume, type GeneratedInstance, secondaryCapture, TransferSyntax } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeSyncFs, type SyncFs } from '../../platform/objects/disk/sync-fs.ts';
import { asParts, createIngestFixture, type IngestFixture, type NamedBytes } from './ingest-fixture.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await createIngestFixture({ limits: { maxInflatedBytes: 64 * 1024 * 1024 } });
});
afterAll(() => fixture.close());

/** The first instance of a phantom under a name. */
function named(made: Iterable<GeneratedInstance>, name: string): NamedBytes {
  for (const { bytes } of made) return { name, bytes };
  throw new Error('The phantom has no instance.');
}

const xray = (seed: string, dataset: Record<string, string | undefined> = {}): NamedBytes => {
  return named(chestXray({ seed: 'same picture', rows: 64, columns: 64, dataset: { ...uids(seed), ...dataset } }), `${seed}.dcm`);
};
const uid = (text: string): string => `2.25.${BigInt(`0x${Buffer.from(text).toString('hex')}`) % 10n ** 36n}`;
const uids = (seed: string): Record<string, string> => ({
  StudyInstanceUID: uid(`study ${seed}`),
  SeriesInstanceUID: uid(`series ${seed}`),
  SOPInstanceUID: uid(`sop ${seed}`),
  PatientID: `ID ${seed}`,
});

const temporaryFiles = (): Promise<string[]> => readdir(path.join(fixture.folder, 'objects', 'tmp'));

async function patientOf(studyUid: string, groupId: string | null = null) {
  return fixture.db.withSystem((tx) =>
    tx.first(
      `SELECT p.id, family_name, identity_status, identity_reason, suspect_id FROM patients p JOIN studies s ON s.patient_id = p.id
       WHERE s.study_instance_uid = $1 AND s.group_id IS NOT DISTINCT FROM $2::uuid`,
      [studyUid, groupId],
    ),
  );
}

describe('hostile files', () => {
  test('each gets one outcome, what must be refused is, and none costs its neighbours', async () => {
    const broken = brokenFiles();
    const good = xray('neighbour');
    const results = await fixture.send([...broken, good]);
    expect(results).toHaveLength(broken.length + 1);
    broken.forEach((file, index) => {
      const outcome = results[index]?.outcome;
      if (file.expectation === 'reject') expect(['rejected', 'ignored'], `${file.name}: ${file.about}`).toContain(outcome);
      if (file.expectation === 'accept')
        expect(['stored', 'duplicate', 'conflict'], `${file.name}: ${file.about}`).toContain(outcome);
    });
    expect(results.at(-1)?.outcome).toBe('stored');
    expect(await temporaryFiles()).toEqual([]);
  });

  test('what was stored is what was sent, byte for byte, and nothing is left of what was refused', async () => {
    const file = xray('bytes');
    const [result] = await fixture.send([file]);
    const stored = await fixture.objects.read(result?.instanceId ?? '', 0, file.bytes.length);
    expect(stored.equals(file.bytes)).toBe(true);
    expect(await fixture.objects.size(result?.instanceId ?? '')).toBe(file.bytes.length);
  });

  test('a file over the limit is rejected and the next one is read', async () => {
    const tight = await createIngestFixture({ limits: { maxFileBytes: 20_000 } });
    const results = await tight.send([
      { name: 'big.dcm', bytes: Buffer.concat([xray('big').bytes, new Uint8Array(20_000)]) },
      xray('after'),
    ]);
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['rejected', 'FILE_TOO_LARGE'],
      ['stored', undefined],
    ]);
    await tight.close();
  });

  test('a stream that breaks is UPLOAD_INTERRUPTED; files before and after it are stored', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield xray('cut').bytes.subarray(0, 300);
      throw new Error('connection lost');
    }
    async function* parts() {
      yield* asParts([xray('before cut')]);
      yield { name: 'cut.dcm', stream: breaking() };
      yield* asParts([xray('after cut')]);
    }
    const results = await fixture.ingest.ingestFiles(await fixture.actor(), { entrance: 'STOW' }, parts());
    expect(results.map(({ outcome, reason }) => reason ?? outcome)).toEqual(['stored', 'UPLOAD_INTERRUPTED', 'stored']);
  });
});

describe('a full disk (R4)', () => {
  test.each(['datasync', 'rename'] as const)(
    'at %s refuses with STORAGE_FULL, keeps nothing half-made, and goes on once there is space',
    async (site) => {
      const full = { isFull: false };
      const refuse = (): void => {
        if (full.isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      };
      const fs: SyncFs = {
        ...nodeSyncFs,
        datasync: (fd) => {
          if (site === 'datasync') refuse();
          nodeSyncFs.datasync(fd);
        },
        rename: (from, to) => {
          if (site === 'rename') refuse();
          nodeSyncFs.rename(from, to);
        },
      };
      const tight = await createIngestFixture({ fs });
      await tight.send([xray('before it is full')]);
      full.isFull = true;
      const files = [xray('full 1'), xray('full 2'), xray('full 3')];
      await expect(tight.send(files)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
      let objects = 0;
      for await (const ids of tight.objects.list()) objects += ids.length;
      expect(objects).toBe(1);
      expect(await readdir(path.join(tight.folder, 'objects', 'tmp'))).toEqual([]);
      full.isFull = false;
      expect((await tight.send(files)).map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored']);
      await tight.close();
    },
  );
});

describe('the same image', () => {
  test('is a duplicate whatever file meta information it carries', async () => {
    const file = xray('meta');
    const other = Buffer.from(file.bytes);
    other.write('Another preamble', 0, 'latin1');
    const results = await fixture.send([file, { name: 'other preamble', bytes: other }]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate']);
    expect(results[1]?.instanceId).toBe(results[0]?.instanceId);
    expect(results[1]?.sha256).not.toBe(results[0]?.sha256);
  });

  test('is a duplicate in another uncompressed encoding, and a conflict with one changed pixel (S20)', async () => {
    const options = { seed: 'encodings', rows: 16, columns: 16 };
    const explicit = named(
      secondaryCapture({ ...options, transferSyntaxUid: TransferSyntax.explicitVrLittleEndian }),
      'explicit',
    );
    const implicit = named(
      secondaryCapture({ ...options, transferSyntaxUid: TransferSyntax.implicitVrLittleEndian }),
      'implicit',
    );
    const changed = Buffer.from(explicit.bytes);
    changed.writeUInt8((changed.at(-1) ?? 0) ^ 1, changed.length - 1);
    const results = await fixture.send([
      explicit,
      implicit,
      { name: 'changed', bytes: changed },
      { name: 'changed again', bytes: changed },
    ]);
    expect(results.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      'stored',
      'SAME_CONTENT',
      'SAME_UID_OTHER_CONTENT',
      'SAME_UID_OTHER_CONTENT',
    ]);
    const kept = await fixture.db.withSystem((tx) =>
      tx.rows('SELECT id FROM conflicts WHERE sop_instance_uid = $1', [results[0]?.sopInstanceUid ?? '']),
    );
    expect(kept).toHaveLength(1);
  });

  test('in another group is an instance of its own, and neither group learns of the other', async () => {
    const [groupA, groupB] = [await fixture.group(), await fixture.group()];
    const [a, b] = [await fixture.actor('PHYSICIAN', groupA), await fixture.actor('PHYSICIAN', groupB)];
    const file = xray('two groups');
    const [first] = await fixture.send([file], { actor: a });
    const [second] = await fixture.send([file], { actor: b });
    expect([first?.outcome, second?.outcome]).toEqual(['stored', 'stored']);
    expect(second?.instanceId).not.toBe(first?.instanceId);
    expect((await patientOf(uid('study two groups'), groupA))?.id).not.toBe(
      (await patientOf(uid('study two groups'), groupB))?.id,
    );
  });
});

describe('where files go', () => {
  test('a researcher without a group cannot import', async () => {
    const researcher = await fixture.actor('RESEARCHER');
    await expect(fixture.send([xray('nowhere')], { actor: researcher })).rejects.toMatchObject({ code: 'GROUP_REQUIRED' });
  });
  test('only administrators name another group', async () => {
    const groupId = await fixture.group();
    const physician = await fixture.actor('PHYSICIAN');
    await expect(fixture.send([xray('named')], { actor: physician, target: { groupId } })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    const administrator = await fixture.actor('ADMIN');
    await fixture.send([xray('named')], { actor: administrator, target: { groupId } });
    expect(await patientOf(uid('study named'), groupId)).toBeDefined();
  });
  test('a chosen patient takes what does not contradict them; the rest is IDENTITY_MISMATCH unless accepted', async () => {
    const [own] = await fixture.send([xray('chosen', { PatientName: 'Martin^Ana' })]);
    const target = { patientId: own?.patientId ?? '' };
    const stranger = xray('stranger', { PatientName: 'Petit^Luc' });
    expect(await fixture.send([stranger], { target })).toMatchObject([{ outcome: 'rejected', reason: 'IDENTITY_MISMATCH' }]);
    const accepted = await fixture.send([stranger], {
      target: { ...target, acceptMismatch: true, mismatchReason: 'Nom de jeune fille' },
    });
    expect(accepted).toMatchObject([{ outcome: 'stored', patientId: own?.patientId }]);
    expect((await patientOf(uid('study chosen')))?.family_name).toBe('Martin');
  });
});

describe('whose a study is', () => {
  test('the same Patient ID with another name makes a patient under review, linked to the suspect', async () => {
    await fixture.send([xray('first', { PatientID: 'SHARED', PatientName: 'Bernard^Eva' })]);
    const same = { PatientID: 'SHARED', PatientName: 'BERNARD^EVA' };
    await fixture.send([xray('second', same), xray('third', { PatientID: 'SHARED', PatientName: 'Moreau^Ali' })]);
    const first = await patientOf(uid('study first'));
    expect(await patientOf(uid('study second'))).toEqual(first);
    expect(await patientOf(uid('study third'))).toMatchObject({
      identity_status: 'IDENTITY_REVIEW',
      identity_reason: 'CONTRADICTION',
      suspect_id: first?.id,
    });
  });
  test('without a usable Patient ID each study has a patient of its own', async () => {
    await fixture.send([
      xray('no id 1', { PatientID: '0' }),
      xray('no id 2', { PatientID: '0' }),
      xray('no id 3', { PatientID: undefined }),
    ]);
    const patients = await Promise.all([1, 2, 3].map((n) => patientOf(uid(`study no id ${n}`))));
    expect(new Set(patients.map((patient) => patient?.id)).size).toBe(3);
    expect(patients.map((patient) => patient?.identity_reason)).toEqual(['PLACEHOLDER_ID', 'PLACEHOLDER_ID', 'NO_PATIENT_ID']);
  });
  test('an instance that contradicts its study is kept aside, and one without an ID is not', async () => {
    const { StudyInstanceUID, SeriesInstanceUID } = uids('mixed');
    const of = (seed: string, dataset: Record<string, string | undefined>): NamedBytes =>
      xray(seed, { StudyInstanceUID, SeriesInstanceUID, ...dataset });
    const results = await fixture.send([
      of('mixed a', { PatientID: 'MIXED', PatientName: 'Roux^Jo' }),
      of('mixed b', { PatientID: 'OTHER', PatientName: 'Noir^Al' }),
      of('mixed c', { PatientID: undefined, PatientName: undefined }),
    ]);
    expect(results.map(({ outcome, reason }) => reason ?? outcome)).toEqual(['stored', 'STUDY_PATIENT_MISMATCH', 'stored']);
  });
});

test('an image more of a series that is known goes into it', async () => {
  const slices = [...ctVolume({ seed: 'one more', slices: 2, rows: 16, columns: 16 })];
  for (const { fileName, bytes } of slices)
    expect(await fixture.send([{ name: fileName, bytes }])).toMatchObject([{ outcome: 'stored' }]);
  const found = await fixture.db.withSystem((tx) =>
    tx.first(
      `SELECT count(DISTINCT e.id)::int AS series, count(*)::int AS instances FROM instances i JOIN series e ON e.id = i.series_id
       WHERE e.series_instance_uid = $1`,
      [slices[0]?.seriesInstanceUid ?? null],
    ),
  );
  expect(found).toEqual({ series: 1, instances: 2 });
});

test('a trashed study comes back when it is imported again, and says so', async () => {
  const files = [...ctVolume({ seed: 'trash', slices: 2, rows: 32, columns: 32 })].map(({ fileName, bytes }) => ({
    name: fileName,
    bytes,
  }));
  const first = await fixture.send(files);
  await fixture.db.withSystem((tx) =>
    tx.run('UPDATE studies SET deleted_at = now() WHERE study_instance_uid = $1', [first[0]?.studyInstanceUid ?? '']),
  );
  const again = await fixture.send(files);
  expect(again.map(({ outcome, reason }) => [outcome, reason])).toEqual(files.map(() => ['stored', 'RESTORED']));
  expect((await fixture.send(files)).every(({ outcome }) => outcome === 'duplicate')).toBe(true);
});
