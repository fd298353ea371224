import { Client } from 'pg';
import { JOB_KINDS } from '../job-kinds.ts';
import { StartError } from '../kernel/start-error.ts';
import { migrate, migrateLike, readApplied } from '../platform/db/migrate.ts';
import { copyRows } from '../platform/postgres/copy-rows.ts';
import type { SideServer } from '../platform/postgres/side-server.ts';
import { migrateQueue } from '../platform/queue/queue.ts';
import { type CopiedTable, requireSame, sequencesOf, sumOf, tablesOf } from './catalogue.ts';

export interface Copied {
  readonly tables: number;
  readonly rows: number;
}

/**
 * Makes the new database what the old one is: the schema by the migrations that the old one had, its rows by COPY, its sequences; compares each table by count and
 * hash; then brings the schema to this version. Fails with a StartError; the old one is only read.
 */
export async function copyDatabase(old: SideServer, fresh: SideServer, print: (line: string) => void): Promise<Copied> {
  await migrateLike(fresh.owner, await readApplied(old.owner));
  await migrateQueue(fresh.owner, JOB_KINDS);
  const [from, to] = [new Client(old.superuser), new Client(fresh.superuser)];
  for (const client of [from, to]) client.on('error', () => undefined);
  try {
    await Promise.all([from.connect(), to.connect()]);
    await requireSameQueue(from, to);
    const tables = await tablesOf(from);
    requireSame(tables, await tablesOf(to));
    // Rows come as they are: without triggers and checks of references, which held when they were written.
    await to.query("SET session_replication_role = 'replica'");
    await to.query("SET synchronous_commit = 'off'");
    await to.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
    let rows = 0;
    for (const table of tables) rows += await copyTable(from, to, table, print);
    await copySequences(from, to);
    await to.query('CHECKPOINT');
    await migrate(fresh.owner);
    await to.query('VACUUM (ANALYZE)');
    return { tables: tables.length, rows };
  } finally {
    await Promise.allSettled([from.end(), to.end()]);
  }
}

/** Many rows are told of. */
const MANY = 100_000;

async function copyTable(from: Client, to: Client, table: CopiedTable, print: (line: string) => void): Promise<number> {
  const { name, columns } = table;
  const list = columns.join(', ');
  await copyRows(from, `COPY (SELECT ${list} FROM ${name}) TO STDOUT`, to, `COPY ${name} (${list}) FROM STDIN`);
  const [was, is] = await Promise.all([sumOf(from, table), sumOf(to, table)]);
  if (was.rows !== is.rows || was.hash !== is.hash)
    throw new StartError(
      'UPGRADE_DIFFERS',
      `${name} has ${is.rows} rows instead of ${was.rows}, or others: the old database stays as it is; please report this`,
    );
  if (is.rows >= MANY) print(`  ${name}: ${is.rows} rows, the same in both`);
  return is.rows;
}

async function copySequences(from: Client, to: Client): Promise<void> {
  for (const { name, last, isCalled } of await sequencesOf(from))
    await to.query('SELECT setval($1::regclass, $2::bigint, $3)', [name, last, isCalled]);
}

/** Fails with UPGRADE_QUEUE: jobs that wait are lost in tables of another form, or in a queue that nobody has any more. */
async function requireSameQueue(from: Client, to: Client): Promise<void> {
  const read = async (client: Client): Promise<{ version: string; names: string[] }> => {
    const { rows: versions } = await client.query<{ version: string }>('SELECT version::text FROM pgboss.version');
    const { rows: names } = await client.query<{ name: string }>('SELECT name FROM pgboss.queue ORDER BY name');
    return { version: versions[0]?.version ?? '', names: names.map(({ name }) => name) };
  };
  const [was, is] = [await read(from), await read(to)];
  const gone = was.names.filter((name) => !is.names.includes(name));
  if (was.version === is.version && gone.length === 0) return;
  const why =
    gone.length > 0
      ? `its queue ${gone.join(', ')} is not known any more`
      : `its form is ${was.version}, here it is ${is.version}`;
  throw new StartError(
    'UPGRADE_QUEUE',
    `the queue of jobs can't be taken over (${why}): upgrade by the version of Negatoscope in between`,
  );
}
