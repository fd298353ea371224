import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BUNDLE = fileURLToPath(new URL('../../../scripts/bundle.mjs', import.meta.url));
const PROBE = fileURLToPath(new URL('./fixtures/bundle-probe.mjs', import.meta.url));
const NOBODY = 65_534;
const MINUTE_MS = 60_000;
const SIDE = 128;

const succeeds = (file: string, ...args: string[]): boolean => spawnSync(file, args, { stdio: 'ignore' }).status === 0;
const canCutOff = process.getuid?.() === 0 && succeeds('unshare', '-n', 'ip', 'link', 'set', 'lo', 'up');
if (!canCutOff) {
  console.warn('Left out: the bundle without a network, which needs root, "unshare -n" and "ip" to cut the network off.');
}
const canBeNobody = canCutOff && succeeds('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-v');

function runToEnd(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString('utf8');
    });
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString('utf8');
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${path.basename(file)} ended with ${code}:\n${errors}`)),
    );
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const collect = (data: Buffer): void => {
      output += data.toString('utf8');
      if (output.includes('Negatoscope is ready:')) resolve();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output.slice(-4000)}`)));
  });
}

/** Each program becomes the next one, so that the child's id is the server's. */
function startCutOff(command: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const script = 'ip link set lo up && exec "$@"';
  return spawn('unshare', ['-n', 'sh', '-c', script, 'sh', ...command], { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function settings(dataDir: string) {
  return {
    PATH: process.env.PATH ?? '',
    PORT: String(await freePort()),
    DICOM_PORT: '0',
    DATA_DIR: dataDir,
    ADMIN_EMAIL: 'claire.martin@example.org',
    ADMIN_PASSWORD: 'Lanterne-Marbre-42-Voilier',
    LOG_LEVEL: 'warn',
  };
}

const OK = 200;
/** What the probe reports, save for the frame; `outside` and `interfaces` say that there is no network. */
const AS_EXPECTED = {
  interfaces: ['lo'],
  outside: 'ENETUNREACH',
  health: OK,
  login: OK,
  script: OK,
  signedIn: OK,
  stored: OK,
  frame: OK,
  rendered: OK,
  renderedBody: 'ffd8ff',
};

describe.skipIf(!canCutOff)('the archive of npm run bundle, on a machine without a network', { timeout: 5 * MINUTE_MS }, () => {
  let parent = '';
  let folder = '';

  beforeAll(async () => {
    parent = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-unpacked-'));
    chmodSync(parent, 0o755);
    const archive = (await runToEnd(process.execPath, [BUNDLE, parent], process.env)).trim().split('\n').at(-1) ?? '';
    expect(path.basename(archive)).toMatch(/^negatoscope-\d+\.\d+\.\d+-[a-z0-9]+-[a-z0-9]+\.tar\.gz$/);
    await runToEnd('tar', ['-xzf', archive, '-C', parent], process.env);
    folder = path.join(parent, path.basename(archive, '.tar.gz'));
  }, 10 * MINUTE_MS);

  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it('holds one folder with what a person reads first, and neither development tools nor the packages of the page', () => {
    expect(readdirSync(folder).sort()).toEqual(
      ['LICENSE', 'README.txt', 'THIRD-PARTY.txt', 'apps', 'bundle.json', 'node_modules', 'start.mjs'].sort(),
    );
    const packages = readdirSync(path.join(folder, 'node_modules'));
    expect(packages).toContain('fastify');
    for (const name of ['react', 'vite', 'vitest', 'typescript', 'esbuild', '@negatoscope']) expect(packages).not.toContain(name);
  });

  const people = [
    { who: 'root', prefix: [] as string[], uid: 0 },
    ...(canBeNobody
      ? [{ who: 'an ordinary user', prefix: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'], uid: NOBODY }]
      : []),
  ];

  it.each(people)(
    'starts as $who, keeps a DICOM file, gives its frame and its picture, and ends in order',
    async ({ prefix, uid }) => {
      const [slice] = ctVolume({ seed: 'bundle', slices: 1, rows: SIDE, columns: SIDE });
      if (slice === undefined) throw new Error('The testkit makes no slice.');
      const file = path.join(parent, 'slice.dcm');
      writeFileSync(file, slice.bytes);
      const dataDir = path.join(parent, `data-${uid}`);
      mkdirSync(dataDir, { mode: 0o700 });
      chownSync(dataDir, uid, uid);
      const env = await settings(dataDir);
      const server = startCutOff([...prefix, process.execPath, path.join(folder, 'start.mjs')], env);
      const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
      try {
        await untilReady(server);
        const uids = [slice.studyInstanceUid, slice.seriesInstanceUid, slice.sopInstanceUid];
        const probe = [process.execPath, PROBE, `http://localhost:${env.PORT}`, file, ...uids];
        const answers = await runToEnd('nsenter', ['--target', String(server.pid), '--net', ...probe], env);
        // The testkit writes Pixel Data (7FE0,0010) last.
        const pixels = Buffer.from(slice.bytes.subarray(-SIDE * SIDE * 2)).toString('hex');
        // Without OHIF in the archive its address answers with a page that says so.
        const ohif = existsSync(path.join(folder, 'apps/web/ohif-dist/ohif.json')) ? OK : expect.any(Number);
        expect(JSON.parse(answers)).toMatchObject({ ...AS_EXPECTED, ohif, frameBody: expect.stringContaining(pixels) });
      } finally {
        server.kill('SIGTERM');
      }
      expect(await ended).toBe(0);
    },
  );
});
