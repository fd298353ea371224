// Shared by the scripts of package.json. Plain JavaScript without dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const serverDist = path.join(root, 'apps', 'server', 'dist');
export const ohifDist = path.join(root, 'apps', 'web', 'ohif-dist');
const stampDir = path.join(root, 'node_modules', '.cache', 'negatoscope');

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Negatoscope needs Node.js 20.19 or newer, this is ${process.versions.node}: install a newer Node.js`);
}

/** @param {string} message @returns {never} */
export function stop(message) {
  console.error(message);
  process.exit(1);
}

/** Runs a program, its output shown; resolves with its exit code. */
export function run(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}

/** Runs a program, its output kept; resolves with exit code and output. */
export async function capture(file, args, options = {}) {
  let output = '';
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    output += data;
  });
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += `${error.message}\n`;
      resolve(127);
    });
    child.once('close', (status) => resolve(status ?? 1));
  });
  return { code, output };
}

/** A program of node_modules, as [file, arguments] for run: no shell, no npx. */
export function tool(packageName, binary = packageName) {
  const packageJson = JSON.parse(readFileSync(path.join(root, 'node_modules', packageName, 'package.json'), 'utf8'));
  const bin = typeof packageJson.bin === 'string' ? packageJson.bin : packageJson.bin[binary];
  return path.join(root, 'node_modules', packageName, bin);
}

/** `npm ci` when nothing is installed or the lockfile is another one. Development tools included: the build needs them. */
export async function ensureInstalled() {
  const lock = hash(readFileSync(path.join(root, 'package-lock.json')));
  const installed = existsSync(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed && (readStamp('install') ?? lock) === lock) {
    if (readStamp('install') === undefined) writeStamp('install', lock);
    return;
  }
  console.error('Installing the packages …');
  if (!(await npm('ci'))) {
    // A registry that lacks a package for some other platform makes `npm ci` refuse the whole lockfile. Installing from the same
    // lockfile, left unchanged and with its checksums, does without that package.
    console.error('"npm ci" failed: installing from the lockfile without what other platforms need …');
    if (!(await npm('install', '--no-save'))) {
      stop('Installing the packages failed (the lines above say why): check the connection to the npm registry and start again');
    }
  }
  writeStamp('install', lock);
}

async function npm(...command) {
  const isWindows = process.platform === 'win32';
  const options = ['--include=dev', '--include=optional', '--no-fund', '--no-audit', '--loglevel=error'];
  // Standard output stays free for the one line that says where the server is.
  const code = await run(isWindows ? 'npm.cmd' : 'npm', [...command, ...options], {
    stdio: ['ignore', 2, 2],
    shell: isWindows,
    env: { ...process.env, NODE_ENV: 'development' },
  });
  return code === 0;
}

const sources = [
  'package-lock.json',
  'tsconfig.base.json',
  'scripts/build.mjs',
  'packages',
  'apps/server/src',
  'apps/server/package.json',
  'apps/web',
];
const skipped = new Set(['node_modules', 'dist', 'ohif-dist', 'test', '.cache']);

/** Builds when a source file differs from those of the last build (paths, sizes, modification times). */
export async function ensureBuilt() {
  const state = hash(sources.flatMap((name) => listing(path.join(root, name))).join('\n'));
  if (readStamp('build') === state && existsSync(path.join(serverDist, 'main.js'))) return;
  console.error('Building …');
  const code = await run(process.execPath, [path.join(root, 'scripts', 'build.mjs'), 'without-ohif'], {
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) stop('The build failed: the lines above say why');
  writeStamp('build', state);
}

/** Version and folder of the prepared OHIF, undefined when there is none. */
export function readOhif() {
  try {
    const pointer = JSON.parse(readFileSync(path.join(ohifDist, 'ohif.json'), 'utf8'));
    return existsSync(path.join(ohifDist, pointer.folder, 'index.html')) ? pointer : undefined;
  } catch {
    return undefined;
  }
}

/** Prepares OHIF for /viewer/ where the network allows; a server without it is a server still. */
export function prepareOhif() {
  return run(process.execPath, [path.join(root, 'scripts', 'prepare-ohif.mjs')], { stdio: ['ignore', 2, 2] });
}

/** The same beside the running server, at low priority and a while after its start, which it shall not slow down. */
export function prepareOhifLater() {
  if (readOhif() !== undefined) return;
  const begin = () => {
    const args = [path.join(root, 'scripts', 'prepare-ohif.mjs'), '--background'];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', () => undefined);
    child.unref();
    process.once('exit', () => child.kill());
  };
  setTimeout(begin, 20_000).unref();
}

function listing(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (stats.isFile()) return /\.test\.tsx?$/.test(file) ? [] : [`${path.relative(root, file)} ${stats.size} ${stats.mtimeMs}`];
  return readdirSync(file)
    .filter((name) => !skipped.has(name))
    .sort()
    .flatMap((name) => listing(path.join(file, name)));
}

function hash(data) {
  return createHash('sha256').update(data).digest('hex');
}

function readStamp(name) {
  try {
    return readFileSync(path.join(stampDir, name), 'utf8');
  } catch {
    return undefined;
  }
}

function writeStamp(name, value) {
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(path.join(stampDir, name), value);
}

/** Everything from npm stays outside of the bundles, save for our own packages, which are TypeScript. */
export const npmStaysOutside = {
  name: 'npm-stays-outside',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('@negatoscope/') ? undefined : { path: name, external: true },
    );
  },
};
