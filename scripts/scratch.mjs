// Where the tests keep what they make: in memory where there is much of it, since half of what a test waits for is a disk that keeps what is thrown away.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const MEMORY = '/dev/shm';
const PREFIX = 'ng-tests-';
const GIB = 2 ** 30;
/** What a run of all tests takes at most, and what the machine needs beside it. */
const LEAST = { folder: 6 * GIB, machine: 10 * GIB };

/** A folder in memory for TMPDIR, gone when the process ends; undefined where the machine has too little, or runs no programs from there. */
export function scratchInMemory(env = process.env) {
  if (env.TMPDIR !== undefined || process.platform !== 'linux') return undefined;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    const [, available = '0'] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
    if (bavail * bsize < LEAST.folder || Number(available) * 1024 < LEAST.machine) return undefined;
    removeOrphans();
    const folder = path.join(MEMORY, `${PREFIX}${process.pid}`);
    mkdirSync(folder, { mode: 0o755 });
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return runsPrograms(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** What a run that was killed has left takes memory until the machine is started anew. */
function removeOrphans() {
  for (const name of readdirSync(MEMORY).filter((one) => one.startsWith(PREFIX)))
    if (!isAlive(Number(name.slice(PREFIX.length)))) rmSync(path.join(MEMORY, name), { recursive: true, force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Containers mount it without the right to (noexec). */
function runsPrograms(folder) {
  const program = path.join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\nexit 0\n');
  chmodSync(program, 0o755);
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}
