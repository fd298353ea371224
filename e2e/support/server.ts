import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

/** What a browser needs of a server. */
export interface Served {
  readonly baseUrl: string;
  readonly email: string;
  readonly password: string;
}

export interface RunningServer extends Served {
  readonly dataDir: string;
  readonly port: number;
  /** The supervisor. */
  readonly pid: number;
  /** When the process has ended, with its code. */
  readonly gone: Promise<number | null>;
  /** What it has printed and logged so far. */
  output(): string;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

const ENTRY = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url));
const EMAIL = 'claire.martin@example.org';
const PASSWORD = 'Lanterne-Marbre-42-Voilier';
const START_WITHIN_MS = 90_000;

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function untilReady(child: ChildProcess, print: (data: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const late = setTimeout(
      () => reject(new Error(`The server was not ready in time:\n${output.slice(-4000)}`)),
      START_WITHIN_MS,
    );
    const collect = (data: Buffer): void => {
      output += data.toString('utf8');
      print(data);
      if (!output.includes('Negatoscope is ready:')) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output.slice(-4000)}`)));
  });
}

/** A copy of a DATA_DIR, where the global setup does not say otherwise as the first start left it; its owner is kept, who may be another one than ours. */
export function copyPrepared(from: string = inject('preparedData')): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-e2e-'));
  execFileSync('cp', ['-a', `${from}/.`, folder]);
  return folder;
}

/** The built server as a person starts it a second time (the first time in `kept`, which stays afterwards): its own PostgreSQL, a free port. */
export async function startServer(
  settings: Readonly<Record<string, string>> = {},
  kept?: string,
  {
    openFiles,
    port: given,
  }: {
    /** Limit of descriptors of each process. */
    readonly openFiles?: number;
    /** For whoever must know it before. */
    readonly port?: number;
  } = {},
): Promise<RunningServer> {
  const dataDir = kept ?? copyPrepared();
  const port = given ?? (await freePort());
  const command =
    openFiles === undefined
      ? [process.execPath, ENTRY]
      : ['/bin/sh', '-c', `ulimit -n ${openFiles}; exec "$0" "$@"`, process.execPath, ENTRY];
  const child = spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      PORT: String(port),
      DICOM_PORT: '0',
      DATA_DIR: dataDir,
      ADMIN_EMAIL: EMAIL,
      ADMIN_PASSWORD: PASSWORD,
      LOG_LEVEL: 'warn',
      ...settings,
    },
  });
  let output = '';
  await untilReady(child, (data) => {
    output += data.toString('utf8');
  }).catch((error: unknown) => {
    // Nobody else knows of it, and it would take its share of the machine for ever.
    child.kill('SIGTERM');
    throw error;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    baseUrl: `http://localhost:${port}`,
    email: EMAIL,
    password: PASSWORD,
    dataDir,
    port,
    pid: child.pid ?? 0,
    gone: ended,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await ended;
      if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}
