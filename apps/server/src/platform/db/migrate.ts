import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** Any constant will do; it only has to be the same in every process that migrates. */
const ADVISORY_LOCK = 7_264_391;
/** Beside the bundle in apps/server/dist, or beside the sources. */
const FOLDERS = [new URL('../migrations/', import.meta.url), new URL('../../../migrations/', import.meta.url)];

async function readMigrations(): Promise<{ name: string; sql: string }[]> {
  for (const folder of FOLDERS) {
    const names = await readdir(fileURLToPath(folder)).catch(() => []);
    const files = names.filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
    if (files.length === 0) continue;
    return Promise.all(files.map(async (name) => ({ name, sql: await readFile(new URL(name, folder), 'utf8') })));
  }
  throw new Error('The migrations folder is missing from this installation.');
}

/**
 * Brings the schema to this version: forward only, each file once and in one transaction, under an advisory lock so that
 * several nodes may start together. A file that was applied and then changed stops the start.
 */
export async function migrate(owner: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(owner);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM schema_migrations');
    const applied = new Map(rows.map((row) => [row.name, row.sha256]));
    for (const { name, sql } of await readMigrations()) await applyOne(client, name, sql, applied.get(name));
  } finally {
    await client.end();
  }
}

async function applyOne(client: pg.Client, name: string, sql: string, appliedHash: string | undefined): Promise<void> {
  const sha256 = createHash('sha256').update(sql).digest('hex');
  if (appliedHash === sha256) return;
  if (appliedHash !== undefined) throw new Error(`Migration ${name} differs from the one that this database was made with.`);
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)', [name, sha256]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
