import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parsePart10 } from '@negatoscope/dicom';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { JOB_KINDS } from '../src/job-kinds.ts';
import { migrate } from '../src/platform/db/migrate.ts';
import { ensureDatabase } from '../src/platform/postgres/roles.ts';
import { migrateQueue } from '../src/platform/queue/queue.ts';
import { type Browser, openTestApp, type TestApp } from './support/app.ts';
import { withDatabase } from './support/cluster.ts';

/** What `scripts/before-fixture.mjs` took out of an installation that a past commit made. */
interface Before {
  readonly commit: string;
  /** Every migration that had been applied, as it was. */
  readonly migrations: readonly { readonly name: string; readonly sql: string }[];
  readonly rows: Readonly<Record<string, readonly object[]>>;
  readonly sequences: readonly { readonly name: string; readonly value: string }[];
  /** Files of the folder of objects, base64. */
  readonly objects: Readonly<Record<string, string>>;
  /** The files that had been sent to it, base64: three CT slices, a chest, one without a name, one of somebody else. */
  readonly sent: readonly string[];
}

const before = JSON.parse(
  gunzipSync(readFileSync(path.join(import.meta.dirname, 'fixtures', 'before.json.gz'))).toString('utf8'),
) as Before; // Written by the script.
const sent = before.sent.map((text) => Buffer.from(text, 'base64'));
const cluster = inject('testCluster');
/** Rows are put in as they are, without triggers, which only a superuser may do: the embedded PostgreSQL's. */
const isOurs = cluster.admin.connectionString === undefined;
const name = `before_${randomBytes(6).toString('hex')}`;
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-before-'));

let server: TestApp;
let browser: Browser;

async function asUser<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The database as the past version left it. */
async function restoreDatabase(): Promise<void> {
  await asUser(cluster.admin, (client) => ensureDatabase(cluster.admin, client, name));
  await asUser(withDatabase(cluster.owner, name), async (client) => {
    const noted = 'name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()';
    await client.query(`CREATE TABLE schema_migrations (${noted})`);
    for (const { sql } of before.migrations) await client.query(sql);
  });
  await asUser(withDatabase(cluster.admin, name), async (client) => {
    await client.query("SET session_replication_role = 'replica'");
    // What a migration put in itself is among the rows; all is emptied before the first row, for that empties what refers to it as well.
    for (const table of Object.keys(before.rows)) await client.query(`TRUNCATE "${table}" CASCADE`);
    for (const [table, rows] of Object.entries(before.rows)) await insertRows(client, table, rows);
    for (const { name: sequence, value } of before.sequences) await client.query(`SELECT setval('"${sequence}"', $1)`, [value]);
  });
}

async function insertRows(client: pg.Client, table: string, rows: readonly object[]): Promise<void> {
  const { rows: columns } = await client.query<{ names: string }>(
    `SELECT string_agg(quote_ident(attname), ', ') AS names FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [`"${table}"`],
  );
  const names = columns[0]?.names ?? '';
  await client.query(
    `INSERT INTO "${table}" (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM jsonb_populate_recordset(NULL::"${table}", $1)`,
    [JSON.stringify(rows)],
  );
}

function restoreObjects(): void {
  for (const [file, text] of Object.entries(before.objects)) {
    const target = path.join(dataDir, 'objects', file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, Buffer.from(text, 'base64'));
  }
}

beforeAll(async () => {
  if (!isOurs) return;
  await restoreDatabase();
  restoreObjects();
  const owner = withDatabase(cluster.owner, name);
  await migrate(owner);
  await migrateQueue(owner, JOB_KINDS);
  const drop = () =>
    asUser(cluster.admin, async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)));
  const database = { ownerConfig: owner, appConfig: withDatabase(cluster.app, name), drop };
  server = await openTestApp({}, database, dataDir, drop);
  const [user] = before.rows.users as [{ id: string; email: string; role: 'ADMIN'; level: 'WRITE'; group_id: null }];
  browser = await server.login({ ...user, groupId: user.group_id });
});
afterAll(async () => {
  if (isOurs) await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const text = (bytes: Buffer, tag: string): string => String(parsePart10(bytes).json[tag]?.Value?.[0] ?? '');
const pathOf = (bytes: Buffer): string =>
  `/dicom-web/studies/${text(bytes, '0020000D')}/series/${text(bytes, '0020000E')}/instances/${text(bytes, '00080018')}`;
const get = (url: string, accept = '*/*') => server.app.inject({ url, headers: { ...browser.headers, accept } });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.runIf(isOurs)(`data of the version of ${before.commit}`, () => {
  test('is listed: whose studies there are, what waits in the reviews, with the names as they were', async () => {
    const patients = (await get('/api/patients')).json<{ items: { lastName: string; studyCount: number }[] }>();
    expect(patients.items.map(({ lastName }) => lastName).sort()).toEqual(['Durand', 'Lefèvre']);
    const studies = (await get('/api/studies')).json<{ items: { description: string; instanceCount: number }[] }>();
    expect(studies.items.map(({ instanceCount }) => instanceCount).sort()).toEqual([1, 1, 1, 3]);
    expect(studies.items.map(({ description }) => description)).toContain('Thorax, été');
    expect((await get('/api/search?q=lefevre')).json()).toMatchObject({ patients: [{ lastName: 'Lefèvre' }] });
    expect((await get('/api/identity-review')).json()).toMatchObject({ total: 1, items: [{ reason: 'CONTRADICTION' }] });
    expect((await get('/api/conflicts')).json()).toMatchObject({ total: 1, items: [{ kind: 'SAME_UID_OTHER_CONTENT' }] });
    const qido = (await get('/dicom-web/studies?PatientName=LEF*')).json<object[]>();
    expect(qido).toHaveLength(3);
  });

  test('what joined a record by its number alone is marked from now on', async () => {
    const [nameless = Buffer.alloc(0)] = sent.slice(4);
    const study = (await get(`/api/studies/${text(nameless, '0020000D')}`)).json();
    expect(study).toMatchObject({
      patient: { lastName: 'Lefèvre' },
      identityMismatch: { kind: 'NO_IDENTITY', cause: 'SAME_PATIENT_ID', receivedPatientId: 'B-1' },
    });
    const named = (await get(`/api/studies/${text(sent[3] ?? nameless, '0020000D')}`)).json();
    expect(named).toMatchObject({ identityMismatch: null });
  });

  test('metadata, frames and pictures are those of the files that were sent', async () => {
    for (const bytes of sent) {
      const { json } = parsePart10(bytes);
      const [metadata] = (await get(`${pathOf(bytes)}/metadata`)).json<Record<string, object>[]>();
      for (const tag of ['00080018', '00080060', '00280010', '00280011']) expect(metadata?.[tag]).toEqual(json[tag]);
      const frame = await get(`${pathOf(bytes)}/frames/1`, 'application/octet-stream');
      expect(frame.statusCode).toBe(200);
      const pixels = Number(json['00280010']?.Value?.[0]) * Number(json['00280011']?.Value?.[0]) * 2;
      expect(sha256(frame.rawPayload)).toBe(sha256(bytes.subarray(bytes.length - pixels)));
      const picture = await get(`${pathOf(bytes)}/rendered`, 'image/png');
      expect(picture.statusCode).toBe(200);
      expect(picture.rawPayload.subarray(1, 4).toString()).toBe('PNG');
    }
  });

  test('files leave as they came, and are known when they come again', async () => {
    for (const bytes of sent) {
      const uid = text(bytes, '00080018');
      const stored = await get(`/api/patients/images/${uid}?original=true`);
      expect(sha256(stored.rawPayload)).toBe(sha256(bytes));
      const payload = Buffer.concat([
        Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'),
        bytes,
        Buffer.from('\r\n--b--\r\n'),
      ]);
      const headers = { ...browser.headers, 'content-type': 'multipart/related; type="application/dicom"; boundary=b' };
      const answer = await server.app.inject({ method: 'POST', url: '/dicom-web/studies', payload, headers });
      expect(answer.statusCode).toBe(200);
    }
    const [counted] = await server.db.withSystem((tx) => tx.rows('SELECT count(*)::int AS n FROM instances'));
    expect(counted).toEqual({ n: 6 });
  });

  test('a conflict of then is decided now', async () => {
    const [conflict] = (await get('/api/conflicts')).json<{ items: { id: string }[] }>().items;
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/conflicts/${conflict?.id}/decision`,
      headers: browser.headers,
      payload: { decision: 'replace' },
    });
    expect(answer.json()).toMatchObject({ status: 'REPLACED' });
  });
});
