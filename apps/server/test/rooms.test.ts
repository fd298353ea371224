import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const SERVER = path.resolve(import.meta.dirname, '..');
const SOURCES = path.join(SERVER, 'src');

/** Whose a table is: only files of these places may name it in SQL. The first is its owner; the others read it, and the comment says why. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  patients: ['archive/'],
  patient_identifiers: ['archive/'],
  studies: ['archive/'],
  study_moves: ['archive/'],
  patient_merges: ['archive/'],
  series: ['archive/'],
  instances: ['archive/'],
  instance_metadata: ['archive/'],
  instance_versions: ['archive/'],
  withdrawn_instances: ['archive/'],
  conflicts: ['archive/'],
  legal_holds: ['archive/'],
  damaged_objects: ['archive/'],
  retired_objects: ['archive/'],
  name_tokens: ['archive/'],
  erasures: ['features/privacy/'],
  erased_returns: ['features/privacy/'],
  erasure_watch: ['features/privacy/'],
  retention_rules: ['features/privacy/'],
  imports: ['features/ingest/'],
  import_files: ['features/ingest/'],
  import_announced: ['features/ingest/'],
  import_spools: ['features/ingest/'],
  // Names of persons are joined when read: the journal and the index keep ids only.
  users: [
    'features/identity/',
    'features/audit/',
    'archive/records/',
    'features/annotations/',
    'features/studies/reading/repository.ts',
    'features/studies/work/people.ts',
    'features/consultations/repository.ts',
    'features/predictions/results/repository.ts',
    'features/dimse/transfers/repository.ts',
    'features/reports/repository.ts',
  ],
  // A group is a partition, too: which of them are somebody's own decides what is seen.
  groups: ['features/identity/', 'archive/'],
  // Whom a group is of is one condition, in whatever list of people.
  user_groups: ['features/identity/', 'archive/records/members.ts'],
  user_sessions: ['features/identity/'],
  api_tokens: ['features/identity/'],
  sign_in_places: ['features/identity/'],
  user_identities: ['features/identity/'],
  used_once: ['features/identity/'],
  passkeys: ['features/identity/'],
  account_links: ['features/identity/'],
  second_factors: ['features/identity/'],
  emergency_accesses: ['features/identity/'],
  recovery_codes: ['features/identity/'],
  audit_events: ['features/audit/'],
  audit_chain: ['features/audit/'],
  audit_pending: ['features/audit/'],
  audit_shown: ['features/audit/'],
  audit_shown_lists: ['features/audit/'],
  audit_checks: ['features/audit/'],
  audit_followers: ['features/audit/'],
  audit_warnings: ['features/audit/'],
  audit_reports: ['features/audit/'],
  annotations: ['features/annotations/'],
  annotation_edits: ['features/annotations/'],
  readings: ['features/studies/'],
  // A study's row is shown with its labels.
  labels: ['features/studies/labels/', 'archive/records/study-rows.ts'],
  study_labels: ['features/studies/labels/', 'archive/records/study-rows.ts'],
  list_views: ['features/views/'],
  notices: ['features/notices/'],
  hanging_rules: ['features/hanging/'],
  deid_projects: ['features/export/'],
  deid_exports: ['features/export/'],
  deid_held_files: ['features/export/'],
  kept_documents: ['features/annotations/'],
  report_drafts: ['features/reports/'],
  report_edits: ['features/reports/'],
  report_versions: ['features/reports/'],
  report_documents: ['features/reports/'],
  report_templates: ['features/reports/'],
  report_phrases: ['features/reports/'],
  report_sites: ['features/reports/'],
  letterheads: ['features/reports/'],
  predictions: ['features/predictions/'],
  prediction_opinions: ['features/predictions/'],
  prediction_validations: ['features/predictions/'],
  prediction_results: ['features/predictions/'],
  upload_scores_seen: ['features/predictions/'],
  blind_readings: ['features/predictions/'],
  // A prediction is of a consultation while both are of one patient.
  consultations: ['features/consultations/', 'features/predictions/repository.ts'],
  consultation_studies: ['features/consultations/'],
  film_orders: ['features/consultations/'],
  performed_steps: ['features/consultations/'],
  commitment_requests: ['features/dimse/'],
  models: ['features/predictions/'],
  model_choices: ['features/predictions/'],
  dicom_nodes: ['features/dimse/'],
  orthanc_erasures: ['features/orthanc/'],
  orthanc_feeds: ['features/orthanc/'],
  orthanc_instances: ['features/orthanc/'],
  orthanc_outbox: ['features/orthanc/'],
  orthanc_sent: ['features/orthanc/'],
  dicom_node_log: ['features/dimse/'],
  dicom_node_days: ['features/dimse/'],
  dicom_callers: ['features/dimse/'],
  dicom_listeners: ['features/dimse/'],
  dicom_transfers: ['features/dimse/'],
  dicom_transfer_items: ['features/dimse/'],
  model_recalibrations: ['features/predictions/'],
  model_thresholds: ['features/predictions/'],
  scrub_state: ['features/system/'],
  backups: ['features/backup/'],
  job_counts: ['platform/queue/'],
  server_nodes: ['supervisor/'],
  shares: ['features/sharing/'],
  share_studies: ['features/sharing/'],
  share_accesses: ['features/sharing/'],
  rate_limits: ['platform/shared-state/'],
};
/** Functions of the database that read or change the index, by their prefix; anybody may compare words, and notices have one of their own. */
const FUNCTIONS = /\b(?:ng_(?!normalize\b|tell_one\b)|qido_)[a-z_]+(?=\()/gi;
/** Of another room. */
const FUNCTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  ng_end_emergencies: ['features/identity/'],
  ng_order_shown: ['features/audit/'],
};
const CHANNELS = /\bpg_notify\(\s*'(?:negatoscope_(?:series|index|objects)|\$\{)/gi;

/** String and template literals of a source, without comments, each with the line where it begins; what stands in `${}` is looked at as well. */
function literalsOf(source: string): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = [];
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/g;
  for (const match of source.matchAll(token)) {
    const [text] = match;
    if (text.startsWith('/')) continue;
    found.push({ text: text.slice(1, -1), line: source.slice(0, match.index).split('\n').length });
  }
  return found;
}

/** Tables that SQL in a text names. */
function tablesIn(text: string): string[] {
  const named = /\b(?:FROM|JOIN|INTO|UPDATE|USING|TABLE|TRUNCATE)\s+(?:ONLY\s+)?(?:public\.)?"?([a-z_]+)"?/gi;
  const first = [...text.matchAll(named)].map(([, table = '']) => table.toLowerCase());
  // FROM a, b
  const listed = [...text.matchAll(/\bFROM\s+[a-z_]+(?:\s+[a-z]{1,3})?\s*,\s*([a-z_]+)/gi)].map(([, table = '']) =>
    table.toLowerCase(),
  );
  return [...first, ...listed];
}

interface Trespass {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

function trespassesIn(file: string, source: string): Trespass[] {
  const isOf = (places: readonly string[]): boolean => places.some((place) => file.startsWith(place));
  return literalsOf(source).flatMap(({ text, line }) => {
    const tables = tablesIn(text).filter((table) => OWNERS[table] !== undefined && !isOf(OWNERS[table] ?? []));
    const asked = [...text.matchAll(FUNCTIONS), ...text.matchAll(CHANNELS)].map(([name]) => name);
    const index = asked.filter((name) => !isOf(FUNCTIONS_OF[name] ?? ['archive/']));
    return [...tables, ...index].map((what) => ({ file, line, what }));
  });
}

const sources = (): { file: string; source: string }[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/(?:\.test|\.gen|-fixture)\.ts$/.test(file))
    .map((file) => ({ file: file.replaceAll('\\', '/'), source: readFileSync(path.join(SOURCES, file), 'utf8') }));

/** `dicomweb/metadata` → the other sub-rooms of its feature that its files import. */
function arrowsOf(files: readonly { file: string; source: string }[]): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const { file, source } of files) {
    const [, feature, room] = /^features\/([a-z-]+)\/([a-z-]+)\/[^/]+$/.exec(file) ?? [];
    if (room === undefined) continue;
    const to = arrows.get(`${feature}/${room}`) ?? new Set();
    for (const [, other] of source.matchAll(/from '\.\.\/([a-z-]+)\/[^/']+'/g)) to.add(`${feature}/${other}`);
    arrows.set(`${feature}/${room}`, to);
  }
  return arrows;
}

/** Sub-rooms from which arrows lead back to themselves. */
function circlesOf(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...arrows.keys()].filter((start) => {
    const reached = new Set(arrows.get(start));
    for (const room of reached) for (const next of arrows.get(room) ?? []) reached.add(next);
    return reached.has(start);
  });
}

describe('rooms', () => {
  test('sub-rooms of a feature know each other in one direction only', () => {
    const arrows = arrowsOf(sources());
    expect([...arrows.keys()]).toEqual(expect.arrayContaining(['dicomweb/qido', 'ingest/decide']));
    expect(circlesOf(arrows)).toEqual([]);
    const back = { file: 'features/ingest/stage/x.ts', source: "import { a } from '../intake/run.ts';" };
    expect(circlesOf(arrowsOf([...sources(), back]))).toEqual(expect.arrayContaining(['ingest/stage', 'ingest/intake']));
  });

  test('SQL on a table stands in the room that owns the table', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap(({ file, source }) => trespassesIn(file, source))).toEqual([]);
  });

  test('every table that a migration makes has an owner', () => {
    const folder = path.join(SERVER, 'migrations');
    const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
    const sql = names.map((name) => readFileSync(path.join(folder, name), 'utf8')).join('\n');
    const renamed = [...sql.matchAll(/^ALTER TABLE ([a-z_]+) RENAME TO ([a-z_]+)/gm)];
    const made = [...sql.matchAll(/^CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?([a-z_]+)/gm)].map(([, table = '']) => table);
    made.push(...renamed.map(([, , table = '']) => table));
    const dropped = new Set([...sql.matchAll(/^DROP TABLE ([a-z_]+)/gm), ...renamed].map(([, table]) => table));
    expect(made.filter((table) => !dropped.has(table) && OWNERS[table] === undefined)).toEqual([]);
    expect(made.length).toBeGreaterThan(20);
  });

  test.each([
    ["tx.rows('SELECT id FROM patients')", 'patients'],
    ['tx.rows(`SELECT 1 FROM series s JOIN studies t ON t.id = s.study_id`)', 'studies'],
    ["tx.run('update Studies set a = 1')", 'studies'],
    ['tx.run("DELETE FROM ONLY instances")', 'instances'],
    ["tx.rows('SELECT 1 FROM unnest($1) u, conflicts')", undefined],
    ["tx.rows('SELECT 1 FROM imports i, conflicts c')", 'conflicts'],
    ['const a = `SELECT ${b} FROM public.patients p`', 'patients'],
    ["tx.run('SELECT ng_refresh_patients($1)')", 'ng_refresh_patients'],
    ['tx.run("SELECT pg_notify(\'negatoscope_index\', $1)")', "pg_notify('negatoscope_index"],
    ['// SELECT id FROM patients', undefined],
    ["tx.rows('SELECT ng_normalize($1)')", undefined],
  ])('%s is seen for what it is', (source, what) => {
    const found = trespassesIn('features/other/x.ts', source).map((trespass) => trespass.what);
    if (what === undefined) expect(found).toEqual([]);
    else expect(found).toContain(what);
    if (what !== undefined) expect(trespassesIn('archive/x.ts', source).map((trespass) => trespass.what)).not.toContain(what);
  });

  test('a function of another room is that room’s alone', () => {
    const asking = "tx.rows('SELECT id FROM ng_end_emergencies($1)')";
    const found = ['features/identity/x.ts', 'archive/x.ts', 'features/other/x.ts'].map(
      (file) => trespassesIn(file, asking).length,
    );
    expect(found).toEqual([0, 1, 1]);
  });
});
