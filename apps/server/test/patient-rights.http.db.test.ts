import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orthancCopies } from '../src/features/orthanc/index.ts';
import { privacyJobs } from '../src/features/privacy/index.ts';
import { newId } from '../src/kernel/ids.ts';
import { composed } from '../src/platform/db/statements.ts';
import type { JobRun } from '../src/platform/queue/job.ts';
import { ROW_KINDS, ROWS_BY_TEXT, ROWS_BY_UID } from '../src/row-kinds.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { type Filled, hangingRows, putRows } from './support/filled-patient.ts';
import { unzip } from './support/unzip.ts';

const clock = createFakeClock();
let server: DicomwebServer;
let admin: Browser;
let physician: Browser;
beforeAll(async () => {
  server = await openDicomweb({ clock });
  admin = await server.login('ADMIN');
  physician = await server.login('PHYSICIAN');
});
afterAll(() => server.close());

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
async function ask(who: Browser, method: Method, url: string, body?: object) {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, json: (isJson ? answer.json() : undefined) as Json, raw: answer.rawPayload };
}
const rows = (text: string, values: readonly unknown[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values: values as never })));

let count = 0;
const nextUid = (): string => {
  count += 1;
  return `2.25.99${count}0`;
};
const fileOf = (dataset: Dataset, uid: string): Buffer =>
  Buffer.from(
    smallPicture({
      ...{ seed: uid, columns: 2, frames: 1, cells: new Uint16Array(4), modality: 'CT' },
      dataset: {
        ...{ StudyDate: '20260301', ...dataset },
        ...{ StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.1`, SOPInstanceUID: `${uid}.1.1` },
      },
    }).bytes,
  );

/** A stored study of a patient of their own, whose name and id are `word`. */
async function stored(word: string, studyUid = nextUid()): Promise<Filled & { recordNumber: string; bytes: Buffer }> {
  const bytes = fileOf({ PatientID: `ID${word}`, PatientName: `${word}^Jeanne`, PatientBirthDate: '19610412' }, studyUid);
  expect((await server.store(physician, [bytes])).statusCode).toBe(200);
  const [row] = await rows(
    'SELECT s.id, s.patient_id, p.record_number FROM studies s JOIN patients p ON p.id = s.patient_id WHERE s.study_instance_uid = $1 AND p.deleted_at IS NULL',
    [studyUid],
  );
  return { study: row.id, patient: row.patient_id, studyUid, recordNumber: row.record_number, bytes };
}

/** Since when who is signed in as an administrator has shown who they are. */
const proven = (at: string): Promise<Json[]> =>
  rows('UPDATE user_sessions SET proven_at = $2 WHERE user_id = $1 RETURNING id', [admin.user.id, at]);

/** Runs a job of this feature as the job process would. */
async function run(name: 'erase-patients' | 'find-returned' | 'retain', payload: object = {}): Promise<Json> {
  const { parts } = server;
  const jobs = privacyJobs({
    ...parts,
    rows: { kinds: ROW_KINDS, byUid: ROWS_BY_UID, byText: ROWS_BY_TEXT },
    dataDir: parts.backup.dataDir,
    elsewhere: orthancCopies(undefined),
    endEmergencies: (tx, records, actor) => parts.identity.endEmergencies(tx, records, { actor, because: 'ERASED' }),
    keepBeside: async () => 0,
  });
  const job = jobs.find(({ kind }) => kind.name === name);
  return job?.run(payload, { signal: new AbortController().signal } as JobRun);
}

/** Where one of these values stands: in a table of the database, as text or as bytes, or in a file of the data folder. */
async function found(values: readonly string[]): Promise<string[]> {
  const places: string[] = [];
  const tables = await rows(
    "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT')",
  );
  expect(tables.length).toBeGreaterThan(70);
  for (const { name } of tables) {
    const dump = (await rows(`SELECT t::text AS line FROM ${name} t`)).map(({ line }) => line).join('\n');
    for (const value of values)
      if (dump.includes(value) || dump.includes(Buffer.from(value).toString('hex'))) places.push(`${name}: ${value}`);
  }
  const folder = server.parts.backup.dataDir;
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = await readFile(path.join(file.parentPath, file.name));
    for (const value of values) if (bytes.includes(value)) places.push(`${path.relative(folder, file.parentPath)}: ${value}`);
  }
  return places;
}

describe('everything of one patient', () => {
  test('leaves as one ZIP: files as received, rows, who saw the record, a page without scripts and a manifest of true hashes', async () => {
    const one = await stored('<b>Récit&');
    const url = `/api/patients/${one.patient}/record`;
    expect((await ask(physician, 'POST', url, {})).status).toBe(403);
    expect((await ask(admin, 'POST', url, { timeZone: 'Nowhere/Else' })).status).toBe(400);
    const { status, raw } = await ask(admin, 'POST', url, { locale: 'en', timeZone: 'Europe/Paris' });
    expect(status).toBe(200);
    const files = await unzip(raw);
    const folder = `${one.recordNumber}/${one.studyUid}`;
    expect(files.get(`${folder}/${one.studyUid}.1/${one.studyUid}.1.1.dcm`)?.equals(one.bytes)).toBe(true);
    const page = String(files.get('index.html'));
    expect(page).toContain('&lt;b&gt;R');
    expect(page).not.toMatch(/<b>|<script|https?:/i);
    // Every link leads to a file, or to a folder of files.
    for (const [, link = ''] of page.matchAll(/href="([^"]+)"/g))
      expect(
        [...files.keys()].some((name) => name === link || (link.endsWith('/') && name.startsWith(link))),
        link,
      ).toBe(true);
    expect(String(files.get(`${one.recordNumber}/access-log.csv`))).toContain('patient.exported');
    expect(files.get(`${one.recordNumber}/access-log.pdf`)?.subarray(0, 5).toString()).toBe('%PDF-');
    const manifest = JSON.parse(String(files.get('manifest.json')));
    expect(manifest.files.map(({ path: name }: Json) => name).sort()).toEqual(
      [...files.keys()].filter((name) => name !== 'manifest.json').sort(),
    );
    for (const { path: name, sha256 } of manifest.files)
      expect(
        createHash('sha256')
          .update(files.get(name) ?? '')
          .digest('hex'),
        name,
      ).toBe(sha256);
    const [event] = await rows("SELECT details FROM audit_events WHERE action = 'patient.exported' AND patient_id = $1", [
      one.patient,
    ]);
    expect(event.details).toEqual({ studies: 1, record: true });
  });
});

describe('a legal hold', () => {
  test('is told as such to who deletes, and its reason to administrators alone', async () => {
    const one = await stored('Retenue');
    const body = { patientId: one.patient, reason: 'Réquisition 12/2026' };
    expect((await ask(physician, 'POST', '/api/holds', body)).status).toBe(403);
    const placed = await ask(admin, 'POST', '/api/holds', body);
    expect(placed).toMatchObject({ status: 201, json: { patientId: one.patient, studyId: null, reason: 'Réquisition 12/2026' } });
    expect((await ask(admin, 'POST', '/api/holds', body)).json).toMatchObject({ code: 'CONFLICT' });
    const seen = await ask(physician, 'GET', `/api/holds?patient=${one.patient}`);
    expect(seen.json.items).toMatchObject([{ id: placed.json.id, reason: null, by: null }]);
    for (const url of [`/api/patients/${one.patient}?cascade=true`, `/api/studies/${one.studyUid}`])
      expect((await ask(admin, 'DELETE', url)).json, url).toMatchObject({ status: 409, code: 'LEGAL_HOLD' });
    const erase = { recordNumber: one.recordNumber, reason: 'PATIENT' };
    expect((await ask(admin, 'POST', `/api/patients/${one.patient}/erase`, erase)).json).toMatchObject({ code: 'LEGAL_HOLD' });
    expect((await ask(admin, 'POST', `/api/holds/${placed.json.id}/lift`, { reason: 'Classée' })).status).toBe(204);
    expect((await ask(admin, 'POST', `/api/holds/${placed.json.id}/lift`, { reason: 'Classée' })).status).toBe(404);
    expect((await ask(admin, 'DELETE', `/api/studies/${one.studyUid}`)).status).toBe(204);
    const events = await rows("SELECT action FROM audit_events WHERE action LIKE 'hold.%' AND patient_id = $1 ORDER BY id", [
      one.patient,
    ]);
    expect(events.map(({ action }) => action)).toEqual(['hold.placed', 'hold.lifted']);
  });
});

describe('erasure (GDPR, art. 17)', () => {
  const WORD = 'ZQXERASED';
  test('asks for proof and the record number as it is typed; then nothing of the patient is left in any table or file', async () => {
    const one = await stored(WORD);
    const merged = await stored(`${WORD}2`);
    await server.db.withSystem(async (tx) => {
      const object = newId();
      await putRows(
        (text, values) => tx.run(composed({ text, values: values as never })),
        hangingRows(one, { word: WORD, user: admin.user.id, object }),
      );
      await tx.run(
        composed({
          text: 'UPDATE patients SET merged_into = $2, deleted_at = now() WHERE id = $1',
          values: [merged.patient, one.patient],
        }),
      );
      await tx.run(composed({ text: 'UPDATE studies SET patient_id = $2 WHERE id = $1', values: [merged.study, one.patient] }));
      await tx.run(
        composed({
          text: "INSERT INTO patient_merges (id, from_patient_id, into_patient_id, moved) VALUES ($1, $2, $3, jsonb_build_object('identifiers', $4::text))",
          values: [newId(), merged.patient, one.patient, WORD],
        }),
      );
      await tx.run(
        composed({
          text: "INSERT INTO instance_versions (id, series_id, replaced_by, row) SELECT $1, id, $1, jsonb_build_object('name', $3::text) FROM series WHERE study_id = $2",
          values: [newId(), one.study, WORD],
        }),
      );
      await tx.run(
        composed({
          text: "INSERT INTO deid_held_files (instance_id, series_id, study_id, sop_instance_uid, file_sha256, because, rows, columns, frames, held_at) SELECT i.id, i.series_id, s.study_id, i.sop_instance_uid, '', 'BURNED_IN', 1, 1, 1, now() FROM instances i JOIN series s ON s.id = i.series_id WHERE s.study_id = $1",
          values: [one.study],
        }),
      );
    });
    // What somebody called a file that was refused, and looked for in a list that they kept.
    const named = [`${WORD.toLowerCase()}_Jeanne.dcm`, `scan ID${WORD}.dcm`];
    const kept = ['JEANNE.dcm', 'IM0001.dcm'];
    const [opened] = await rows("INSERT INTO imports (id, entrance) VALUES ($1, 'UPLOAD') RETURNING id", [newId()]);
    for (const name of [...named, ...kept])
      await rows(
        "INSERT INTO import_files (import_id, name, outcome, reason) VALUES ($1, $2, 'rejected', 'NOT_DICOM') RETURNING id",
        [opened.id, name],
      );
    for (const q of [`jeanne ${WORD}`, 'thorax'])
      await rows(
        'INSERT INTO list_views (id, user_id, name, content, changed_at) VALUES ($1, $2, $3, $4::jsonb, now()) RETURNING id',
        [newId(), physician.user.id, `Vue ${q.slice(-3)}`, JSON.stringify({ columns: null, sort: null, filters: { q } })],
      );
    // Of every kind there is something to be erased.
    for (const { table, level, key } of ROW_KINDS) {
      const below = {
        patient: '$1',
        study: 'SELECT id FROM studies WHERE patient_id = $1',
        series: 'SELECT e.id FROM series e JOIN studies t ON t.id = e.study_id WHERE t.patient_id = $1',
        instance:
          'SELECT i.id FROM instances i JOIN series e ON e.id = i.series_id JOIN studies t ON t.id = e.study_id WHERE t.patient_id = $1',
      }[level];
      const isMade = (await rows(`SELECT 1 AS one FROM ${table} WHERE ${key} IN (${below}) LIMIT 1`, [one.patient])).length === 1;
      expect([`${table}.${key}`, isMade]).toEqual([`${table}.${key}`, !NOT_MADE.includes(`${table}.${key}`)]);
    }
    const values = [WORD, one.studyUid, merged.studyUid];
    expect((await found(values)).length).toBeGreaterThan(20);

    const url = `/api/patients/${one.patient}/erase`;
    expect((await ask(admin, 'POST', url, { recordNumber: 'NG-2026-1', reason: 'PATIENT' })).json).toMatchObject({
      code: 'CONFIRMATION_DIFFERS',
    });
    await proven('2026-01-01T00:00:00Z');
    const body = { recordNumber: one.recordNumber, reason: 'PATIENT' };
    expect((await ask(admin, 'POST', url, body)).json).toMatchObject({ code: 'PROOF_REQUIRED' });
    await proven(clock.now().toISOString());
    expect((await ask(admin, 'POST', url, body)).json).toMatchObject({ reason: 'PATIENT', doneAt: null, studies: 2 });
    // Out of sight at once.
    expect((await ask(admin, 'GET', `/api/patients/${one.patient}`)).status).toBe(404);
    expect(await run('erase-patients')).toMatchObject({ patients: 1, held: 0 });
    expect(await found(values)).toEqual([]);
    const names = await rows('SELECT name FROM import_files WHERE import_id = $1 ORDER BY id', [opened.id]);
    expect(names.map(({ name }) => name)).toEqual(['', '', ...kept]);
    expect(
      await rows('SELECT content #>> $2 AS q FROM list_views WHERE user_id = $1', [physician.user.id, ['filters', 'q']]),
    ).toEqual([{ q: 'thorax' }]);
    expect(await rows('SELECT id FROM patients WHERE id = ANY($1::uuid[])', [[one.patient, merged.patient]])).toEqual([]);
    expect((await ask(admin, 'GET', '/api/erasures')).json).toMatchObject({
      items: [{ records: [one.patient, merged.patient], objects: 5, isHeld: false }],
      returns: [],
    });
    expect(await run('erase-patients')).toMatchObject({ patients: 0 });
  });

  test('is done again on a database that was brought back to an older moment, by the list beside it', async () => {
    const one = await stored('REVENUE');
    const body = { recordNumber: one.recordNumber, reason: 'CONSENT' };
    expect((await ask(admin, 'POST', `/api/patients/${one.patient}/erase`, body)).status).toBe(202);
    await run('erase-patients');
    // The older database has the record, and knows of no erasure.
    const files = await readdir(path.join(server.parts.backup.dataDir, 'erasures'));
    const { id } = (await ask(admin, 'GET', '/api/erasures')).json.items[0];
    expect(files).toContain(`${id}.json`);
    await rows('UPDATE erasures SET done_at = now(), records = ARRAY[$2]::uuid[] WHERE id = $1', [id, newId()]);
    await server.db.withSystem((tx) =>
      tx.run(composed({ text: "INSERT INTO patients (id, family_name) VALUES ($1, 'REVENUE')", values: [one.patient] })),
    );
    const other = JSON.parse(await readFile(path.join(server.parts.backup.dataDir, 'erasures', `${id}.json`), 'utf8'));
    const again = newId();
    await (await import('../src/features/privacy/index.ts')).keepEntries(server.parts.backup.dataDir, [{ ...other, id: again }]);
    expect(await run('erase-patients')).toMatchObject({ patients: 1 });
    expect(await rows('SELECT id FROM patients WHERE id = $1', [one.patient])).toEqual([]);
  });

  test('is not done while a hold stands that came back with the database, and says so', async () => {
    const one = await stored('GARDEE');
    const body = { recordNumber: one.recordNumber, reason: 'COURT' };
    expect((await ask(admin, 'POST', `/api/patients/${one.patient}/erase`, body)).status).toBe(202);
    const hold = newId();
    await server.db.withSystem((tx) =>
      tx.run(
        composed({
          text: "INSERT INTO legal_holds (id, study_id, reason, placed_at) VALUES ($1, $2, 'x', now())",
          values: [hold, one.study],
        }),
      ),
    );
    expect(await run('erase-patients')).toMatchObject({ patients: 0, held: 1 });
    expect((await ask(admin, 'GET', '/api/erasures')).json.items[0]).toMatchObject({ isHeld: true, doneAt: null });
    await rows('UPDATE legal_holds SET lifted_at = now() WHERE id = $1 RETURNING id', [hold]);
    expect(await run('erase-patients')).toMatchObject({ patients: 1, held: 0 });
  });

  test('who comes back by an import is a new record, told to administrators until one takes note; nothing is refused', async () => {
    await run('find-returned');
    const back = await stored(WORD, '2.25.123456');
    const stranger = await stored('TOUTAUTRE');
    expect(await run('find-returned')).toMatchObject({ found: 1 });
    const { returns } = (await ask(admin, 'GET', '/api/erasures')).json;
    expect(returns).toMatchObject([{ patientId: back.patient, recordNumber: back.recordNumber }]);
    expect(stranger.patient).not.toBe(back.patient);
    expect(await run('find-returned')).toMatchObject({ found: 0 });
    const seen = `/api/erasures/returns/${returns[0].id}/seen`;
    expect((await ask(physician, 'POST', seen)).status).toBe(403);
    expect((await ask(admin, 'POST', seen)).status).toBe(204);
    expect((await ask(admin, 'GET', '/api/erasures')).json.returns).toEqual([]);
  });
});

describe('retention', () => {
  test('tells in a dry run what the rules would remove, moves no more than that, and never what is held', async () => {
    const old = { PatientBirthDate: '19500101', StudyDate: '20010301' };
    const put = async (word: string, dataset: Dataset): Promise<string> => {
      const uid = nextUid();
      expect((await server.store(physician, [fileOf({ PatientID: word, PatientName: word, ...dataset }, uid)])).statusCode).toBe(
        200,
      );
      return uid;
    };
    const due = await put('RETDUE', old);
    const held = await put('RETHELD', old);
    const minor = await put('RETMINOR', { ...old, PatientBirthDate: '19990101' });
    const kept = await put('RETKEPT', { ...old, Modality: 'MG' });
    const patientOf = async (uid: string): Promise<string> =>
      (await rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [uid]))[0].patient_id;
    const isThere = async (uid: string): Promise<boolean> => (await ask(admin, 'GET', `/api/studies/${uid}`)).status === 200;
    await ask(admin, 'POST', '/api/holds', { patientId: await patientOf(held), reason: 'court' });
    const rule = (more: object) => ({
      modality: null,
      group: null,
      patients: null,
      countsFrom: 'LAST_STUDY',
      years: 20,
      ...more,
    });
    const rules = [
      rule({ modality: 'CT' }),
      // Of several the longest counts.
      rule({ patients: 'MINORS', countsFrom: 'ADULTHOOD', years: 28 }),
      rule({ modality: 'MG', years: 90 }),
    ];
    const save = (changedAt: string | null) => ask(admin, 'PUT', '/api/retention', { rules, changedAt });
    await proven('2026-01-01T00:00:00Z');
    expect((await save(null)).json).toMatchObject({ code: 'PROOF_REQUIRED' });
    await proven(clock.now().toISOString());
    const saved = (await save(null)).json;
    expect(saved).toMatchObject({ rules });
    expect((await save(null)).json).toMatchObject({ code: 'STALE_UPDATE' });
    const told = (await ask(admin, 'GET', '/api/retention/preview')).json;
    expect(told).toMatchObject({ studies: 1, patients: 1, held: 1, examples: [{ studyInstanceUid: due, until: '2021-03-01' }] });
    expect(await isThere(due)).toBe(true);
    expect((await ask(admin, 'POST', '/api/retention/run', { studies: 2 })).json).toMatchObject({ code: 'CONFLICT' });
    expect((await ask(admin, 'POST', '/api/retention/run', { studies: 1 })).status).toBe(202);
    const [job] = await rows("SELECT data FROM pgboss.job WHERE name = 'retain'");
    // By other rules than those of the dry run nothing goes.
    clock.advance(1_000);
    const other = await ask(admin, 'PUT', '/api/retention', { rules: [rule({ years: 1 })], changedAt: saved.changedAt });
    expect(await run('retain', job.data)).toEqual({ studies: 0 });
    clock.advance(1_000);
    const again = await save(other.json.changedAt);
    expect(await run('retain', { ...job.data, changedAt: again.json.changedAt })).toEqual({ studies: 1 });
    expect(await Promise.all([due, held, minor, kept].map(isThere))).toEqual([false, true, true, true]);
    const events = await rows("SELECT action FROM audit_events WHERE action LIKE 'retention.%' ORDER BY id");
    expect(events.map(({ action }) => action)).toEqual([
      'retention.changed',
      'retention.previewed',
      'retention.asked',
      'retention.changed',
      'retention.changed',
      'retention.trashed',
    ]);
  });
});

/** Kinds of which this test makes no row that hangs on the patient. */
const NOT_MADE: readonly string[] = ['orthanc_outbox.instance_id', 'orthanc_instances.instance_id', 'erased_returns.patient_id'];
