import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { ALL, NOTHING, ofGroup, ofGroups, ownOf, type Scope, theseStudies, UNGROUPED } from '../access/scope.ts';
import { newId } from '../kernel/ids.ts';
import { type Db, openDatabase } from '../platform/db/database.ts';
import { scopeSetting } from '../platform/db/row-scope.ts';
import { inPartition, inScope, scopeValues } from './in-scope.ts';
import { reviewScope } from './lifecycle/held.ts';

/** Whose a partition is: two groups, none, and the own ones of two people. */
const PARTITIONS = { a: newId(), b: newId(), none: null, mine: newId(), theirs: newId() } as const;
type Partition = keyof typeof PARTITIONS;
const NAMES = Object.keys(PARTITIONS) as Partition[]; // The keys just above.

/** A row of a table: its id, where it is, and the study that it hangs on. */
interface Row {
  readonly id: string;
  readonly partition: Partition;
  readonly studies: readonly string[];
}

/** The column by which this test knows a row of each table. */
const KEYS: Readonly<Record<string, string>> = {
  patients: 'id',
  patient_identifiers: 'patient_id',
  studies: 'id',
  series: 'id',
  instances: 'id',
  instance_metadata: 'instance_id',
  instance_versions: 'id',
  conflicts: 'id',
  study_moves: 'id',
  annotations: 'id',
  annotation_edits: 'id',
  readings: 'id',
  study_labels: 'study_id',
  predictions: 'id',
  prediction_opinions: 'id',
  prediction_validations: 'id',
  prediction_results: 'id',
  consultations: 'id',
  consultation_studies: 'consultation_id',
  film_orders: 'id',
  performed_steps: 'id',
  commitment_requests: 'id',
  hanging_rules: 'id',
  list_views: 'id',
  notices: 'id',
  emergency_accesses: 'id',
  shares: 'id',
  share_studies: 'study_id',
  share_accesses: 'id',
  deid_projects: 'id',
  deid_exports: 'id',
  deid_held_files: 'instance_id',
  kept_documents: 'sop_instance_uid',
  report_drafts: 'study_id',
  report_edits: 'id',
  report_versions: 'id',
  report_documents: 'sop_instance_uid',
  report_templates: 'id',
  report_phrases: 'id',
  withdrawn_instances: 'sop_instance_uid',
  patient_merges: 'id',
  legal_holds: 'id',
  erased_returns: 'id',
  imports: 'id',
  import_files: 'import_id',
  import_announced: 'import_id',
  import_spools: 'id',
  dicom_transfers: 'id',
  dicom_transfer_items: 'transfer_id',
};
const TABLES = Object.keys(KEYS);
/** What is somebody's own, whatever their groups. */
const isOwn = (table: string): boolean =>
  ['import', 'dicom_transfer', 'deid_export', 'share'].some((own) => table.startsWith(own)) ||
  table === 'notices' ||
  table === 'emergency_accesses';
/** What a link to studies is shown. */
const SHOWN = ['patients', 'studies', 'series', 'instances', 'instance_metadata'] as const;
const isShown = (table: string): table is (typeof SHOWN)[number] => SHOWN.some((shown) => shown === table);

let database: TestDatabase;
let owner: pg.Client;
let app: pg.Client;
let db: Db;
const rows = new Map<string, Row[]>();
/** The first of two studies of each partition's patient. */
const studyOf = new Map<Partition, string>();

const put = async (table: string, row: Row, columns: Readonly<Record<string, unknown>>): Promise<void> => {
  const names = Object.keys(columns);
  await owner.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(columns),
  );
  rows.set(table, [...(rows.get(table) ?? []), row]);
};

/** A report that is written, one that was signed, and what it is kept as. */
async function fillReport(partition: Partition, patient: string, study: string): Promise<void> {
  const [group_id, edit, version, now] = [PARTITIONS[partition], newId(), newId(), new Date()];
  const of = (id: string): Row => ({ id, partition, studies: [study] });
  const text = { group_id, study_id: study, written_for: patient, amends: 0, language: 'fr', sections: '{}' };
  await put('report_drafts', of(study), { ...text, version: 1, changed_at: now });
  await put('report_edits', of(edit), { ...text, id: edit, base_version: 0, made_at: now });
  await put('report_versions', of(version), {
    ...{ id: version, study_id: study, group_id, number: 1, written_for: patient, signed_at: now },
    ...{ content: Buffer.from('{}'), sha256: createHash('sha256').update('{}').digest() },
  });
  await put('report_documents', of(`2.25.${version}`), {
    ...{ study_id: study, number: 1, kind: 'PDF', group_id, series_instance_uid: '1', sop_instance_uid: `2.25.${version}` },
  });
}

/** One study with everything that hangs on it. */
async function fillStudy(partition: Partition, patient: string, study: string): Promise<void> {
  const group_id = PARTITIONS[partition];
  const [series, instance] = [newId(), newId()];
  const of = (id: string): Row => ({ id, partition, studies: [study] });
  const file = { size_bytes: 1, file_sha256: Buffer.alloc(32) };
  await put('studies', of(study), { id: study, group_id, patient_id: patient, study_instance_uid: `2.25.${study}` });
  await fillReport(partition, patient, study);
  await put('series', of(series), { id: series, group_id, study_id: study, series_instance_uid: `2.25.${series}` });
  const uids = { sop_instance_uid: `2.25.${instance}`, sop_class_uid: '1.2', transfer_syntax_uid: '1.2' };
  await put('instances', of(instance), { id: instance, group_id, series_id: series, ...uids, ...file });
  const json = Buffer.alloc(1);
  await put('instance_metadata', of(instance), { instance_id: instance, group_id, series_id: series, json });
  await put('deid_held_files', of(instance), {
    ...{ instance_id: instance, series_id: series, study_id: study, group_id, sop_instance_uid: '1' },
    ...{ file_sha256: Buffer.alloc(32), because: 'BURNED_IN', rows: 1, columns: 1, frames: 1, held_at: new Date() },
  });
  const version = newId();
  await put('instance_versions', of(version), { id: version, group_id, series_id: series, replaced_by: instance, row: '{}' });
  const [conflict, move] = [newId(), newId()];
  const named = { study_instance_uid: '1', series_instance_uid: '1', sop_instance_uid: conflict };
  await put('conflicts', of(conflict), {
    id: conflict,
    group_id,
    kind: 'STUDY_PATIENT_MISMATCH',
    study_id: study,
    ...named,
    ...file,
    json,
  });
  await put('study_moves', of(move), { id: move, group_id, study_id: study, instances_md5: '', moved_at: new Date() });
  const [drawn, edit, reading] = [newId(), newId(), newId()];
  const line = { geometry: '{"space":"PIXEL","points":[0,0,1,1]}', study_id: study, group_id };
  const place = { series_instance_uid: '1', sop_instance_uid: '1', frame: 1, kind: 'LENGTH' };
  const now = new Date();
  await put('annotations', of(drawn), { id: drawn, ...line, ...place, created_at: now, changed_at: now });
  await put('annotation_edits', of(edit), {
    ...{ id: edit, annotation_id: drawn, ...line },
    ...{ base_version: 0, version: 1, is_deleted: false, made_at: now },
  });
  await put('readings', of(reading), {
    ...{ id: reading, study_id: study, group_id, user_id: PARTITIONS.mine },
    ...{ since: now, seen_at: now, has_marked: true },
  });
  const label = newId();
  await owner.query("INSERT INTO labels (id, name, color, changed_at) VALUES ($1, $2, 'RED', now())", [label, label]);
  await put('study_labels', of(study), { study_id: study, label_id: label, group_id });
  const prediction = newId();
  await put('predictions', of(prediction), {
    ...{ id: prediction, study_id: study, group_id, question: 'TUBERCULOSIS' },
    ...{ status: 'QUEUED', created_at: now },
  });
  const said = { prediction_id: prediction, study_id: study, group_id, number: 1, comment: '', created_at: now };
  const [opinion, validation] = [newId(), newId()];
  await put('prediction_opinions', of(opinion), { id: opinion, ...said, opinion: 'SUSPECTED', is_blind: true });
  await put('prediction_validations', of(validation), { id: validation, ...said, status: 'VALIDATED' });
  const result = newId();
  await put('prediction_results', of(result), {
    ...{ id: result, prediction_id: prediction, study_id: study, group_id, validation_id: validation, seq: 1, made_at: now },
    ...{ series_instance_uid: '1', sop_instance_uid: '2', heat_series_instance_uid: '3', heat_sop_instance_uid: '4' },
  });
  await put('withdrawn_instances', of(`2.25.${result}`), {
    ...{ sop_instance_uid: `2.25.${result}`, group_id, study_id: study, withdrawn_at: now },
  });
  await put('kept_documents', of(`2.25.${reading}`), {
    ...{ study_id: study, kind: 'KEY_IMAGES', seq: 1, group_id, made_at: now, content_sha256: Buffer.alloc(32) },
    ...{ series_instance_uid: '1', sop_instance_uid: `2.25.${reading}` },
  });
}

async function fillPartition(partition: Partition): Promise<void> {
  const group_id = PARTITIONS[partition];
  const [patient, shared, other, imported, spool] = [newId(), newId(), newId(), newId(), newId()];
  studyOf.set(partition, shared);
  const of = (id: string, studies: readonly string[] = []): Row => ({ id, partition, studies });
  await put('patients', of(patient, [shared, other]), { id: patient, group_id, family_name: partition });
  await put('patient_identifiers', of(patient), { patient_id: patient, group_id, value: partition });
  for (const study of [shared, other]) await fillStudy(partition, patient, study);
  const [consultation, order] = [newId(), newId()];
  await put('consultations', of(consultation), {
    ...{ id: consultation, patient_id: patient, group_id, day: '2026-03-02', status: 'WAITING', reason: '' },
    ...{ symptoms: '{}', vital_signs: '{}', arrived_at: new Date() },
  });
  await put('consultation_studies', of(consultation), {
    ...{ consultation_id: consultation, study_id: shared, group_id, attached_at: new Date() },
  });
  await put('film_orders', of(order), {
    ...{ id: order, consultation_id: consultation, patient_id: patient, group_id, modality: 'DX', body_part: 'CHEST' },
    ...{ reason: '', status: 'REQUESTED', ordered_at: new Date(), study_instance_uid: `2.25.${order.replaceAll(/\D/g, '')}` },
  });
  const step = newId();
  await put('performed_steps', of(step), {
    ...{ id: step, node_id: newId(), sop_instance_uid: '1', group_id, patient_id: patient, order_ids: [order] },
    ...{ status: 'IN_PROGRESS', attributes: '{}', begun_at: new Date(), told_at: new Date() },
  });
  const commitment = newId();
  await put('commitment_requests', of(commitment), {
    ...{ id: commitment, node_id: newId(), transaction_uid: '1', group_id, instances: '[]', status: 'WAITING' },
    ...{ next_at: new Date(), asked_at: new Date() },
  });
  const merge = newId();
  const hold = newId();
  const [erasure, back] = [newId(), newId()];
  await owner.query(
    "INSERT INTO erasures (id, records, studies, marks, reason, asked_at) VALUES ($1, '{}', '{}', '{}', 'PATIENT', now())",
    [erasure],
  );
  await put('erased_returns', of(back), { id: back, patient_id: patient, group_id, erasure_id: erasure, found_at: new Date() });
  await put('legal_holds', of(hold), {
    id: hold,
    patient_id: patient,
    group_id,
    reason: 'court',
    placed_at: new Date(),
    lifted_at: new Date(),
  });
  await put('patient_merges', of(merge), {
    id: merge,
    group_id,
    from_patient_id: patient,
    into_patient_id: patient,
    moved: '{}',
  });
  const user_id = partition === 'mine' || partition === 'theirs' ? group_id : null;
  const rule = newId();
  const kind = { modality: 'CT', layout: '{}', changed_at: new Date() };
  await put('hanging_rules', of(rule), { id: rule, user_id, site_id: user_id === null ? group_id : null, ...kind });
  const [view, notice] = [newId(), newId()];
  const listed = { name: 'a', content: '{}', changed_at: new Date() };
  await put('list_views', of(view), { id: view, user_id, site_id: user_id === null ? group_id : null, ...listed });
  await put('notices', of(notice), { id: notice, user_id, kind: 'IMPORT_DONE', at: new Date() });
  const opened = newId();
  const times = { opened_at: new Date(0), expires_at: new Date() };
  await put('emergency_accesses', of(opened), { id: opened, user_id, patient_id: patient, reason: 'x', ...times });
  const [link, access] = [newId(), newId()];
  const secret_hash = createHash('sha256').update(link).digest();
  const given = {
    profile: 'IDENTIFIED',
    recipient: 'x',
    may_download: false,
    study_count: 1,
    created_at: new Date(0),
    expires_at: new Date(),
  };
  await put('shares', of(link), { id: link, user_id, secret_hash, ...given });
  await put('share_studies', of(shared), { share_id: link, study_id: shared });
  await put('share_accesses', of(access), { id: access, share_id: link, at: new Date(), outcome: 'REFUSED' });
  const owned = { user_id, site_id: user_id === null ? group_id : null, language: 'fr', changed_at: new Date() };
  const [template, phrase] = [newId(), newId()];
  await put('report_templates', of(template), { id: template, ...owned, name: 'a', sections: '{}' });
  await put('report_phrases', of(phrase), { id: phrase, ...owned, short: 'a', text: 'b' });
  const project = newId();
  const made = { name: 'p', note: '', options: [], dates: 'REMOVED', sealed_key: Buffer.alloc(60), created_at: new Date() };
  await put('deid_projects', of(project), { id: project, group_id, ...made });
  const leaving = newId();
  const asked = { permissions: [], patient_ids: [], created_at: new Date() };
  await put('deid_exports', of(leaving), { id: leaving, user_id, ...asked });
  await put('imports', of(imported), { id: imported, user_id, group_id, entrance: 'UPLOAD' });
  await put('import_files', of(imported), { import_id: imported, name: 'a.dcm', outcome: 'stored' });
  await put('import_announced', of(imported), { import_id: imported, sop_instance_uid: '1', file_id: '' });
  await put('import_spools', of(spool), {
    id: spool,
    import_id: imported,
    place: 0,
    name: 'a.zip',
    size_bytes: 1,
    permissions: [],
  });
  const transfer = newId();
  await put('dicom_transfers', of(transfer), {
    ...{ id: transfer, kind: 'SEND', node_id: newId(), user_id, permissions: [], status: 'DONE', created_at: new Date() },
  });
  await put('dicom_transfer_items', of(transfer), { transfer_id: transfer, place: 1, study_instance_uid: '1', outcome: 'DONE' });
}

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client(database.ownerConfig);
  await owner.connect();
  app = new pg.Client(database.appConfig);
  await app.connect();
  db = openDatabase({ connection: database.appConfig, poolSize: 1 });
  for (const partition of NAMES) {
    const id = PARTITIONS[partition];
    if (id === null) continue;
    const isPersonal = partition === 'mine' || partition === 'theirs';
    await owner.query('INSERT INTO groups (id, name, is_personal) VALUES ($1, $3, $2)', [id, isPersonal, id]);
    if (isPersonal)
      await owner.query(
        "INSERT INTO users (id, email, password_hash, first_name, last_name, role, level) VALUES ($1, $2, '', '', '', 'RESEARCHER', 'WRITE')",
        [id, id],
      );
  }
  for (const partition of NAMES) await fillPartition(partition);
});
afterAll(async () => {
  await db.close();
  await app.end();
  await owner.end();
  await database.drop();
});

const linked = (...partitions: Partition[]): string[] => partitions.flatMap((partition) => studyOf.get(partition) ?? []);
const idOf = (partition: 'a' | 'b' | 'mine' | 'theirs'): string => PARTITIONS[partition];

/** Every kind of arm alone, and what people and links have together. */
const SCOPES: Readonly<Record<string, () => Scope>> = {
  nothing: () => NOTHING,
  all: () => [ALL],
  group: () => [ofGroup(idOf('a'))],
  'two groups': () => [ofGroup(idOf('a')), ofGroup(idOf('b'))],
  'two groups in one arm, beside what is in none': () => [ownOf(idOf('mine')), ofGroups([idOf('a'), idOf('b')]), UNGROUPED],
  ungrouped: () => [UNGROUPED],
  own: () => [ownOf(idOf('mine'))],
  'these studies, of every partition': () => [theseStudies(linked('a', 'none', 'theirs'))],
  'no studies': () => [theseStudies([])],
  'an administrator': () => [ALL, ownOf(idOf('mine')), UNGROUPED],
  'a radiologist of a group': () => [ownOf(idOf('mine')), ofGroup(idOf('a')), UNGROUPED],
  'a researcher of a group': () => [ownOf(idOf('mine')), ofGroup(idOf('b'))],
  'a group and a link': () => [ofGroup(idOf('a')), theseStudies(linked('a', 'b'))],
};

/** What a scope is said to show, told by the rows themselves. */
function expected(table: string, scope: Scope): string[] {
  const isSeen = ({ partition, studies }: Row): boolean =>
    scope.some((arm) => {
      if (arm.kind === 'all') return true;
      if (arm.kind === 'studies') return isShown(table) && studies.some((study) => arm.ids.includes(study));
      const id = PARTITIONS[partition];
      if (isOwn(table) && arm.kind !== 'own') return false;
      return id === null ? arm.kind === 'ungrouped' : arm.kind !== 'ungrouped' && arm.ids.includes(id);
    });
  return (rows.get(table) ?? [])
    .filter(isSeen)
    .map(({ id }) => id)
    .sort();
}

/** One statement as the application's role in a scope. */
async function asked<R extends object>(scope: Scope, text: string, values: readonly unknown[] = []): Promise<R[]> {
  await app.query(`BEGIN;${scopeSetting(scope)}`);
  try {
    return (await app.query<R>(text, [...values])).rows;
  } finally {
    await app.query('ROLLBACK');
  }
}

const idsOf = async (scope: Scope, table: string, condition: string, values: readonly unknown[] = []): Promise<string[]> =>
  (await asked<{ id: string }>(scope, `SELECT t.${KEYS[table]} AS id FROM ${table} t WHERE ${condition}`, values))
    .map(({ id }) => id)
    .sort();

/** The query's own condition on a table, and its values. */
function conditionOf(table: string, scope: Scope): { condition: string; values: readonly unknown[] } {
  const values = scopeValues(scope);
  return isShown(table)
    ? { condition: inScope(table, 't', 1), values }
    : { condition: inPartition('t', 1), values: values.slice(0, 3) };
}

test('this test knows every table under row-level security, and a row of each in every partition', async () => {
  const { rows: tables } = await owner.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relrowsecurity ORDER BY 1",
  );
  expect(tables.map(({ name }) => name)).toEqual([...TABLES].sort());
  for (const table of TABLES) expect(new Set(rows.get(table)?.map(({ partition }) => partition)).size, table).toBe(NAMES.length);
});

test('every policy is made of the arms of the scope, and each table has one for whatever is done', async () => {
  const { rows: policies } = await owner.query<{
    tablename: string;
    policyname: string;
    cmd: string;
    qual: string;
    with_check: string | null;
  }>("SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2");
  expect(policies.filter(({ qual }) => !/\bng_arm(_studies)?\(/.test(qual) || /current_setting/.test(qual))).toEqual([]);
  const whole = policies.filter(
    ({ policyname, cmd, qual, with_check }) => policyname === 'in_scope' && cmd === 'ALL' && with_check === qual,
  );
  expect(whole.map(({ tablename }) => tablename)).toEqual([...TABLES].sort());
  const others = policies.filter(({ policyname }) => policyname !== 'in_scope');
  expect(others.map(({ tablename, cmd }) => `${tablename} ${cmd}`)).toEqual([...SHOWN].sort().map((table) => `${table} SELECT`));
});

describe.each(Object.entries(SCOPES))('%s', (_name, scopeOf) => {
  test.each(TABLES)('shows of %s the same rows by the query and by row-level security', async (table) => {
    const scope = scopeOf();
    const wanted = expected(table, scope);
    expect(await idsOf(scope, table, 'true')).toEqual(wanted);
    if (isOwn(table)) return;
    // The query alone, where the database would show all; and both at once.
    const { condition, values } = conditionOf(table, scope);
    expect(await idsOf([ALL], table, condition, values)).toEqual(wanted);
    expect(await idsOf(scope, table, condition, values)).toEqual(wanted);
  });
});

test('what is shared as studies is changed and removed by nobody whom it is shared with', async () => {
  const link: Scope = [theseStudies(linked('a', 'none'))];
  for (const table of SHOWN) {
    expect(await asked(link, `UPDATE ${table} SET group_id = group_id RETURNING 1`), table).toEqual([]);
    expect(await asked(link, `DELETE FROM ${table} RETURNING 1`), table).toEqual([]);
  }
  const [patient] = await asked<{ id: string }>(link, 'SELECT id FROM patients');
  const add = asked(link, 'INSERT INTO studies (id, patient_id, study_instance_uid) VALUES ($1, $2, $3)', [
    newId(),
    patient?.id,
    '1.2.3',
  ]);
  await expect(add).rejects.toMatchObject({ code: '42501' });
});

test('nothing is taken into a partition that the scope has not, or out of it, and nothing of another one is removed, whatever the query says', async () => {
  const { rows: columns } = await owner.query<{ table: string }>(
    `SELECT c.relname AS table FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'group_id' AND a.attgenerated = ''
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relrowsecurity ORDER BY 1`,
  );
  const tables = columns.map(({ table }) => table).filter((table) => !isOwn(table));
  expect(tables.length).toBeGreaterThan(25);
  const scope: Scope = [ofGroup(idOf('a'))];
  const codeOf = (text: string): Promise<unknown> =>
    asked(scope, text, [idOf('b')]).then(
      (found) => found,
      (error: { code?: string }) => error.code,
    );
  for (const table of tables) {
    expect([table, await codeOf(`UPDATE ${table} SET group_id = $1 RETURNING 1`)]).toEqual([table, '42501']);
    // Where nothing may be removed at all, that is refused as well.
    expect([table, await codeOf(`DELETE FROM ${table} WHERE group_id = $1 RETURNING 1`)]).toEqual([
      table,
      expect.toSatisfy((said: unknown) => said === '42501' || (Array.isArray(said) && said.length === 0)),
    ]);
  }
});

test('who reviews what is held sees the partitions of those who import into their groups, and no others', async () => {
  const home = (partition: 'mine' | 'theirs', group: string | null) =>
    owner.query('UPDATE groups SET home_id = $2 WHERE id = $1', [idOf(partition), group]);
  await home('mine', idOf('a'));
  await home('theirs', null);
  const of = (scope: Scope) => db.reading(scope, (tx) => reviewScope(tx, scope));
  expect(await of([ofGroup(idOf('a'))])).toEqual([ofGroup(idOf('a')), ownOf(idOf('mine'))]);
  expect(await of([ofGroup(idOf('b')), UNGROUPED])).toEqual([ofGroup(idOf('b')), UNGROUPED, ownOf(idOf('theirs'))]);
  expect(await of([ofGroup(idOf('b'))])).toEqual([ofGroup(idOf('b'))]);
  expect(await of([ALL])).toEqual([ALL]);
  expect(await of([theseStudies(linked('a'))])).toEqual([theseStudies(linked('a'))]);
});

test.each([
  ['another word', [{ kind: "all'; RESET ROLE; --" }]],
  ['no UUID', [{ kind: 'group', ids: ["'"] }]],
])('a scope with %s is refused before it is sent', async (_what, scope) => {
  await expect(async () => db.reading(scope, (tx) => tx.rows('SELECT 1'))).rejects.toThrow(TypeError);
});
