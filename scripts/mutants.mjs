// `npm run test:mutants -- [--seed N] [--count N] [--in FOLDER] [--list]`: does a test notice when one expression of the source is another one?
// Draws so many changes of a folder (packages/dicom/src and apps/server/src/archive where none is named), runs the tests of its room for each, and
// names those that no test noticed, by file and line. Everything happens in a copy: a run that is killed leaves the source as it is.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { requireNode, root } from './lib.mjs';
import { mutated, mutationsOf, sample } from './mutations.mjs';

/** The tests of a room, nearest first: the later ones are only asked when those before have noticed nothing. */
const ROOMS = [
  {
    source: 'packages/dicom/src',
    tests: [
      ['packages', 'packages/dicom/src/'],
      ['packages', 'packages/dicom/test/'],
      // Frames and pictures are compared with DCMTK's and the oracle's where the codecs are.
      ['server', 'apps/server/src/platform/codecs/', 'apps/server/test/dicomweb/dcmtk-pictures.test'],
    ],
  },
  { source: 'packages/dimse/src', tests: [['packages', 'packages/dimse/']] },
  {
    source: 'apps/server/src/archive',
    tests: [
      ['server', 'apps/server/src/archive/'],
      ['server', 'apps/server/src/features/', 'apps/server/test/moves', 'apps/server/test/whose', 'apps/server/test/edited'],
      ['server', 'apps/server/test/dicomweb/', 'apps/server/test/objects/'],
    ],
  },
];
/** A loop that never ends is noticed as well. */
const PATIENCE_MS = 600_000;

const isMutated = (name) =>
  /\.ts$/.test(name) && !/\.(test|gen|d)\.ts$|(^|\/)(index|table|column-types|.*-fixture)\.ts$/.test(name);

function sourcesOf(folder) {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter(isMutated)
    .sort();
}

function allMutants(folder) {
  return sourcesOf(folder).flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return mutationsOf(text).map((mutation) => ({ file, text, mutation }));
  });
}

const lineOf = ({ text, mutation }) => text.slice(0, mutation.start).split('\n').length;
const nameOf = (mutant) => {
  const { file, text, mutation } = mutant;
  return `${file}:${lineOf(mutant)}  ${text.slice(mutation.start, mutation.end).replaceAll(/\s+/g, ' ')} → ${mutation.by || 'nothing'}`;
};

/** What is installed, of which only our own packages are the copy's. */
function linkInstalled(copy) {
  const own = '@negatoscope';
  mkdirSync(path.join(copy, 'node_modules', own), { recursive: true });
  for (const name of readdirSync(path.join(root, 'node_modules')))
    if (name !== own) symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name));
  for (const folder of ['packages', 'apps', '.'])
    for (const name of readdirSync(path.join(copy, folder))) {
      const manifest = path.join(copy, folder, name, 'package.json');
      if (!existsSync(manifest)) continue;
      const { name: full } = JSON.parse(readFileSync(manifest, 'utf8'));
      if (full.startsWith(`${own}/`)) symlinkSync(path.dirname(manifest), path.join(copy, 'node_modules', full));
      const nested = path.join(root, folder, name, 'node_modules');
      if (existsSync(nested)) symlinkSync(nested, path.join(copy, folder, name, 'node_modules'));
    }
}

/** The whole house without what is installed or built, beside it the shared folder where there is one. */
function makeCopy() {
  const above = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-mutants-'));
  const copy = path.join(above, 'house');
  const isLeftOut = (name) => /(^|\/)(node_modules|dist|ohif-dist|\.git|data)(\/|$)/.test(name);
  for (const name of ['packages', 'apps', 'e2e', 'bench', 'scripts', 'package.json', 'vitest.config.ts', 'tsconfig.base.json'])
    cpSync(path.join(root, name), path.join(copy, name), {
      recursive: true,
      filter: (from) => !isLeftOut(path.relative(root, from).replaceAll(path.sep, '/')),
    });
  linkInstalled(copy);
  const shared = path.join(root, '..', 'shared');
  if (existsSync(shared)) symlinkSync(shared, path.join(above, 'shared'));
  return { above, copy };
}

/** The tests that run now, with all that they have started. */
let running;
const endRunning = () => {
  try {
    if (running !== undefined) process.kill(-running, 'SIGKILL');
  } catch {
    // They have ended by themselves.
  }
};

/** True when a test fails or nothing ends. */
function isNoticed(copy, [project, ...tests]) {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--project', project, '--bail', '1', '--reporter', 'dot', ...tests];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', detached: true });
  return new Promise((resolve) => {
    running = child.pid;
    const late = setTimeout(endRunning, PATIENCE_MS);
    child.once('exit', (code) => {
      running = undefined;
      clearTimeout(late);
      resolve(code !== 0);
    });
  });
}

/** The tests of a file's own folder, which mostly know and take a fraction of the room's time; none where the folder has none. */
function nearestOf({ tests }, file) {
  const folder = path.dirname(file);
  const hasTests = readdirSync(path.join(root, folder)).some((name) => /\.test\.ts$/.test(name) && !/\.long\./.test(name));
  return hasTests ? [[tests[0][0], `${folder}/`]] : [];
}

async function isKilled(copy, room, { file, text, mutation }) {
  const place = path.join(copy, file);
  writeFileSync(place, mutated(text, mutation));
  try {
    for (const some of [...nearestOf(room, file), ...room.tests]) if (await isNoticed(copy, some)) return true;
    return false;
  } finally {
    writeFileSync(place, text);
  }
}

async function runRoom(copy, room, { seed, count }) {
  const all = allMutants(room.source);
  const drawn = sample(all, seed, count);
  const survivors = [];
  // A room whose tests fail as it is would notice everything.
  if (await isNoticed(copy, room.tests[0])) throw new Error(`The tests of ${room.source} fail without a change.`);
  for (const mutant of drawn) {
    const killed = await isKilled(copy, room, mutant);
    if (!killed) survivors.push(mutant);
    console.log(`${killed ? 'noticed ' : 'SURVIVES'}  ${nameOf(mutant)}`);
  }
  console.log(
    `${room.source}: ${drawn.length - survivors.length} of ${drawn.length} noticed (seed ${seed}, ${all.length} there are)`,
  );
}

requireNode();
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '20' },
    in: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const [seed, count] = [Number(values.seed), Number(values.count)];
const rooms = ROOMS.filter(
  ({ source }) => values.in === undefined || source.startsWith(values.in) || values.in.startsWith(source),
).map((room) => ({ ...room, source: values.in?.startsWith(room.source) ? values.in : room.source }));
if (values.list)
  for (const { source } of rooms) for (const mutant of sample(allMutants(source), seed, count)) console.log(nameOf(mutant));
else {
  const { above, copy } = makeCopy();
  const leave = () => {
    endRunning();
    rmSync(above, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      leave();
      process.exit(1);
    });
  try {
    for (const room of rooms) await runRoom(copy, room, { seed, count });
  } finally {
    leave();
  }
}
