import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const server = fileURLToPath(new URL('../../', import.meta.url));
const sources = path.join(server, 'src');

export interface RunningCommand {
  readonly process: ChildProcess;
  /** Of both outputs, as they come. */
  readonly lines: string[];
  /** The exit code; null after a signal. */
  readonly ended: Promise<number | null>;
}

export interface BundledCli {
  start(args: readonly string[], env: Readonly<Record<string, string>>): RunningCommand;
  remove(): Promise<void>;
}

/** The commands of the server as processes of their own, to be killed: built into the server's folder, so that packages are found from there. */
export async function bundleCli(): Promise<BundledCli> {
  const cache = path.join(server, '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'negatoscope-cli-test-'));
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(path.join(server, 'migrations'), path.join(folder, 'migrations'));
  const workers = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('worker.ts'));
  const entries = ['cli.ts', ...workers.filter((name) => name !== 'worker.ts')];
  await build({
    entryPoints: Object.fromEntries(entries.map((name) => [path.basename(name, '.ts'), path.join(sources, name)])),
    outdir: path.join(folder, 'dist'),
    chunkNames: 'chunk-[hash]',
    ...{ bundle: true, splitting: true, platform: 'node', format: 'esm', target: 'node20.19', logLevel: 'error' },
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
  return {
    start: (args, env) => startCommand(path.join(folder, 'dist', 'cli.js'), args, env),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function startCommand(script: string, args: readonly string[], env: Readonly<Record<string, string>>): RunningCommand {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', (line) => lines.push(line));
  return { process: child, lines, ended: new Promise((resolve) => child.once('close', resolve)) };
}
