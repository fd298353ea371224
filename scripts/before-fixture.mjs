// Makes apps/server/test/fixtures/before.json.gz: what an installation of a past commit has in its database and data folder, made by that commit's own code.
// node scripts/before-fixture.mjs COMMIT. Run by hand, once for a version whose data must still start; the test `before.db.test.ts` reads it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { root, stop } from './lib.mjs';

const [commit] = process.argv.slice(2);
if (commit === undefined) stop('node scripts/before-fixture.mjs COMMIT');
const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-before-'));
const out = path.join(folder, 'before.json');
/** Run inside the past commit: its tests' own server, database and phantoms. */
const maker = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chestXray, ctVolume } from '@negatoscope/testkit';
import { Client } from 'pg';
import { inject, test } from 'vitest';
import { createTestApp } from './support/app.ts';

const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));

test('makes it', async () => {
  const server = await createTestApp();
  const { app, settings } = server;
  const user = await server.makeUser({ role: 'ADMIN', email: 'before@example.org', firstName: 'Ève', lastName: 'Avant' });
  const browser = await server.login(user);
  const named = { PatientID: 'B-1', PatientName: 'Lefèvre^Zoé', PatientBirthDate: '19700203' };
  const sent = [
    ...ctVolume({ seed: 'before', slices: 3, rows: 32, columns: 32, dataset: named }),
    ...chestXray({ seed: 'before', rows: 48, columns: 48, dataset: { ...named, StudyDescription: 'Thorax, été' } }),
    // Of the same number, without a name: it joined the record unseen.
    ...chestXray({ seed: 'nameless', rows: 16, columns: 16, dataset: { PatientID: 'B-1', PatientName: '', PatientBirthDate: '' } }),
    ...chestXray({ seed: 'other', rows: 16, columns: 16, dataset: { PatientID: 'B-1', PatientName: 'Durand^Paul' } }),
  ].map(({ bytes }) => Buffer.from(bytes));
  const changed = Buffer.from(sent[3]);
  changed[changed.length - 2] ^= 1;
  for (const bytes of [...sent, changed]) {
    const boundary = 'before';
    const head = '--before\\r\\nContent-Type: application/dicom\\r\\n\\r\\n';
    const payload = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\\r\\n--before--\\r\\n')]);
    const headers = { ...browser.headers, 'content-type': 'multipart/related; type="application/dicom"; boundary=' + boundary };
    const answer = await app.inject({ method: 'POST', url: '/dicom-web/studies', payload, headers });
    if (answer.statusCode !== 200 && answer.statusCode !== 202 && answer.statusCode !== 409) throw new Error(answer.body);
  }
  const client = new Client({ ...inject('testCluster').admin, database: server.database.database });
  await client.connect();
  const { rows: tables } = await client.query("SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1");
  const rows = {};
  for (const { name } of tables) {
    const { rows: found } = await client.query('SELECT to_jsonb(t) AS row FROM "' + name + '" t');
    if (found.length > 0) rows[name] = found.map(({ row }) => row);
  }
  const { rows: sequences } = await client.query("SELECT sequencename AS name, last_value::text AS value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL");
  await client.end();
  await app.close();
  const migrations = path.resolve(import.meta.dirname, '../migrations');
  const scripts = files(migrations).filter((file) => file.endsWith('.sql')).sort()
    .map((file) => ({ name: path.relative(migrations, file), sql: readFileSync(file, 'utf8') }));
  const objects = path.join(settings.dataDir, 'objects');
  const stored = files(objects).map((file) => [path.relative(objects, file), readFileSync(file).toString('base64')]);
  const instances = sent.slice(0, 6).map((bytes) => bytes.toString('base64'));
  writeFileSync(process.env.OUT, JSON.stringify({ commit: process.env.COMMIT, migrations: scripts, rows, sequences, objects: Object.fromEntries(stored), sent: instances }));
  await server.close();
}, 300_000);
`;
try {
  const tar = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-x', '-C', folder], { input: tar });
  execFileSync('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  const test = path.join(folder, 'apps', 'server', 'test', 'before.db.test.ts');
  writeFileSync(test, maker);
  const vitest = path.join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, OUT: out, COMMIT: commit };
  execFileSync(process.execPath, [vitest, 'run', '--project', 'server', test], { cwd: folder, stdio: 'inherit', env });
  writeFileSync(
    path.join(root, 'apps', 'server', 'test', 'fixtures', 'before.json.gz'),
    gzipSync(readFileSync(out), { level: 9 }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
