// The benches, one after the other: `npm run bench [ingest|search|dicomweb|nginx|s3|deid|dimse|viewer|guesses|predictions|backup|audit|text|scale|all] [--quick]`. docs/benchmarks.md says what each measures.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const NAMES = [
  'ingest',
  'search',
  'dicomweb',
  'nginx',
  's3',
  'deid',
  'dimse',
  'viewer',
  'guesses',
  'predictions',
  'backup',
  'audit',
  'text',
  'scale',
];
const here = path.dirname(fileURLToPath(import.meta.url));
// One folder deep in the server's workspace, where `../migrations/` means what it means in the server's own bundles.
const outdir = path.join(here, '..', 'apps', 'server', '.cache');

const npmStaysOutside = {
  name: 'npm-stays-outside',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('@negatoscope/') ? undefined : { path: name, external: true },
    );
  },
};

function chosen(words) {
  const names = words.filter((word) => !word.startsWith('--'));
  const wrong = names.find((name) => name !== 'all' && !NAMES.includes(name));
  if (wrong !== undefined) {
    console.error(`There is no bench ${JSON.stringify(wrong)}: choose ${NAMES.join(', ')} or all`);
    process.exit(2);
  }
  return names.length === 0 || names.includes('all') ? NAMES.filter((name) => name !== 'scale' && name !== 'audit') : names;
}

const words = process.argv.slice(2);
const names = chosen(words);
const helpers = ['generate', 'bare-server', 'watch'];
await build({
  entryPoints: Object.fromEntries([
    ...NAMES.map((name) => [`bench-${name}`, path.join(here, `${name}.bench.ts`)]),
    ...helpers.map((name) => [`bench-${name}`, path.join(here, 'helpers', `${name}.bench.ts`)]),
  ]),
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  outExtension: { '.js': '.mjs' },
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [npmStaysOutside],
});

const cache = process.env.BENCH_CACHE ?? path.join(os.tmpdir(), `negatoscope-bench-${process.pid}`);
const env = {
  ...process.env,
  BENCH_DIR: here,
  BENCH_BUNDLES: outdir,
  BENCH_CACHE: cache,
  BENCH_QUICK: words.includes('--quick') ? '1' : '',
};
let child;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child?.kill('SIGTERM'));
let failed = 0;
for (const name of names) {
  child = spawn(process.execPath, [path.join(outdir, `bench-${name}.mjs`)], { stdio: 'inherit', env });
  const code = await new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
  if (code !== 0) failed += 1;
}
// Generated files are kept only in a folder that was asked for by name.
if (process.env.BENCH_CACHE === undefined) rmSync(cache, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);
