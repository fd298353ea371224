import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareDataDir } from '../config/preflight.ts';
import type { Settings } from '../config/settings.ts';
import { journalsLeft } from '../platform/objects/disk/index.ts';
import { requirePostgresBinaries } from '../platform/postgres/binaries.ts';

export interface Finding {
  readonly what: string;
  readonly found: string;
  /** What to do about it; a problem when present. */
  readonly advice?: string;
}

const mib = 2 ** 20;
export const gib = 2 ** 30;

export interface Health {
  readonly isFull: boolean;
  readonly waiting: number;
}

export function memory(): Finding {
  const found = `${(os.totalmem() / gib).toFixed(1)} GiB, ${(os.freemem() / gib).toFixed(1)} GiB free`;
  return os.totalmem() < 1.8 * gib
    ? { what: 'Memory', found, advice: 'give this machine 2 GiB or more' }
    : { what: 'Memory', found };
}

export function dataDir({ dataDir: folder }: Settings): Finding {
  prepareDataDir(folder);
  return { what: 'DATA_DIR', found: `${folder}, writable` };
}

export function disk({ dataDir: folder }: Settings): Finding {
  const { bavail, blocks, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${(free / gib).toFixed(1)} GiB free of ${((blocks * bsize) / gib).toFixed(1)} GiB`;
  return free < 5 * gib
    ? { what: 'Disk', found, advice: 'free some space: imports are refused when the disk is full' }
    : { what: 'Disk', found };
}

/** Files that were acknowledged and have no room: nothing of them is lost, and nothing new is taken before they have it. */
export async function objects({ dataDir: folder }: Settings, health: Health | undefined): Promise<Finding> {
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
export function fsyncRate({ dataDir: folder }: Settings): Finding {
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

export function binaries({ databaseUrl }: Settings): Finding {
  if (databaseUrl !== undefined) return { what: 'PostgreSQL', found: 'outside, by DATABASE_URL' };
  requirePostgresBinaries();
  return { what: 'PostgreSQL', found: 'embedded, its binaries are complete' };
}
