import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ClientConfig } from 'pg';
import type { Settings } from '../../src/config/settings.ts';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));
const PAGE_BYTES = 4096;

/** A server in a process of its own whose memory is watched from outside. */
export interface MeasuredServer {
  readonly port: number;
  /** Bytes by which the process was larger than at the beginning at any moment of `work`. */
  growthDuring(work: () => Promise<unknown>): Promise<number>;
  /** Longest time in ms that its event loop stood still since it was last asked, in all and without what it waited for a processor. */
  longestBlock(): Promise<{ readonly blockMs: number; readonly ownMs: number }>;
  close(): Promise<void>;
}

const isWorker = (file: string): boolean =>
  file.endsWith('worker.ts') && /^(serveTasks|serveWriter)\(|= ownPort\(\)/m.test(readFileSync(file, 'utf8'));

async function bundle(): Promise<string> {
  // Inside the repository, so that packages are found from there.
  const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'negatoscope-measured-'));
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  const workers = readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter(isWorker);
  const main = fileURLToPath(new URL('../fixtures/measured-server.ts', import.meta.url));
  await build({
    entryPoints: Object.fromEntries([main, ...workers].map((file) => [path.basename(file, '.ts'), file])),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'silent',
    plugins: [
      {
        name: 'npm-stays-outside',
        setup: (builder) => {
          builder.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
            kind === 'entry-point' || name.startsWith('@negatoscope/') ? undefined : { path: name, external: true },
          );
        },
      },
    ],
  });
  return folder;
}

async function message<T>(child: ChildProcess): Promise<T> {
  const [value] = await once(child, 'message');
  return value as T; // What the fixture sends.
}

const residentBytes = (pid: number | undefined): number =>
  Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES;

export async function startMeasured(settings: Settings, database: ClientConfig): Promise<MeasuredServer> {
  const folder = await bundle();
  const child = fork(path.join(folder, 'measured-server.js'), [JSON.stringify(settings), JSON.stringify(database)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  });
  const { port } = await message<{ port: number }>(child);
  return {
    port,
    growthDuring: async (work) => {
      const before = residentBytes(child.pid);
      let most = before;
      const timer = setInterval(() => {
        most = Math.max(most, residentBytes(child.pid));
      }, 10);
      await work().finally(() => clearInterval(timer));
      return most - before;
    },
    longestBlock: async () => {
      child.send('block');
      return message<{ blockMs: number; ownMs: number }>(child);
    },
    close: async () => {
      child.disconnect();
      if (child.exitCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
