import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { prepareDataDir, tryListen } from '../config/preflight.ts';
import type { Settings } from '../config/settings.ts';
import { journalsLeft } from '../platform/objects/disk/index.ts';
import { requirePostgresBinaries } from '../platform/postgres/binaries.ts';
import { findEmbeddedPostgres } from '../platform/postgres/embedded.ts';
import { localAddress } from '../supervisor/health.ts';
import { VERSION } from '../version.ts';
import type { Command, CommandContext } from './command.ts';

interface Finding {
  readonly what: string;
  readonly found: string;
  /** What to do about it; a problem when present. */
  readonly advice?: string;
}

const mib = 2 ** 20;
const gib = 2 ** 30;

/** Looks at everything that the server needs, starts its database for the while when it does not run, and says what to do about each problem. */
export const doctor: Command = {
  usage: 'doctor',
  summary: 'shows disk, fsync rate, database, ports, versions and settings, and what is wrong with them',
  async run(args, context) {
    if (args.length > 0) return 2;
    const { settings, print } = context;
    const health = await healthOf(settings);
    const running = health !== undefined;
    const checks: (() => Finding | Promise<Finding>)[] = [
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
      () => database(context),
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
    let problems = 0;
    for (const check of checks) {
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

async function attempt(check: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return { what: 'Check', found: 'failed', advice: error instanceof Error ? error.message : String(error) };
  }
}

interface Health {
  readonly isFull: boolean;
  readonly waiting: number;
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

function memory(): Finding {
  const found = `${(os.totalmem() / gib).toFixed(1)} GiB, ${(os.freemem() / gib).toFixed(1)} GiB free`;
  return os.totalmem() < 1.8 * gib
    ? { what: 'Memory', found, advice: 'give this machine 2 GiB or more' }
    : { what: 'Memory', found };
}

function dataDir({ dataDir: folder }: Settings): Finding {
  prepareDataDir(folder);
  return { what: 'DATA_DIR', found: `${folder}, writable` };
}

function disk({ dataDir: folder }: Settings): Finding {
  const { bavail, blocks, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${(free / gib).toFixed(1)} GiB free of ${((blocks * bsize) / gib).toFixed(1)} GiB`;
  return free < 5 * gib
    ? { what: 'Disk', found, advice: 'free some space: imports are refused when the disk is full' }
    : { what: 'Disk', found };
}

/** Files that were acknowledged and have no room: nothing of them is lost, and nothing new is taken before they have it. */
async function objects({ dataDir: folder }: Settings, health: Health | undefined): Promise<Finding> {
  const what = 'Objects';
  if (health?.isFull === true)
    return {
      what,
      found: `no room: everything is read, nothing new is taken${health.waiting > 0 ? `, ${health.waiting} wait in journals` : ''}`,
      advice: 'free some space: the server goes on by itself within seconds',
    };
  if (health !== undefined) return { what, found: 'are taken and read' };
  const { count, bytes } = await journalsLeft(path.join(folder, 'objects'));
  if (count === 0) return { what, found: 'nothing waits to be replayed' };
  const found = `${count} journal${count === 1 ? '' : 's'} of an earlier run, up to ${Math.ceil(bytes / mib)} MiB, to be replayed at the start`;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < bytes
    ? { what, found, advice: 'free as much space: until then the server reads everything and takes nothing new' }
    : { what, found };
}

/** How many 4 KiB writes a second reach the disk: each import batch and each commit waits for some. */
function fsyncRate({ dataDir: folder }: Settings): Finding {
  const file = path.join(folder, `.doctor-${process.pid}`);
  const descriptor = openSync(file, 'wx', 0o600);
  const block = Buffer.alloc(4096);
  let count = 0;
  const started = performance.now();
  try {
    while (performance.now() - started < 1_000) {
      writeSync(descriptor, block, 0, block.length, 0);
      fsyncSync(descriptor);
      count += 1;
    }
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
  const rate = (count * 1_000) / (performance.now() - started);
  const found = `${Math.round(rate)} per second (${(1_000 / rate).toFixed(2)} ms each)`;
  return rate < 50
    ? { what: 'fsync', found, advice: 'the disk is slow to keep what it is given: imports will be slow' }
    : { what: 'fsync', found };
}

function binaries({ databaseUrl }: Settings): Finding {
  if (databaseUrl !== undefined) return { what: 'PostgreSQL', found: 'outside, by DATABASE_URL' };
  requirePostgresBinaries();
  return { what: 'PostgreSQL', found: 'embedded, its binaries are complete' };
}

async function database({ settings, withRuntime }: CommandContext): Promise<Finding> {
  const wasRunning = settings.databaseUrl !== undefined || (await findEmbeddedPostgres(settings.dataDir)) !== undefined;
  const version = await withRuntime(async ({ databases }) => {
    const client = new Client(databases.owner);
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
