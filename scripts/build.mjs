// `npm run build`: the server's bundles into apps/server/dist, the page into apps/web/dist, OHIF into apps/web/ohif-dist.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { compressFolder } from './compress.mjs';
import { npmStaysOutside, prepareOhif, root, run, serverDist, stop, tool } from './lib.mjs';
import { buildServiceWorker } from './service-worker.mjs';

/** The best for what every page starts with. For the viewer the best that is quick: 11 makes it 9 % smaller and takes seven times as long (8 s of a core). */
const brotliQuality = (bytes) => (bytes < 500_000 ? 11 : 9);
const serverSrc = path.join(root, 'apps', 'server', 'src');

/** Code of worker threads: found by the one thing that all of it calls. Threads are started as `<file name>.js` beside the bundles. */
function workerEntries(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('worker.ts'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => /^serveTasks\(/m.test(readFileSync(file, 'utf8')) || file.endsWith('.worker.ts'));
}

async function buildServer() {
  const mains = ['main', 'web-process', 'worker', 'dimse-process', 'cli'].map((name) => path.join(serverSrc, `${name}.ts`));
  const entries = [...mains, ...workerEntries(serverSrc)].filter((file) => existsSync(file));
  const draft = `${serverDist}.new`;
  rmSync(draft, { recursive: true, force: true });
  await build({
    // Flat, chunks included: `new URL('./x.js', import.meta.url)` and `../migrations/` mean the same in every file.
    entryPoints: Object.fromEntries(entries.map((file) => [path.basename(file, '.ts'), file])),
    outdir: draft,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [npmStaysOutside],
  });
  // A build that fails leaves the last one in place.
  rmSync(serverDist, { recursive: true, force: true });
  renameSync(draft, serverDist);
}

async function buildWeb() {
  const web = path.join(root, 'apps', 'web');
  if (!existsSync(path.join(web, 'index.html'))) return 0;
  const code = await run(process.execPath, [tool('vite'), 'build', '--logLevel', 'warn'], { cwd: web });
  if (code !== 0) return code;
  await buildOhifSession(web);
  await buildServiceWorker(web, path.join(web, 'dist'));
  await compressFolder(path.join(web, 'dist'), { brotliQuality });
  return 0;
}

/** The script that keeps the session of OHIF's page, which is not of our making. */
function buildOhifSession(web) {
  return build({
    entryPoints: { 'ohif-session': path.join(web, 'src', 'ohif', 'main.ts') },
    outdir: path.join(web, 'dist'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  });
}

const started = Date.now();
// `node scripts/build.mjs server` leaves the page out, for those who work on the server.
const withPage = process.argv[2] !== 'server';
const [, webCode] = await Promise.all([buildServer(), withPage ? buildWeb() : 0]);
if (webCode !== 0) stop('Building the page failed: the lines above say why');
// `npm start` builds without OHIF, which follows while the server runs.
if (process.argv[2] === undefined) await prepareOhif();
console.error(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
