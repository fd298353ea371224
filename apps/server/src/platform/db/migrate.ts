import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { StartError } from '../../kernel/start-error.ts';
import { clientOf } from './client.ts';
import {
  type AppliedFunctions,
  type AppliedScript,
  pendingFunctions,
  pendingMigrations,
  revisionOf,
  type Script,
} from './migration-plan.ts';

/** Any constant will do; it only has to be the same in every process that migrates. */
const ADVISORY_LOCK = 7_264_391;
/** Beside the bundle in apps/server/dist, or beside the sources. */
const FOLDERS = [new URL('../migrations/', import.meta.url), new URL('../../../migrations/', import.meta.url)];

const TABLES = `
  CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS schema_functions (name text PRIMARY KEY, revision integer NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;

async function readScripts(folder: URL, prefix: string, pattern: RegExp): Promise<Script[]> {
  const names = await readdir(fileURLToPath(folder)).catch(() => []);
  return Promise.all(
    names
      .filter((name) => pattern.test(name))
      .sort()
      .map(async (name) => {
        const sql = await readFile(new URL(name, folder), 'utf8');
        return { name: `${prefix}${name}`, sql, sha256: createHash('sha256').update(sql).digest('hex') };
      }),
  );
}

interface Scripts {
  readonly migrations: readonly Script[];
  readonly functions: readonly Script[];
}

async function readFolder(folder: URL): Promise<Scripts> {
  return {
    migrations: await readScripts(folder, '', /^\d{4}-[a-z0-9-]+\.sql$/),
    functions: await readScripts(new URL('functions/', folder), 'functions/', /^[a-z0-9-]+\.sql$/),
  };
}

async function readInstalled(): Promise<Scripts> {
  for (const folder of FOLDERS) {
    const scripts = await readFolder(folder);
    if (scripts.migrations.length > 0) return scripts;
  }
  throw new StartError('MIGRATIONS_MISSING', 'The migrations folder is missing from this installation. Install it again.');
}

/**
 * Brings the schema to this version, under an advisory lock so that several nodes may start together: first the versioned migrations, forward only,
 * each once and in one transaction; then the files of functions that have changed, all in one transaction. Fails, and changes nothing, with DATABASE_NEWER,
 * MIGRATION_CHANGED or MIGRATION_ORDER (migration-plan.ts). `folder` is the installation's own unless a test names another.
 */
export async function migrate(owner: pg.ClientConfig, folder?: URL): Promise<void> {
  const scripts = folder === undefined ? await readInstalled() : await readFolder(folder);
  const client = clientOf(owner);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(TABLES);
    const { rows: migrations } = await client.query<AppliedScript>('SELECT name, sha256 FROM schema_migrations');
    const { rows: functions } = await client.query<AppliedFunctions>('SELECT name, revision, sha256 FROM schema_functions');
    // Both are asked before anything is changed.
    const [pending, changed] = [
      pendingMigrations(scripts.migrations, migrations),
      pendingFunctions(scripts.functions, functions),
    ];
    for (const script of pending) await inTransaction(client, () => applyMigration(client, script));
    await inTransaction(client, () => applyFunctions(client, changed));
  } finally {
    await client.end();
  }
}

/**
 * Brings an empty database to where these migrations brought another, so that its rows fit: no later one, and no functions, which `migrate` then adds. Fails with
 * DATABASE_NEWER or MIGRATION_CHANGED.
 */
export async function migrateLike(owner: pg.ClientConfig, applied: AppliedScripts): Promise<void> {
  await requireKnown(applied);
  const { migrations } = await readInstalled();
  const names = new Set(applied.migrations.map(({ name }) => name));
  const client = clientOf(owner);
  await client.connect();
  try {
    await client.query(TABLES);
    for (const script of migrations)
      if (names.has(script.name)) await inTransaction(client, () => applyMigration(client, script));
  } finally {
    await client.end();
  }
}

/** What a database was brought to its state by: what a backup keeps of it. */
export interface AppliedScripts {
  readonly migrations: readonly AppliedScript[];
  readonly functions: readonly AppliedFunctions[];
}

export async function readApplied(owner: pg.ClientConfig): Promise<AppliedScripts> {
  const client = clientOf(owner);
  await client.connect();
  try {
    const { rows: migrations } = await client.query<AppliedScript>('SELECT name, sha256 FROM schema_migrations');
    const { rows: functions } = await client.query<AppliedFunctions>('SELECT name, revision, sha256 FROM schema_functions');
    return { migrations, functions };
  } finally {
    await client.end();
  }
}

/** Whether this version could take a database over that was brought to its state by these. Fails as `migrate` does. */
export async function requireKnown({ migrations, functions }: AppliedScripts): Promise<void> {
  const scripts = await readInstalled();
  pendingMigrations(scripts.migrations, migrations);
  pendingFunctions(scripts.functions, functions);
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function run(client: pg.Client, { name, sql }: Script): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    throw new StartError(
      'MIGRATION_FAILED',
      `Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}

async function applyMigration(client: pg.Client, script: Script): Promise<void> {
  await run(client, script);
  await client.query('INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)', [script.name, script.sha256]);
}

async function applyFunctions(client: pg.Client, scripts: readonly Script[]): Promise<void> {
  for (const script of scripts) {
    await run(client, script);
    await client.query(
      `INSERT INTO schema_functions (name, revision, sha256) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, sha256 = excluded.sha256, applied_at = now()`,
      [script.name, revisionOf(script), script.sha256],
    );
  }
}
