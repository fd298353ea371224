import { setTimeout as sleep } from 'node:timers/promises';
import { ctVolume, type Dataset } from '@negatoscope/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ARCHIVE_KINDS } from '../../../archive/archive-kinds.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Db, Tx } from '../../../platform/db/database.ts';
import { nodeSyncFs } from '../../../platform/objects/disk/sync-fs.ts';
import { createAudit } from '../../audit/index.ts';
import { changed, createIngestFixture, type IngestFixture, type NamedBytes, oneChunk } from '../ingest-fixture.ts';
import { IMPORT_KINDS } from '../row-kinds.ts';
import { Arrivals } from './arrivals.ts';
import type { BatchTools } from './batch-request.ts';
import { KnownPlaces } from './known-places.ts';
import { commitNext } from './next-batch.ts';

const names: string[] = [];
const note = ([, name]: readonly unknown[]): void => void (typeof name === 'string' && names.push(name));
/** Notes the names of the statements that go to the database. */
const noting = (db: Db): Db => ({
  ...db,
  withScope: (scope, work) =>
    db.withScope(scope, (tx) => {
      const first: Tx['first'] = (text, ...given) => {
        note(given);
        return tx.first(text, ...given);
      };
      const rows: Tx['rows'] = (text, ...given) => {
        note(given);
        return tx.rows(text, ...given);
      };
      return work({ first, rows, run: tx.run.bind(tx) });
    }),
});
const way = (): string[] =>
  ['ingest-hold-places', 'ingest-lock'].filter((name) => names.includes(name)).map((name) => name.replace('ingest-', ''));
const SHORT = ['hold-places'];
const BOTH = ['hold-places', 'lock'];

const slicesOf = (seed: string, dataset: Dataset = {}): NamedBytes[] =>
  [...ctVolume({ seed, slices: 4, rows: 32, columns: 32, dataset })].map(({ fileName: name, bytes }) => ({ name, bytes }));
const at = (files: readonly NamedBytes[], index: number): NamedBytes => files[index] ?? { name: '', bytes: new Uint8Array() };

let fixture: IngestFixture;
let owner: Client;
const disk = { isFull: false };
beforeAll(async () => {
  const rename = (from: string, to: string): void => {
    if (disk.isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    nodeSyncFs.rename(from, to);
  };
  fixture = await createIngestFixture({ through: noting, fs: { ...nodeSyncFs, rename } });
  owner = new Client(fixture.database.ownerConfig);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await fixture.close();
});
beforeEach(() => {
  names.length = 0;
});

/** The rows of a statement of the owner. */
const sql = async (text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
  (await owner.query<Record<string, unknown>>(text, [...values])).rows;

/** A series of which two instances are here, and the way of the second. */
async function begun(seed: string): Promise<NamedBytes[]> {
  const files = slicesOf(seed);
  await fixture.send([at(files, 0)]);
  names.length = 0;
  await fixture.send([at(files, 1)]);
  expect(way()).toEqual(SHORT);
  names.length = 0;
  return files;
}

describe('what follows in a series that is here', () => {
  test('is stored by one exchange and leaves the rows that the long way leaves', async () => {
    const files = slicesOf('rows');
    const results = [];
    for (const file of files) {
      names.length = 0;
      results.push(...(await fixture.send([file])));
      expect(way()).toEqual(results.length === 1 ? ['lock'] : SHORT);
    }
    const patientId = results[0]?.patientId;
    expect(results.map((one) => [one.outcome, one.reason, one.patientId])).toEqual(
      files.map(() => ['stored', undefined, patientId]),
    );
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    expect(
      await sql(
        `SELECT t.instance_count, t.series_count, t.size_bytes::int, t.modalities, r.instance_count AS in_series, r.size_bytes::int AS bytes_in_series,
           r.version::int, r.nameless, p.study_count, p.modalities AS of_patient,
           (SELECT count(*)::int FROM instances i JOIN instance_metadata m ON m.instance_id = i.id WHERE i.series_id = r.id AND m.series_id = r.id) AS instances
         FROM patients p JOIN studies t ON t.patient_id = p.id JOIN series r ON r.study_id = t.id WHERE p.id = $1`,
        [patientId],
      ),
    ).toEqual([
      {
        ...{ instance_count: 4, series_count: 1, size_bytes: bytes, modalities: ['CT'], in_series: 4, bytes_in_series: bytes },
        ...{ version: 4, nameless: false, study_count: 1, of_patient: ['CT'], instances: 4 },
      },
    ]);
    expect(await sql('SELECT outcome, count(*)::int FROM import_files WHERE patient_id = $1 GROUP BY 1', [patientId])).toEqual([
      { outcome: 'stored', count: 4 },
    ]);
    const told = await sql("SELECT details FROM audit_events WHERE action = 'study.import' AND patient_id = $1 ORDER BY id", [
      patientId,
    ]);
    expect(told.map(({ details }) => details)).toMatchObject(
      files.map((_file, index) => ({ stored: 1, conflicts: 0, newStudy: index === 0, newPatient: index === 0, restored: false })),
    );
    for (const [index, { instanceId = '' }] of results.entries()) {
      const { bytes: sent } = at(files, index);
      expect((await fixture.objects.read(instanceId, 0, sent.length)).equals(sent)).toBe(true);
    }
  });

  test('of several series and studies is stored together', async () => {
    const studies = ['together a', 'together b'].map((seed) => slicesOf(seed));
    await fixture.send(studies.map((files) => at(files, 0)));
    names.length = 0;
    const results = await fixture.send(studies.flatMap((files) => files.slice(1)));
    expect([way(), results.map(({ outcome }) => outcome)]).toEqual([SHORT, Array.from({ length: 6 }, () => 'stored')]);
  });

  test('of somebody who names nobody is decided by the long way', async () => {
    const files = slicesOf('nobody', { PatientName: '', PatientBirthDate: '', PatientID: 'P77' });
    await fixture.send([at(files, 0)]);
    names.length = 0;
    expect(await fixture.send([at(files, 1)])).toMatchObject([{ outcome: 'stored' }]);
    expect(way()).toEqual(['lock']);
  });
});

/** The study that the first file is of. */
const STUDY = 'SELECT r.study_id FROM series r JOIN instances i ON i.series_id = r.id WHERE i.sop_instance_uid = $1';

describe('what has changed between two instances of a series', () => {
  const otherPatient = (more: string, value: string): string => `WITH other AS (INSERT INTO patients (id, family_name${more})
    SELECT gen_random_uuid(), 'Autre'${value} RETURNING id)`;
  test.each([
    ['its study is in the trash', `UPDATE studies SET deleted_at = now() WHERE id = (${STUDY})`, 'stored RESTORED'],
    [
      'its patient is in the trash',
      `UPDATE patients SET deleted_at = now() WHERE id = (SELECT patient_id FROM studies WHERE id = (${STUDY}))`,
      'stored RESTORED',
    ],
    [
      'its study was moved to another patient',
      `${otherPatient('', '')} UPDATE studies SET patient_id = (SELECT id FROM other) WHERE id = (${STUDY})`,
      'stored',
    ],
    [
      'a record was merged into its patient’s',
      `${otherPatient(', merged_into', `, (SELECT patient_id FROM studies WHERE id = (${STUDY}))`)} SELECT FROM other`,
      'stored',
    ],
    [
      'its study’s files name somebody in other words',
      `UPDATE studies SET received_identity = received_identity || '{"givenName": "C."}' WHERE id = (${STUDY})`,
      'stored',
    ],
    [
      'it was withdrawn',
      `INSERT INTO withdrawn_instances (sop_instance_uid, study_id, withdrawn_at) SELECT $2, (${STUDY}), now()`,
      'rejected WITHDRAWN',
    ],
    [
      'its series is in another study',
      `UPDATE series SET study_id = (SELECT id FROM studies WHERE id <> (${STUDY}) LIMIT 1) WHERE study_id = (${STUDY})`,
      'stored',
    ],
  ])('%s: the long way decides', async (what, change, outcome) => {
    const files = await begun(what);
    const uids = [at(files, 0), at(files, 2)].map(sopOf);
    await sql(change, change.includes('$2') ? uids : uids.slice(0, 1));
    const [result] = await fixture.send([at(files, 2)]);
    expect([result?.outcome, result?.reason].filter(Boolean).join(' ')).toBe(outcome);
    expect(way()).toEqual(BOTH);
    // What is decided there is learned again.
    names.length = 0;
    const [next] = await fixture.send([at(files, 3)]);
    expect(next?.outcome).toBe('stored');
    const [study] = await sql(
      'SELECT instance_count, (SELECT sum(instance_count)::int FROM series r WHERE r.study_id = t.id) AS in_series FROM studies t WHERE study_instance_uid = $1',
      [next?.studyInstanceUid],
    );
    if (!what.includes('another study')) expect(study?.instance_count).toBe(study?.in_series);
  });

  test('the study went to another group: what follows does not', async () => {
    const files = await begun('to a group');
    const group = await fixture.group();
    await sql(`UPDATE studies SET group_id = $2 WHERE id = (${STUDY})`, [sopOf(at(files, 0)), group]);
    const [result] = await fixture.send([at(files, 2)]);
    expect([result?.outcome, way()]).toEqual(['stored', BOTH]);
    expect(await sql('SELECT group_id FROM instances WHERE id = $1', [result?.instanceId])).toEqual([{ group_id: null }]);
  });

  test('a file contradicts its study, is another one of the same UID, or the same again', async () => {
    const files = await begun('contradicting');
    const stranger = slicesOf('contradicting', {
      PatientName: 'AUTRE^Personne',
      PatientID: 'ELSE',
      PatientBirthDate: '19010101',
    });
    expect(await fixture.send([at(stranger, 2)])).toMatchObject([{ outcome: 'conflict', reason: 'STUDY_PATIENT_MISMATCH' }]);
    expect(await fixture.send([at(files, 2)])).toMatchObject([{ outcome: 'stored' }]);
    expect(await fixture.send([changed(at(files, 2))])).toMatchObject([
      { outcome: 'conflict', reason: 'SAME_UID_OTHER_CONTENT' },
    ]);
    expect(await fixture.send([at(files, 3)])).toMatchObject([{ outcome: 'stored' }]);
    expect(await fixture.send([at(files, 3)])).toMatchObject([{ outcome: 'duplicate' }]);
    const [{ count } = {}] = await sql(
      `SELECT count(*)::int FROM instances i JOIN series r ON r.id = i.series_id WHERE r.study_id = (${STUDY})`,
      [sopOf(at(files, 0))],
    );
    expect(count).toBe(4);
  });
});

/** Of a file of the phantom, by its place behind its tag in Explicit VR Little Endian. */
function sopOf({ bytes }: NamedBytes): string {
  const file = Buffer.from(bytes);
  const place = file.indexOf(Buffer.from([0x08, 0x00, 0x18, 0x00, 0x55, 0x49]));
  return file.toString('latin1', place + 8, place + 8 + file.readUInt16LE(place + 6)).replaceAll('\0', '');
}

describe('two who send the same instance of a series at once', () => {
  test('are told stored and duplicate, and it is here once', async () => {
    const files = await begun('twice');
    const before = await objects();
    const outcomes = (await Promise.all([1, 2, 3].map(() => fixture.send([at(files, 2)])))).flat().map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['duplicate', 'duplicate', 'stored']);
    expect(await objects()).toBe(before + 1);
    const [row] = await sql(`SELECT instance_count FROM studies WHERE id = (${STUDY})`, [sopOf(at(files, 0))]);
    expect(row?.instance_count).toBe(3);
  });
});

async function objects(): Promise<number> {
  let count = 0;
  for await (const ids of fixture.objects.list()) count += ids.length;
  return count;
}

describe('a store that can’t make it durable', () => {
  test('fails the request, and no row says that it is here', async () => {
    const files = await begun('full');
    disk.isFull = true;
    await expect(fixture.send([at(files, 2)])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    disk.isFull = false;
    expect(way()).toEqual(SHORT);
    const rows = () => sql('SELECT id FROM instances WHERE sop_instance_uid = $1', [sopOf(at(files, 2))]);
    expect(await rows()).toEqual([]);
    expect(await fixture.send([at(files, 2)])).toMatchObject([{ outcome: 'stored' }]);
    expect(await rows()).toHaveLength(1);
  });
});

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function deferred(): Deferred {
  let ends: Pick<Deferred, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    ends = { resolve, reject };
  });
  if (ends === undefined) throw new TypeError('A promise begins at once.');
  return { promise, ...ends };
}

describe('the commit', () => {
  /** A pipeline whose store is done when it is told to be. */
  async function slow(seed: string) {
    const files = slicesOf(seed);
    const actor = await fixture.actor();
    const session = await fixture.ingest.openSession(actor, { entrance: 'STOW' });
    const [first] = await session.commit([await session.receive('0', oneChunk(at(files, 0).bytes))]);
    const staged = await session.receive('1', oneChunk(at(files, 1).bytes));
    if (staged.kind !== 'instance') throw new Error('The phantom is no instance.');
    const [place] = await sql(
      'SELECT r.id AS series, r.study_id AS study FROM series r JOIN instances i ON i.series_id = r.id WHERE i.id = $1',
      [first?.instanceId],
    );
    const [places, arrivals] = [new KnownPlaces(), new Arrivals(fixture.db)];
    const known = { patientId: first?.patientId ?? '', studyId: String(place?.study), seriesId: String(place?.series) };
    places.learn(null, [{ staged, place: known }]);
    const putting = deferred();
    const tools = {
      ...{
        db: noting(fixture.db),
        audit: createAudit({ db: fixture.db, clock: systemClock }),
        kinds: [...ARCHIVE_KINDS, ...IMPORT_KINDS],
      },
      ...{ objects: { put: () => putting.promise }, places, arrivals, isStoreNear: true },
    } as unknown as BatchTools; // What the short way uses of them.
    const target = {
      entrance: 'STOW',
      importId: newId(),
      isOpen: false,
      groupId: null,
      patientId: null,
      mismatchReason: null,
    } as const;
    const request = { actor, target: { ...target, onMismatch: 'owner', acceptMismatch: false } as const, staged: [staged] };
    names.length = 0;
    const committing = commitNext(tools, [request]);
    committing.catch(() => undefined);
    await expect.poll(() => way()).toEqual(SHORT);
    await sleep(50);
    const rows = () => sql('SELECT FROM instances WHERE id = $1', [staged.draft.id]);
    // Statements have been answered by now, and nobody sees what they wrote.
    expect(await rows()).toHaveLength(0);
    return { putting, committing, rows, discard: () => session.discard([staged]) };
  }

  test('waits for the files', async () => {
    const { putting, committing, rows, discard } = await slow('waits');
    putting.resolve();
    expect(await committing).toMatchObject([[{ outcome: 'stored' }]]);
    expect(await rows()).toHaveLength(1);
    await discard();
  });

  test('never comes when they are not durable', async () => {
    const { putting, committing, rows, discard } = await slow('never');
    putting.reject(new Failure('STORAGE_FULL'));
    await expect(committing).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(await rows()).toHaveLength(0);
    await discard();
  });
});
