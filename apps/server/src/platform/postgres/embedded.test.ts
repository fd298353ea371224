import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isLong, itInLongRun } from '../../../test/support/sample.ts';
import { isAlive, stopPostmaster } from './postmaster.ts';

// Each test creates a cluster or two: seconds on an idle machine, far more on a busy one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Outcome {
  readonly pid: number;
  readonly adopted: boolean;
  readonly socketDir: string;
  readonly rows: unknown[];
  readonly failure?: string;
}

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };
const repository = realpathSync(fileURLToPath(new URL('../../../../../', import.meta.url)));
const reachableByAll = ancestors(repository).every((folder) => (statSync(folder).mode & 0o001) !== 0);

// Under the repository, so that the bundle finds node_modules.
const bundleDir = path.join(repository, 'node_modules', '.cache', `negatoscope-postgres-test-${process.pid}`);
const bundle = path.join(bundleDir, 'postgres-parent.mjs');
/** A DATA_DIR with a cluster and one row, made once and copied for what begins with one. */
let made: string;
let makerPid: number;
let parent: string;
let started: { child: ChildProcess; pid?: number }[] = [];

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../../../test/fixtures/postgres-parent.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  made = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-pg-made-'));
  const maker = await run({ dataDir: path.join(made, 'data'), sql: keepRow });
  expect(maker).toMatchObject({ adopted: false });
  makerPid = maker.pid;
});
afterAll(() => {
  for (const folder of [bundleDir, made]) rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-pg-')); // mode 0700
  started = [];
});
afterEach(async () => {
  for (const { child, pid } of started) {
    child.kill('SIGKILL');
    if (pid !== undefined && isAlive(pid)) await stopPostmaster(pid);
  }
  rmSync(parent, { recursive: true, force: true });
});

interface Run {
  readonly dataDir?: string;
  readonly sql?: string;
  readonly stay?: boolean;
  readonly as?: { uid: number; gid: number };
  readonly searchPath?: string;
}

async function run({
  dataDir = path.join(parent, 'data'),
  sql = 'SELECT 1',
  stay = false,
  as,
  searchPath,
}: Run = {}): Promise<Outcome> {
  const env = { ...process.env, ...(searchPath === undefined ? {} : { PATH: searchPath }) };
  const child = spawn(process.execPath, [bundle, dataDir, sql, stay ? 'stay' : ''], {
    ...as,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const entry: { child: ChildProcess; pid?: number } = { child };
  started.push(entry);
  const ended = stay ? undefined : once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const outcome: Outcome = JSON.parse(String(line));
  entry.pid = outcome.pid;
  await ended;
  return outcome;
}

/** The DATA_DIR of an earlier start, with its row. */
function copyMade(dataDir = path.join(parent, 'data')): string {
  execFileSync('cp', ['-a', path.join(made, 'data'), dataDir]);
  return dataDir;
}

async function killParent(): Promise<void> {
  const child = started.at(-1)?.child;
  if (child === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function ancestors(folder: string): string[] {
  const up = path.dirname(folder);
  return up === folder ? [folder] : [folder, ...ancestors(up)];
}

const keepRow = 'CREATE TABLE kept AS SELECT 42 AS answer';
const addRow = 'INSERT INTO kept VALUES (43)';
const readRow = 'SELECT answer FROM kept ORDER BY answer';

describe('who runs it', () => {
  itInLongRun('runs under a parent folder of mode 0700, as root or not, and stops with its parent', async () => {
    for (const folder of [made, parent]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(isAlive(makerPid)).toBe(false);
    expect(await run({ dataDir: copyMade(), sql: readRow })).toMatchObject({ adopted: false, rows: [{ answer: 42 }] });
  });

  test.skipIf(!isRoot)('as root it needs no account: the files stay those of root', () => {
    expect(statSync(path.join(made, 'data', 'postgres', '18')).uid).toBe(0);
  });

  if (isLong)
    test.skipIf(!isRoot || !reachableByAll)('runs as an ordinary user, and then as root on the folder of that user', async () => {
      const home = path.join(parent, 'home');
      mkdirSync(home);
      chmodSync(parent, 0o755);
      chmodSync(home, 0o777);
      const dataDir = path.join(home, 'data');
      expect(await run({ dataDir, sql: keepRow, as: nobody })).toMatchObject({ adopted: false });
      expect(await run({ dataDir, sql: readRow })).toMatchObject({ rows: [{ answer: 42 }] });
      expect(statSync(path.join(dataDir, 'postgres', '18')).uid).toBe(nobody.uid);
      if (isLong) expect(await run({ dataDir, sql: readRow, as: nobody })).toMatchObject({ rows: [{ answer: 42 }] });
    });

  if (isLong)
    test.skipIf(!isRoot || !reachableByAll)(
      'as root where namespaces are forbidden it falls back to the account nobody',
      async () => {
        chmodSync(parent, 0o755);
        copyMade();
        expect(await run({ sql: readRow, searchPath: '/nonexistent' })).toMatchObject({ rows: [{ answer: 42 }] });
        expect(statSync(path.join(parent, 'data', 'postgres', '18')).uid).toBe(nobody.uid);
      },
    );

  test.skipIf(!isRoot)('as root it says so in one line when no identity can reach the folder', async () => {
    const { failure } = await run({ searchPath: '/nonexistent' });
    expect(failure).toMatch(/^PostgreSQL refuses to run as root.*ordinary user, or set DATABASE_URL$/);
  });
});

describe('what an earlier start left behind', () => {
  test('takes over the server of a parent that was killed, with its rows', async () => {
    copyMade();
    const first = await run({ stay: true });
    await killParent();
    expect(isAlive(first.pid)).toBe(true);
    expect(await run({ sql: readRow })).toMatchObject({ adopted: true, pid: first.pid, rows: [{ answer: 42 }] });
    expect(isAlive(first.pid)).toBe(false);
  });

  test('recovers when parent and server were both killed', async () => {
    copyMade();
    const first = await run({ sql: addRow, stay: true });
    await killParent();
    process.kill(first.pid, 'SIGKILL');
    expect(await run({ sql: readRow })).toMatchObject({ adopted: false, rows: [{ answer: 42 }, { answer: 43 }] });
  });

  itInLongRun('is not misled by a postmaster.pid whose number has gone to another program', async () => {
    copyMade();
    const pidFile = path.join(parent, 'data', 'postgres', '18', 'postmaster.pid');
    writeFileSync(pidFile, `${process.pid}\n${path.dirname(pidFile)}\n1700000000\n5432\n/nowhere\n\n`);
    expect(await run({ sql: readRow })).toMatchObject({ adopted: false, rows: [{ answer: 42 }] });
  });

  test('refuses a second start on the same folder while the first one lives', async () => {
    copyMade();
    await run({ stay: true });
    expect((await run()).failure).toMatch(/^another Negatoscope is running on this DATA_DIR/);
  });

  test('refuses the folder of another PostgreSQL in one line and leaves it alone', async () => {
    const cluster = path.join(parent, 'data', 'postgres', '18');
    mkdirSync(cluster, { recursive: true });
    writeFileSync(path.join(cluster, 'PG_VERSION'), '16\n');
    const { failure } = await run();
    expect(failure).toMatch(/holds a PostgreSQL 16 cluster but this Negatoscope runs PostgreSQL 18: /);
    expect(failure).not.toContain('\n');
    expect(readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8')).toBe('16\n');
  });
});

itInLongRun('puts the socket into a private temporary folder when DATA_DIR is too deep for a socket address', async () => {
  const deep = path.join(parent, 'deep'.repeat(12), 'deep'.repeat(12));
  mkdirSync(deep, { recursive: true });
  const outcome = await run({ dataDir: copyMade(path.join(deep, 'data')) });
  expect(Buffer.byteLength(path.join(outcome.socketDir, '.s.PGSQL.5432'))).toBeLessThanOrEqual(107);
  expect(statSync(outcome.socketDir).mode & 0o777).toBe(0o700);
  rmSync(outcome.socketDir, { recursive: true });
});
