import os from 'node:os';
import { tryListen } from '../config/preflight.ts';
import type { Settings } from '../config/settings.ts';
import { chainFigures } from '../features/audit/index.ts';
import { isBackupLate, lastBackup } from '../features/backup/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { clientOf } from '../platform/db/client.ts';
import { NO_ROWS, openDatabase } from '../platform/db/database.ts';
import { REQUEST_PATIENCE } from '../platform/db/pool.ts';
import { findEmbeddedPostgres } from '../platform/postgres/embedded.ts';
import { localAddress } from '../supervisor/health.ts';
import { LOST_KEYS_ADVICE, lostKeysText, readSealed } from '../supervisor/lost-keys.ts';
import { databaseOf } from '../supervisor/runtime.ts';
import { VERSION } from '../version.ts';
import type { Command, CommandContext } from './command.ts';
import { binaries, dataDir, disk, type Finding, fsyncRate, gib, type Health, memory, objects } from './doctor-findings.ts';
import { redis } from './doctor-redis.ts';
import { databaseServers } from './doctor-servers.ts';

/** Looks at everything that the server needs, starts its database for the while when it does not run, and says what to do about each problem. */
export const doctor: Command = {
  usage: 'doctor',
  summary: 'shows disk, fsync rate, database, ports, versions and settings, and what is wrong with them',
  async run(args, context) {
    if (args.length > 0) return 2;
    const { settings, print } = context;
    let problems = 0;
    for (const check of checksOf(context, await healthOf(settings))) {
      const { what, found, advice } = await attempt(check);
      if (advice !== undefined) problems += 1;
      print(
        `${advice === undefined ? '  ok ' : '  !! '} ${what.padEnd(12)} ${found}${advice === undefined ? '' : `\n       ${advice}`}`,
      );
    }
    print(problems === 0 ? 'No problems found.' : `${problems} problem${problems === 1 ? '' : 's'} found.`);
    return problems === 0 ? 0 : 1;
  },
};

type Check = () => Finding | Promise<Finding>;

function checksOf(context: CommandContext, health: Health | undefined): Check[] {
  const { settings } = context;
  const running = health !== undefined;
  return [
    () => ({ what: 'Negatoscope', found: `${VERSION}, ${running ? `running on ${settings.publicUrl}` : 'not running'}` }),
    () => ({
      what: 'Node.js',
      found: `${process.versions.node} on ${process.platform}-${process.arch}, ${os.availableParallelism()} cores`,
    }),
    memory,
    () => dataDir(settings),
    () => disk(settings),
    () => objects(settings, health),
    () => fsyncRate(settings),
    () => binaries(settings),
    () => databaseServers(settings),
    () => database(context),
    () => backups(context),
    () => journal(context),
    () => keys(context),
    () => redis(settings),
    () => port('PORT', settings.host, settings.port, running),
    () =>
      settings.dicom.port === 0
        ? { what: 'DICOM_PORT', found: 'off' }
        : port('DICOM_PORT', settings.dicom.host, settings.dicom.port, running),
    () =>
      settings.dicom.tls?.port === undefined
        ? { what: 'DICOM_TLS_PORT', found: 'off' }
        : port('DICOM_TLS_PORT', settings.dicom.host, settings.dicom.tls.port, running),
    () => ({ what: 'Settings', found: describeSettings(settings) }),
  ];
}

async function attempt(check: Check): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return { what: 'Check', found: 'failed', advice: error instanceof Error ? error.message : String(error) };
  }
}

/** What the server says of itself; undefined when it does not run. */
async function healthOf(settings: Settings): Promise<Health | undefined> {
  try {
    const response = await fetch(`${localAddress(settings)}/api/health`, { signal: AbortSignal.timeout(2_000) });
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null || !('status' in body)) return undefined;
    const waiting = 'waitingObjects' in body && typeof body.waitingObjects === 'number' ? body.waitingObjects : 0;
    return { isFull: body.status === 'READ_ONLY', waiting };
  } catch {
    return undefined;
  }
}

async function database({ settings, withRuntime }: CommandContext): Promise<Finding> {
  const wasRunning = settings.databaseUrl !== undefined || (await findEmbeddedPostgres(settings.dataDir)) !== undefined;
  const version = await withRuntime(async ({ databases }) => {
    const client = clientOf(databases.owner);
    await client.connect();
    try {
      const { rows } = await client.query<{ version: string; size: string }>(
        "SELECT current_setting('server_version') AS version, pg_size_pretty(pg_database_size(current_database())) AS size",
      );
      return `${rows[0]?.version}, ${rows[0]?.size}`;
    } finally {
      await client.end();
    }
  });
  return { what: 'Database', found: `${version}, reachable${wasRunning ? '' : ' (started for this check)'}` };
}

async function backups({ settings, withRuntime }: CommandContext): Promise<Finding> {
  const what = 'Backup';
  const last = await withRuntime(async ({ databases }) => {
    const db = openDatabase({ ...databaseOf(databases), poolSize: 1, patience: REQUEST_PATIENCE, onError: () => undefined });
    return db.reading(NO_ROWS, lastBackup).finally(() => db.close());
  });
  const advice = 'set BACKUP_TO, BACKUP_KEY_FILE and BACKUP_EVERY, or run "npm run backup"';
  if (last === undefined) return { what, found: 'none was made', advice };
  const found = `the last is of ${last.at?.toISOString() ?? 'an unknown time'}, ${last.isEncrypted ? 'encrypted' : 'open to whoever reads it'}`;
  if (isBackupLate(last.at, new Date(), settings.backup.everyMs)) return { what, found, advice };
  return last.isEncrypted
    ? { what, found }
    : { what, found, advice: 'begin another folder with a key: "npm run backup -- new-key FILE"' };
}

async function journal({ withRuntime }: CommandContext): Promise<Finding> {
  const what = 'Journal';
  const chain = await withRuntime(async ({ databases }) => {
    const db = openDatabase({ ...databaseOf(databases), poolSize: 1, patience: REQUEST_PATIENCE, onError: () => undefined });
    return chainFigures({ db, clock: systemClock }).finally(() => db.close());
  });
  if (chain.holds === undefined) return { what, found: 'its chain was not checked yet' };
  const minutes = Math.round((chain.checkedSeconds ?? 0) / 60);
  if (chain.holds) return { what, found: `its chain holds, checked ${minutes} minutes ago` };
  const at = chain.badSequence === undefined ? '' : ` at event ${chain.badSequence}`;
  return {
    what,
    found: `its chain is broken${at}: ${chain.problem}`,
    advice: 'find out who wrote to the database, and compare with a backup from before',
  };
}

async function keys({ withRuntime }: CommandContext): Promise<Finding> {
  const what = 'Keys';
  const items = await withRuntime(({ databases, secrets }) => readSealed(databases.owner, secrets));
  const lost = lostKeysText(items);
  if (lost !== undefined) return { what, found: lost, advice: LOST_KEYS_ADVICE };
  return { what, found: `open all that was sealed with them (${items.reduce((sum, { total }) => sum + total, 0)})` };
}

async function port(name: string, host: string, number: number, running: boolean): Promise<Finding> {
  const code = await tryListen(host, number);
  if (code === undefined) return { what: name, found: `${number} on ${host} is free` };
  if (running && code === 'EADDRINUSE') return { what: name, found: `${number} on ${host}, in use while Negatoscope runs` };
  return { what: name, found: `${number} on ${host}: ${code}`, advice: `stop the program that uses it, or set another ${name}` };
}

function describeSettings({ publicUrl, webProcesses, logLevel, maxUploadBytes, maxFileBytes, objectStore }: Settings): string {
  const sizes = `MAX_UPLOAD_BYTES ${(maxUploadBytes / gib).toFixed(1)} GiB, MAX_FILE_BYTES ${(maxFileBytes / gib).toFixed(1)} GiB`;
  return `PUBLIC_URL ${publicUrl}, WEB_PROCESSES ${webProcesses}, LOG_LEVEL ${logLevel}, OBJECT_STORE ${objectStore}, ${sizes}`;
}
