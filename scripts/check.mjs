// `npm run check`: format, lint, types and unused code, all reported, nothing rewritten.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { capture, ensureInstalled, requireNode, root, tool } from './lib.mjs';

requireNode();
await ensureInstalled();

const { workspaces } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const projects = workspaces.flatMap((name) => ['tsconfig.json', 'tsconfig.test.json'].map((file) => `${name}/${file}`));
const checks = [
  ['biome', tool('@biomejs/biome', 'biome'), ['check', '--no-errors-on-unmatched', '.']],
  ['knip', tool('knip'), ['--no-progress']],
  ['types of SQL', path.join(root, 'scripts', 'sql-types.mjs'), ['--check']],
  ...projects
    .filter((file) => existsSync(path.join(root, file)))
    .map((file) => [`types of ${file}`, tool('typescript', 'tsc'), ['-p', file]]),
];

let failed = 0;
const waiting = [...checks];
/** Two at a time: the machine may have two cores. */
async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, file, args] = next;
    const started = Date.now();
    const { code, output } = await capture(process.execPath, [file, ...args]);
    // A workspace without sources yet is no error (TS18003: no inputs).
    const isEmpty = output.includes('TS18003');
    if (code !== 0 && !isEmpty) failed += 1;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(
      `${code === 0 || isEmpty ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)${code === 0 || isEmpty ? '' : `\n${output.trimEnd()}`}`,
    );
  }
}
await Promise.all([work(), work()]);
console.log(failed === 0 ? 'All checks pass.' : `${failed} of ${checks.length} checks fail.`);
process.exitCode = failed === 0 ? 0 : 1;
