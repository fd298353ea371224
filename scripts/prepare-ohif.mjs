// Prepares OHIF for /viewer/ from its npm package: fetched alone (its dependencies are inside of its build), checked, moved from `/` to
// its folder under /viewer/files/, pruned, minified, compressed. Result: apps/web/ohif-dist/<version>-<build>/ and, when all of it is
// there, apps/web/ohif-dist/ohif.json, by which the server finds it. Does nothing when that is done already.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build, version as esbuildVersion } from 'esbuild';
import { compressFolder } from './compress.mjs';
import { capture, ohifDist, readOhif } from './lib.mjs';

const VERSION = '3.13.2';
const SHA512 = 'WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==';
/** Where the address of the build is written: other counts mean another OHIF, which nobody has looked at. */
const EXPECTED = { bundles: 8, stylesheets: 1 };
/** Source maps, ONNX (136 MB), slide microscopy, service workers, sign-in by OIDC, old browsers, examples, icons of telephones. */
const LEFT_OUT = [
  '*.map',
  'package/dist/ort',
  'package/dist/dicom-microscopy-viewer',
  'package/dist/customizations',
  'package/dist/assets/*-*x*.png',
  'package/dist/assets/*apple-touch*',
  'package/dist/assets/*firefox*',
  ...['sw.js', 'init-service-worker.js', 'oidc-client.min.js', 'silent-refresh.html', 'es6-shim.min.js', 'polyfill.min.js'],
  ...['google.js', 'app-config.js', 'manifest.json', 'serve.json', '_headers', '_redirects', 'manifest.webapp'],
  ...['browserconfig.xml', 'yandex-browser-manifest.json'],
];
const BROTLI_QUALITY = 5;

const isWindows = process.platform === 'win32';
const started = Date.now();
const took = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;

async function succeed(what, file, args, options) {
  const { code, output } = await capture(file, args, options);
  if (code !== 0) throw new Error(`${what} failed: ${output.trim().split('\n').slice(-4).join(' ')}`);
}

async function fetchPackage(folder) {
  const args = ['pack', `@ohif/app@${VERSION}`, '--pack-destination', folder, '--ignore-scripts', '--loglevel=error'];
  const patience = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=2000'];
  await succeed('Fetching', isWindows ? 'npm.cmd' : 'npm', [...args, ...patience], { shell: isWindows });
  const file = path.join(folder, `ohif-app-${VERSION}.tgz`);
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  if (hash.digest('base64') !== SHA512)
    throw new Error(`the package of OHIF ${VERSION} is not the one that was checked (sha512)`);
  return file;
}

/** Every system has `tar`: Windows since 10. */
async function unpack(archive, folder) {
  const left = LEFT_OUT.map((pattern) => `--exclude=${pattern}`);
  await succeed('Unpacking (tar)', 'tar', ['-xzf', archive, '-C', folder, ...left, 'package/dist', 'package/LICENSE']);
  const dist = path.join(folder, 'package', 'dist');
  await rename(path.join(folder, 'package', 'LICENSE'), path.join(dist, 'LICENSE'));
  return dist;
}

/** Replaces all of `from` in the files that hold it; how many these are. */
async function replaceIn(dist, files, from, to) {
  let count = 0;
  for (const file of files) {
    const before = await readFile(path.join(dist, file), 'utf8');
    const pieces = before.split(from);
    if (pieces.length === 1) continue;
    count += 1;
    await writeFile(path.join(dist, file), pieces.join(to));
  }
  return count;
}

/** The page without inline scripts (the policy allows none) and without what was left out. */
function page(html, base) {
  const kept = html
    .replace(/<script>(?:(?!<\/script>).)*PUBLIC_URL(?:(?!<\/script>).)*<\/script>/g, '')
    .replace(/<script[^>]*src="\/(?:init-service-worker|app-config)\.js"[^>]*><\/script>/g, '')
    .replace(/<link[^>]*(?:apple-touch|manifest|yandex|coast)[^>]*>/g, '')
    .replace(/<link[^>]*assets\/favicon-[^>]*>/g, '')
    .replace(/<meta name="(?:msapplication|apple)[^>]*>/g, '')
    .replace(/\b(href|src)="\/(?!\/)/g, `$1="${base}`)
    .replace('<title>', '<script src="/ohif-session.js"></script><script src="/viewer/app-config.js"></script><title>');
  if (/<script>|(?:href|src)="\/(?!viewer\/|ohif-session)/.test(kept) || !kept.includes('/viewer/app-config.js')) {
    throw new Error('the page of OHIF is not as expected');
  }
  return kept;
}

async function relocate(dist, base) {
  const names = await readdir(dist);
  const scripts = names.filter((name) => name.endsWith('.js'));
  const styles = names.filter((name) => name.endsWith('.css'));
  const bundles = await replaceIn(dist, scripts, '__webpack_require__.p = "/"', `__webpack_require__.p = "${base}"`);
  const stylesheets = await replaceIn(dist, styles, /url\(\/(?!\/)/, `url(${base}`);
  if (bundles !== EXPECTED.bundles || stylesheets !== EXPECTED.stylesheets) {
    throw new Error(`found ${bundles} bundles and ${stylesheets} stylesheets with an address, expected 8 and 1: another OHIF?`);
  }
  const index = path.join(dist, 'index.html');
  await writeFile(index, page(await readFile(index, 'utf8'), base));
  return [...scripts, ...styles].map((name) => path.join(dist, name));
}

/**
 * The worker that decodes frames: its codecs (JPEG, JPEG 2000) make their functions from text, which the policy allows in answers of the files
 * named here and nowhere else.
 */
async function nameCodecWorker(dist) {
  const names = await readdir(dist);
  const app = names.find((name) => /^app\.bundle\.[0-9a-f]+\.js$/.test(name));
  const code = await readFile(path.join(dist, app ?? 'app.bundle.js'), 'utf8');
  const chunks = [...code.matchAll(/new Worker\(new URL\(\w+\.p\+\w+\.u\((\d+)\)/g)].map(([, chunk]) => chunk);
  const workers = names.filter((name) => name.endsWith('.js') && chunks.includes(name.split('.bundle.')[0]));
  const [worker, ...others] = workers;
  const decodes = worker !== undefined && (await readFile(path.join(dist, worker), 'utf8')).includes('decodeTask');
  if (!decodes || others.length > 0) throw new Error(`the codec worker of OHIF is not as expected: ${workers.join(', ')}`);
  await writeFile(path.join(dist, 'codec-workers.json'), JSON.stringify(workers));
}

/** Changes with the package, with these lines and with the program that makes the files smaller. */
async function folderName() {
  const recipe = await readFile(new URL(import.meta.url));
  const hash = createHash('sha256').update(SHA512).update(recipe).update(esbuildVersion).digest('hex');
  return `${VERSION}-${hash.slice(0, 10)}`;
}

async function publish(dist, name) {
  const target = path.join(ohifDist, name);
  await rm(target, { recursive: true, force: true });
  await rename(dist, target);
  const pointer = path.join(ohifDist, 'ohif.json');
  await writeFile(`${pointer}.new`, JSON.stringify({ version: VERSION, folder: name }));
  await rename(`${pointer}.new`, pointer);
  for (const other of await readdir(ohifDist)) {
    if (other !== name && /^\d+\.\d+\.\d+-[0-9a-f]{10}$/.test(other)) await rm(path.join(ohifDist, other), { recursive: true });
  }
}

/** Removes what an interrupted preparation left; one of the last hour may still be at work. */
async function removeRemains() {
  for (const name of await readdir(ohifDist)) {
    const folder = path.join(ohifDist, name);
    const isOld = name.startsWith('work-') && Date.now() - (await stat(folder)).mtimeMs > 3_600_000;
    if (isOld) await rm(folder, { recursive: true, force: true });
  }
}

async function prepare() {
  const name = await folderName();
  if (readOhif()?.folder === name) return;
  await mkdir(ohifDist, { recursive: true });
  await removeRemains();
  // Beside the result, so that moving it there is one step.
  const work = await mkdtemp(path.join(ohifDist, 'work-'));
  try {
    const archive = await fetchPackage(work);
    const fetched = took();
    const dist = await unpack(archive, work);
    const files = await relocate(dist, `/viewer/files/${name}/`);
    const common = { outdir: dist, allowOverwrite: true, minify: true, charset: 'utf8', logLevel: 'error' };
    await build({ ...common, entryPoints: files });
    await nameCodecWorker(dist);
    await compressFolder(dist, { brotliQuality: () => BROTLI_QUALITY });
    await publish(dist, name);
    console.error(`OHIF ${VERSION} prepared in ${took()} (fetched in ${fetched})`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

if (process.argv.includes('--background')) os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
try {
  await prepare();
} catch (error) {
  console.error(`OHIF is not prepared, /viewer/ says so; "npm run build" tries again. ${error.message}`);
  process.exitCode = 1;
}
