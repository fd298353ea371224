import { afterAll, expect, test } from 'vitest';
import { KINDS, mergeOf, NEW_KINDS, openKinds, type Walk } from '../../test/support/kinds.ts';
import { UPKEEP } from '../../test/support/upkeep.ts';
import { newId } from '../kernel/ids.ts';
import type { ObjectStore } from '../platform/objects/store/index.ts';
import { ROW_KINDS } from '../row-kinds.ts';
import { movePatientRows, moveStudyRows } from './kinds.ts';
import { mergePatients } from './lifecycle/merge.ts';
import { purgePatient, purgeStudy } from './lifecycle/purge.ts';
import { trashPatient } from './lifecycle/trash.ts';
import { removeOrphans } from './objects/orphans.ts';
import type { RowKinds } from './row-kind.ts';

const DAY_MS = 86_400_000;
const { db, owner, walk, rows, close } = await openKinds();
afterAll(close);

/** The partitions of all new rows. */
const groupsOf = async ({ objects }: Walk): Promise<(string | null)[]> => {
  const found: (string | null)[] = [];
  for (const { table, level } of NEW_KINDS) {
    const [row] = await rows<{ group_id: string | null }>(`SELECT group_id FROM ${table} WHERE object_id = $1`, [
      objects[level] ?? '',
    ]);
    found.push(row?.group_id ?? null);
  }
  return found;
};

/** A store that holds these objects and nothing else, and says what was deleted. */
function storeOf(ids: readonly string[]): { store: ObjectStore; deleted: string[] } {
  const deleted: string[] = [];
  const store = {
    list: async function* () {
      yield [...ids];
    },
    delete: async (gone: readonly string[]) => void deleted.push(...gone),
  } as unknown as ObjectStore; // All that the removal of orphans asks of it.
  return { store, deleted };
}

async function orphansAmong(ids: readonly string[], kinds: RowKinds): Promise<string[]> {
  const { store, deleted } = storeOf(ids);
  await removeOrphans({ db, by: UPKEEP, objects: store, clock: { now: () => new Date() }, kinds });
  return deleted;
}

test('a kind that is declared follows a patient, and a study, into another group', async () => {
  const one = await walk();
  await db.withSystem((tx) => movePatientRows(tx, KINDS, one.patient, one.group));
  expect(await groupsOf(one)).toEqual([one.group, one.group, one.group, one.group]);
  await db.withSystem((tx) => moveStudyRows(tx, KINDS, one.study, null));
  expect(await groupsOf(one)).toEqual([one.group, null, null, null]);
  const [tree] = await rows<{ n: number }>(
    'SELECT count(*)::int AS n FROM series s JOIN instances i ON i.series_id = s.id WHERE s.study_id = $1 AND s.group_id IS NULL AND i.group_id IS NULL',
    [one.study],
  );
  expect(tree).toEqual({ n: 1 });
});

test('a kind that is declared goes to the record that stays when two are merged, or with its study', async () => {
  const [from, into] = [await walk(), await walk()];
  await db.withSystem((tx) => mergePatients(tx, KINDS, mergeOf(from, into)));
  expect(await rows('SELECT 1 AS one FROM test_notes WHERE patient_id = $1', [from.patient])).toHaveLength(0);
  expect(await rows('SELECT 1 AS one FROM test_notes WHERE patient_id = $1', [into.patient])).toHaveLength(2);
  const [report] = await rows<{ patient_id: string }>(
    'SELECT s.patient_id FROM test_reports r JOIN studies s ON s.id = r.study_id WHERE r.object_id = $1',
    [from.objects.study ?? ''],
  );
  expect(report).toEqual({ patient_id: into.patient });
});

test('records that were merged into a patient go with them into another group, with identifiers and the note of the merge', async () => {
  const [first, second, into] = [await walk(), await walk(), await walk()];
  await db.withSystem(async (tx) => {
    for (const { patient } of [first, second])
      await tx.run('INSERT INTO patient_identifiers (patient_id, value) VALUES ($1, $2)', [patient, `own ${patient}`]);
    await mergePatients(tx, KINDS, mergeOf(first, second));
    await mergePatients(tx, KINDS, mergeOf(second, into));
    await movePatientRows(tx, KINDS, into.patient, into.group);
  });
  const ids = [first.patient, second.patient, into.patient];
  const groups = async (sql: string): Promise<unknown[]> =>
    (await rows<{ group: unknown }>(sql, [ids])).map(({ group }) => group);
  expect(await groups('SELECT group_id AS "group" FROM patients WHERE id = ANY($1)')).toEqual(ids.map(() => into.group));
  for (const [table, key, count] of [
    ['patient_identifiers', 'patient_id', 5],
    ['patient_merges', 'into_patient_id', 2],
  ] as const)
    expect(await groups(`SELECT group_id AS "group" FROM ${table} WHERE ${key} = ANY($1)`), table).toEqual(
      Array.from({ length: count }, () => into.group),
    );
});

test('objects of a kind that is declared are kept while their row is there, in the trash as well, and go with it when it is purged', async () => {
  const one = await walk();
  const [note = '', report = '', reading = ''] = [one.objects.patient, one.objects.study, one.objects.instance];
  const all = [note, report, reading, one.instance, newId()];
  // Undeclared they would be objects that nothing names.
  expect(await orphansAmong(all, ROW_KINDS)).toEqual([note, report, reading, all[4]]);
  const longAgo = new Date(Date.now() - 40 * DAY_MS);
  await db.withSystem((tx) => trashPatient(tx, one.patient, longAgo));
  expect(await orphansAmong(all, KINDS)).toEqual([all[4]]);
  await owner.query('UPDATE test_readings SET is_kept = false WHERE object_id = $1', [reading]);
  expect(await orphansAmong(all, KINDS)).toEqual([reading, all[4]]);

  const before = new Date(Date.now() - 30 * DAY_MS);
  const study = await db.withSystem((tx) => purgeStudy(tx, KINDS, one.study, before));
  expect([...(study?.objects ?? [])].sort()).toEqual([report, one.instance].sort());
  expect(await rows('SELECT instance_id FROM test_readings WHERE object_id = $1', [reading])).toEqual([{ instance_id: null }]);
  for (const table of ['test_reports', 'test_drawings'])
    expect(
      await rows(`SELECT 1 AS one FROM ${table} WHERE ${table === 'test_reports' ? 'study_id' : 'group_id'} = $1`, [one.study]),
    ).toEqual([]);
  const patient = await db.withSystem((tx) => purgePatient(tx, KINDS, one.patient, before));
  expect(patient).toEqual({ groupId: null, objects: [note] });
  expect(await rows('SELECT 1 AS one FROM patients WHERE id = $1', [one.patient])).toEqual([]);
});

/** Columns that hold the id of a patient, study, series or instance and are no declared kind, each with its reason. */
const NO_KINDS: Readonly<Record<string, string>> = {
  'studies.patient_id': 'the index itself',
  'series.study_id': 'the index itself',
  'instances.series_id': 'the index itself',
  'patients.suspect_id': 'another patient, which merge and purge look after',
  'patients.merged_into': 'another patient, which merge and purge look after',
  'instance_metadata.instance_id': 'goes with its series',
  'study_moves.from_patient_id': 'history; empty once the patient is gone',
  'study_moves.to_patient_id': 'history; empty once the patient is gone',
  'patient_merges.from_patient_id': 'the record that was merged: it goes when the other one goes',
  'conflicts.existing_instance_id': 'goes with its study',
  'audit_events.patient_id': 'the journal keeps ids for ever',
  'audit_shown.patient_id': 'the journal keeps ids for ever',
  'audit_warnings.patient_id': 'what was warned of stays, by her id',
  'orthanc_erasures.patient_id': 'who is erased, by the id that the journal keeps',
  'deid_held_files.series_id': 'goes with its instance, which stays in its series',
  'deid_held_files.study_id': 'goes with its instance, which stays in its study',
  'dicom_transfer_items.instance_id': 'what was to be sent: looked up in scope when it is, and told as gone when it is not there',
};

test('every column that names a patient, study, series or instance is of a declared kind, or said not to be', async () => {
  const { rows: columns } = await owner.query<{ name: string }>(
    `SELECT DISTINCT c.relname || '.' || a.attname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype
       LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'test\\_%' AND (a.attname ~ '(patient|study|series|instance)_id$'
       OR f.confrelid IN ('patients'::regclass, 'studies'::regclass, 'series'::regclass, 'instances'::regclass))`,
  );
  const declared = new Set(ROW_KINDS.map(({ table, key }) => `${table}.${key}`));
  const found = columns.map(({ name }) => name);
  expect(found.filter((name) => !declared.has(name) && NO_KINDS[name] === undefined)).toEqual([]);
  expect([...declared, ...Object.keys(NO_KINDS)].filter((name) => !found.includes(name))).toEqual([]);
});

/** Rows that purging leaves, and nothing of which tells who somebody was. */
const TELLS_NOBODY: Readonly<Record<string, string>> = {
  'film_orders.study_id': 'goes with its patient',
  'withdrawn_instances.study_id': 'a UID that the server made itself: the copy that went elsewhere does not come back',
  'orthanc_instances.instance_id': 'hashes alone: what was erased here does not come back from there',
};

test('of every kind that purging leaves it is said what an erasure leaves of it', () => {
  const left = ROW_KINDS.filter(({ purge }) => purge !== 'delete');
  const silent = left.filter(({ erase }) => erase === undefined).map(({ table, key }) => `${table}.${key}`);
  expect(silent.sort()).toEqual(Object.keys(TELLS_NOBODY).sort());
  expect(ROW_KINDS.filter(({ purge, erase }) => purge === 'delete' && erase !== undefined)).toEqual([]);
});
