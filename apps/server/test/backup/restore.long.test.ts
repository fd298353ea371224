import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { prepareDataDir } from '../../src/config/preflight.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts';
import { findPostmaster } from '../../src/platform/postgres/postmaster.ts';
import { type BundledCli, bundleCli, type RunningCommand } from '../support/bundled-cli.ts';
import { type Installation, KEY, makeParent, openInstallation, readBack, restoreTo } from './installation.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

const failure = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) });
const silent = { info: () => undefined, warn: () => undefined };

let cli: BundledCli;
let parent: string;
let target: string;
let keyFile: string;
let server: Installation;
let stored: Map<string, string>;

beforeAll(async () => {
  cli = await bundleCli();
  parent = await makeParent();
  [target, keyFile] = [path.join(parent, 'target'), path.join(parent, 'key')];
  await writeFile(keyFile, KEY, { mode: 0o600 });
  server = await openInstallation(path.join(parent, 'data'), target);
  await server.import('kept', 400);
  await server.backUp();
  stored = await server.stored();
});
afterAll(async () => {
  await server.close();
  await rm(parent, { recursive: true, force: true });
  await cli.remove();
});

const restoring = (dataDir: string): RunningCommand =>
  cli.start(['restore', '--from', target, '--key-file', keyFile], { DATA_DIR: dataDir });

const objectsIn = (dataDir: string): number => {
  const folder = path.join(dataDir, 'objects');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /^[0-9a-f]{4}\/.*[0-9a-f]{12}$/.test(name))
    .length;
};

/** Moments of a restore, as they are seen from outside. */
const MOMENTS: Readonly<Record<string, (command: RunningCommand, dataDir: string) => boolean>> = {
  'at its beginning': ({ lines }) => lines.some((line) => line.startsWith('Restoring the backup')),
  'while the database is brought to its moment': (_, dataDir) =>
    findPostmaster(path.join(dataDir, 'postgres', '18')) !== undefined,
  'while objects come': (_, dataDir) => objectsIn(dataDir) > 20,
};

it('a restore that is killed (kill -9) at any moment keeps servers away, and begun again it ends with everything', async () => {
  const dataDir = path.join(parent, 'killed');
  for (const [name, isReached] of Object.entries(MOMENTS)) {
    const command = restoring(dataDir);
    while (!isReached(command, dataDir)) {
      if (command.process.exitCode !== null)
        throw new Error(`It ended before it could be killed ${name}: ${command.lines.join('\n')}`);
      await sleep(5);
    }
    if (name === 'at its beginning') await expect(restoreTo(dataDir, target)).rejects.toThrow(failure('RESTORE_RUNNING'));
    command.process.kill('SIGKILL');
    expect(await command.ended).toBeNull();
    expect(() => prepareDataDir(dataDir), name).toThrow(failure('RESTORE_UNFINISHED', 'again'));
  }
  const came = objectsIn(dataDir);
  expect(came).toBeGreaterThan(20);
  const last = restoring(dataDir);
  expect(await last.ended, last.lines.join('\n')).toBe(0);
  expect(last.lines.join('\n')).toContain('begun again');
  expect(last.lines.join('\n')).toContain('Counts, hashes and the chain of the audit are as they were');
  expect(await readBack(dataDir)).toEqual(stored);
  await expect(restoreTo(dataDir, target)).rejects.toThrow(failure('DATA_DIR_NOT_EMPTY'));
});

it('an object that a cut restore left half or wrong is written anew', async () => {
  const dataDir = path.join(parent, 'wrong');
  const bad = path.join(parent, 'bad');
  await cp(target, bad, { recursive: true });
  await restoreTo(dataDir, target);
  const files = readdirSync(path.join(dataDir, 'objects'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[0-9a-f]{12}$/.test(name),
  );
  const [first = '', second = ''] = files
    .filter((name) => /^[0-9a-f]{4}\//.test(name))
    .map((name) => path.join(dataDir, 'objects', name));
  const bytes = await readFile(first);
  await writeFile(first, Buffer.concat([bytes.subarray(0, 200), Buffer.from([(bytes[200] ?? 0) ^ 1]), bytes.subarray(201)]));
  await writeFile(second, (await readFile(second)).subarray(0, 10));
  await writeFile(path.join(dataDir, '.restore-unfinished'), '');
  expect((await restoreTo(dataDir, target)).differences).toEqual([]);
  expect(await readBack(dataDir)).toEqual(stored);
});

it('a wrong key, or none, touches nothing, also where a restore was cut off before', async () => {
  const dataDir = path.join(parent, 'locked');
  await expect(restoreTo(dataDir, target, { key: 'e'.repeat(64) })).rejects.toThrow(failure('BACKUP_KEY_WRONG'));
  await expect(restoreTo(dataDir, target, { key: undefined })).rejects.toThrow(failure('BACKUP_KEY_MISSING'));
  expect(existsSync(dataDir)).toBe(false);
  await mkdir(dataDir);
  await writeFile(path.join(dataDir, '.restore-unfinished'), '');
  await writeFile(path.join(dataDir, 'left'), 'of before');
  await expect(restoreTo(dataDir, target, { key: 'e'.repeat(64) })).rejects.toThrow(failure('BACKUP_KEY_WRONG'));
  expect(await readFile(path.join(dataDir, 'left'), 'utf8')).toBe('of before');
});

it('a backup of an older version is restored by a newer one, which migrates it; of the newer one it is refused by the older', async () => {
  const tomorrow = path.join(parent, 'migrations');
  await cp(new URL('../../migrations/', import.meta.url), tomorrow, { recursive: true });
  await writeFile(
    path.join(tomorrow, '9998-of-tomorrow.sql'),
    'CREATE TABLE of_tomorrow AS SELECT count(*) AS found FROM instances;',
  );
  const dataDir = path.join(parent, 'newer');
  const migrations = new URL(`file://${tomorrow}/`);
  expect((await restoreTo(dataDir, target, { migrations })).differences).toEqual([]);
  const embedded = await startEmbeddedPostgres({ dataDir, log: silent, durable: false });
  const client = new Client(embedded.owner);
  await client.connect();
  try {
    const { rows } = await client.query('SELECT found::int FROM of_tomorrow');
    expect(rows).toEqual([{ found: stored.size }]);
    // The version of the tests meets what the newer one made of it.
    await expect(migrate(embedded.owner)).rejects.toThrow(failure('DATABASE_NEWER'));
  } finally {
    await client.end();
    await embedded.stop();
  }
});
