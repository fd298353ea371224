import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../../http/problem.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../postgres/embedded.ts';
import { type Db, openDatabase, SYSTEM_SCOPE } from './database.ts';
import { statement } from './statements.ts';

let folder: string;
let postgres: EmbeddedPostgres;
let db: Db;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-stalled-'));
  postgres = await startEmbeddedPostgres({
    dataDir: folder,
    log: { info: () => undefined, warn: () => undefined },
    durable: false,
  });
  db = openDatabase({ connection: postgres.app, poolSize: 3, patience: { statementMs: 700, answerMs: 1_500 } });
});
afterAll(async () => {
  signalAll('SIGCONT');
  await db?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The server and the processes that it has started. */
function signalAll(signal: NodeJS.Signals): void {
  const parentOf = (pid: string): string | undefined => {
    try {
      return /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    } catch {
      return undefined;
    }
  };
  const own = String(postgres.pid);
  const pids = readdirSync('/proc').filter((name) => name === own || (/^\d+$/.test(name) && parentOf(name) === own));
  for (const pid of pids) process.kill(Number(pid), signal);
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'answered',
    (error: unknown) => failureOf(error).code,
  );
const one = (): Promise<unknown> => db.withSystem((tx) => tx.first('SELECT 1 AS one'));
const together = (): Promise<unknown> => db.inOneExchange(SYSTEM_SCOPE, [statement('SELECT 1'), statement('SELECT 2')]);

test.skipIf(process.platform !== 'linux')(
  'a database that stands still makes requests UNAVAILABLE, on open connections and on new ones, and is used again when it goes on',
  { timeout: 60_000 },
  async () => {
    expect(await Promise.all([codeOf(one()), codeOf(together())])).toEqual(['answered', 'answered']);
    signalAll('SIGSTOP');
    const asked = [...Array.from({ length: 4 }, () => codeOf(one())), ...Array.from({ length: 2 }, () => codeOf(together()))];
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['UNAVAILABLE']));
    expect(await codeOf(one())).toBe('UNAVAILABLE');
    signalAll('SIGCONT');
    await expect.poll(() => codeOf(one()), { timeout: 20_000 }).toBe('answered');
    expect(await codeOf(together())).toBe('answered');
  },
);

test('a statement that takes too long is ended by the server, and its connection goes on', async () => {
  expect(await codeOf(db.withSystem((tx) => tx.rows('SELECT pg_sleep(30)')))).toBe('UNAVAILABLE');
  const { count } = (await db.withSystem((tx) =>
    tx.first("SELECT count(*) AS count FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()"),
  )) ?? { count: 1 };
  expect(count).toBe(0);
  expect(await codeOf(one())).toBe('answered');
});
