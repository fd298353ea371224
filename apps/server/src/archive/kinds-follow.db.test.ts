import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { KINDS, mergeOf, NEW_KINDS, openKinds, type Walk } from '../../test/support/kinds.ts';
import { newId } from '../kernel/ids.ts';
import type { Changes } from '../platform/shared-state/index.ts';
import { ROW_KINDS } from '../row-kinds.ts';
import { exportedRows } from './kind-exports.ts';
import { moveStudyRows } from './kinds.ts';
import { mergePatients } from './lifecycle/merge.ts';
import { findMerge, findMerges, mergeState, undoMerge } from './lifecycle/merge-undo.ts';
import { createDamageList } from './objects/damage.ts';
import { countObjects, nextObjects } from './objects/stored-objects.ts';
import type { RowKinds } from './row-kind.ts';

const { db, owner, walk, rows, close } = await openKinds();
afterAll(close);

/** Every row below these patients, and the records themselves, as they stand. */
const standing = async (walks: readonly Walk[]): Promise<unknown[]> => {
  const ids = walks.map(({ patient }) => patient);
  const found = [
    await rows(
      'SELECT id, merged_into, deleted_at, identity_status, suspect_id, study_count FROM patients WHERE id = ANY($1) ORDER BY id',
      [ids],
    ),
    await rows('SELECT id, patient_id, group_id FROM studies WHERE patient_id = ANY($1) ORDER BY id', [ids]),
    await rows('SELECT patient_id, issuer, value FROM patient_identifiers WHERE patient_id = ANY($1) ORDER BY 1, 2, 3', [ids]),
    await rows('SELECT id, patient_id FROM imports WHERE patient_id = ANY($1) ORDER BY id', [ids]),
    await rows('SELECT id, patient_id FROM import_files WHERE patient_id = ANY($1) ORDER BY id', [ids]),
  ];
  for (const { table, key, level } of NEW_KINDS) {
    const objects = walks.map((one) => one.objects[level] ?? '');
    found.push(await rows(`SELECT id, ${key}, group_id FROM ${table} WHERE object_id = ANY($1) ORDER BY id`, [objects]));
  }
  return found;
};

async function undoLast(into: Walk): Promise<void> {
  await db.withSystem(async (tx) => {
    const [last] = await findMerges(tx, into.patient);
    const merge = last === undefined ? undefined : await findMerge(tx, last.id);
    if (merge === undefined) throw new Error('No merge was noted.');
    expect(await mergeState(tx, merge)).toEqual({ stands: true, has_moved: false });
    await undoMerge(tx, KINDS, { merge, actorId: newId(), now: new Date() });
    expect(await mergeState(tx, merge)).toMatchObject({ stands: false });
  });
}

test('undoing a merge brings back the rows of every kind that is declared, two merges the last one first', async () => {
  const [first, from, into] = [await walk(), await walk(), await walk()];
  const all = [first, from, into];
  await db.withSystem(async (tx) => {
    for (const [index, { patient }] of all.entries()) {
      await tx.run('INSERT INTO patient_identifiers (patient_id, value) VALUES ($1, $2), ($1, $3)', [
        patient,
        `own ${patient}`,
        'shared',
      ]);
      const importId = newId();
      await tx.run("INSERT INTO imports (id, entrance, patient_id) VALUES ($1, 'UPLOAD', $2)", [importId, patient]);
      await tx.run("INSERT INTO import_files (import_id, name, outcome, patient_id) VALUES ($1, 'a', 'stored', $2)", [
        importId,
        patient,
      ]);
      await tx.run('SELECT ng_refresh_patients($1::uuid[])', [[patient]]);
      if (index === 0)
        await tx.run("UPDATE patients SET identity_status = 'IDENTITY_REVIEW', suspect_id = $2 WHERE id = $1", [
          patient,
          from.patient,
        ]);
    }
  });
  const before = await standing(all);
  await db.withSystem((tx) => mergePatients(tx, KINDS, mergeOf(first, from)));
  const between = await standing(all);
  expect(between).not.toEqual(before);
  await db.withSystem((tx) => mergePatients(tx, KINDS, mergeOf(from, into)));
  expect(await rows('SELECT 1 AS one FROM test_notes WHERE patient_id = $1', [into.patient])).toHaveLength(3);
  // What was written since is of the record that stayed.
  const since = newId();
  await owner.query('INSERT INTO test_notes (id, patient_id) VALUES ($1, $2)', [since, into.patient]);
  await undoLast(into);
  expect(await standing(all)).toEqual(between);
  await undoLast(from);
  expect(await standing(all)).toEqual(before);
  expect(await rows('SELECT patient_id FROM test_notes WHERE id = $1', [since])).toEqual([{ patient_id: into.patient }]);
});

test('a study that is moved takes rows of every kind along, and undoing brings them back', async () => {
  const one = await walk();
  const before = await standing([one]);
  await db.withSystem((tx) => moveStudyRows(tx, KINDS, one.study, one.group));
  expect(await standing([one])).not.toEqual(before);
  await db.withSystem((tx) => moveStudyRows(tx, KINDS, one.study, null));
  expect(await standing([one])).toEqual(before);
});

test('objects of a kind that is declared are read by the scrubber, as long as they are kept, and noted when they are damaged', async () => {
  const one = await walk();
  const [note = '', report = '', reading = ''] = [one.objects.patient, one.objects.study, one.objects.instance];
  const named = async (kinds: RowKinds) => {
    const found = await db.withSystem((tx) => nextObjects(tx, kinds, { after: null, limit: 10_000 }));
    return found.filter(({ id }) => [note, report, reading].includes(id));
  };
  expect(await named(ROW_KINDS)).toEqual([]);
  const of = (id: string) => ({
    id,
    size_bytes: 4,
    sha256: createHash('sha256').update('test').digest(),
    series_id: null,
  });
  expect(await named(KINDS)).toEqual([note, report, reading].sort().map(of));
  const before = await db.withSystem((tx) => countObjects(tx, KINDS));
  await owner.query('UPDATE test_readings SET is_kept = false WHERE object_id = $1', [reading]);
  expect(await named(KINDS)).toEqual([note, report].sort().map(of));
  expect(await db.withSystem((tx) => countObjects(tx, KINDS))).toBe(before - 1);
  const changes = { isTrusted: false, subscribe: () => () => undefined } as unknown as Changes; // Nothing is heard here.
  const list = createDamageList({ db, changes, log: { error: () => undefined }, kinds: KINDS });
  expect(await list.mark(report, 'HASH')).toBe(true);
  expect(await list.mark(reading, 'HASH')).toBe(false);
  expect(await rows('SELECT kind, reason FROM damaged_objects WHERE id = $1', [report])).toEqual([
    { kind: 'DERIVED', reason: 'HASH' },
  ]);
});

test('rows of a kind that is declared leave with their patient or study, by the columns and objects that it says', async () => {
  const one = await walk();
  await owner.query('UPDATE test_reports SET is_kept = false WHERE study_id = $1', [one.study]);
  const rowsOf = (of: 'patient' | 'study', id: string) => db.withSystem((tx) => exportedRows(tx, KINDS, of, id));
  const sha256 = createHash('sha256').update('test').digest();
  const { note = '', report = '' } = { note: one.objects.patient, report: one.objects.study };
  const [{ record_number: number }] = (await rows<{ record_number: string }>('SELECT record_number FROM patients WHERE id = $1', [
    one.patient,
  ])) as [{ record_number: string }];
  expect(await rowsOf('patient', one.patient)).toEqual([
    {
      table: 'test_notes',
      extension: undefined,
      rows: [{ json: { hangsOn: number, words: 'said', object: note }, object: { id: note, sizeBytes: 4, sha256 } }],
    },
  ]);
  const text =
    'INSERT INTO test_drawings (id, series_id, words) SELECT $2, series_id, $3 FROM test_drawings d JOIN series s ON s.id = d.series_id WHERE s.study_id = $1';
  await owner.query(text, [one.study, newId(), 'private']);
  const below = await rowsOf('study', one.study);
  expect(below).toEqual([
    {
      table: 'test_reports',
      extension: 'pdf',
      rows: [
        {
          json: { hangsOn: `2.25.${one.study}`, words: 'said', is_kept: false, object: report },
          object: { id: report, sizeBytes: 4, sha256 },
        },
      ],
    },
    {
      table: 'test_drawings',
      extension: undefined,
      rows: [{ json: { hangsOn: expect.stringMatching(/^2\.25\./), words: 'said' }, object: undefined }],
    },
  ]);
  expect(await rowsOf('study', (await walk()).patient)).toEqual([]);
});
