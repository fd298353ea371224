import { execFileSync, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { checkDicomTls } from '../../src/config/dicom-tls.ts';
import { askForEcho } from '../../src/features/dimse/ask/echo.ts';
import type { AskedTls } from '../../src/features/dimse/ask/tls.ts';
import { freePort } from '../support/orthanc.ts';
import { createDimseFixture, type DimseFixture, run, storescu } from './support.ts';

let folder: string;
let fixture: DimseFixture;
const at = (name: string): string => path.join(folder, name);
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });

/** A key and its certificate, of an authority of the folder, for 127.0.0.1. */
function issue(name: string, authority: string): void {
  writeFileSync(at(`${name}.ext`), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${authority}.crt`,
    '-CAkey',
    `${authority}.key`,
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.crt`,
  );
}
function authority(name: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.crt`,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  );
}

beforeAll(async () => {
  if (!hasDcmtk) return;
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-tls-'));
  for (const name of ['ca', 'other-ca']) authority(name);
  for (const name of ['server', 'scanner']) issue(name, 'ca');
  issue('stranger', 'other-ca');
  fixture = await createDimseFixture({ tls: { port: 0, cert: at('server.crt'), key: at('server.key'), ca: at('ca.crt') } });
  await fixture.addNode({ aeTitle: 'SCANNER' });
  const secure = await fixture.addNode({ aeTitle: 'SECURE' });
  await fixture.db.withSystem((tx) => tx.run('UPDATE dicom_nodes SET uses_tls = true WHERE id = $1', [secure]));
  await expect.poll(() => fixture.listener.tlsPort()).toBeTypeOf('number');
}, 60_000);
afterAll(async () => {
  if (!hasDcmtk) return;
  await fixture.close();
  rmSync(folder, { recursive: true });
});

const as = (name: string, trusted = 'ca'): string[] => [
  '+tls',
  at(`${name}.key`),
  at(`${name}.crt`),
  '+cf',
  at(`${trusted}.crt`),
];
const echoscu = (aet: string, options: readonly string[], port = fixture.listener.tlsPort()) =>
  run('echoscu', ['-aet', aet, '-aec', 'NEGATOSCOPE', ...options, '127.0.0.1', String(port)]);

describe.skipIf(!hasDcmtk)('nodes call by TLS (PS3.15 B.9, against DCMTK)', () => {
  test('with a certificate of the authority: an echo, and an instance that is stored', async () => {
    expect((await echoscu('SCANNER', as('scanner'))).code).toBe(0);
    const [file] = ctVolume({ seed: 'tls', slices: 1, rows: 16, columns: 16 });
    const sent = await storescu({ port: fixture.listener.tlsPort() ?? 0, files: fixture.files }, { options: as('scanner') }, [
      file?.bytes ?? new Uint8Array(0),
    ]);
    expect([sent.code, sent.output]).toEqual([0, expect.stringContaining('Success')]);
    expect(await fixture.outcomes()).toMatchObject([{ outcome: 'stored' }]);
  });

  test('without a certificate, or with one of somebody else, nobody is heard, and it is told', async () => {
    expect((await echoscu('SCANNER', ['+tla', '-ic'])).code).not.toBe(0);
    expect((await echoscu('SCANNER', as('stranger'))).code).not.toBe(0);
    const told = () =>
      fixture.db.withSystem((tx) => tx.rows("SELECT calling_aet, code FROM dicom_callers WHERE code = 'NO_TLS'"));
    await expect.poll(told, { timeout: 5_000 }).toEqual([{ calling_aet: '', code: 'NO_TLS' }]);
  });

  test('a node that is to speak by TLS is refused where it does not', async () => {
    expect((await echoscu('SECURE', as('scanner'))).code).toBe(0);
    const plain = await echoscu('SECURE', [], fixture.port);
    expect([plain.code, plain.output]).toEqual([expect.any(Number), expect.stringContaining('Calling AE Title Not Recognized')]);
    expect((await echoscu('SCANNER', [], fixture.port)).code).toBe(0);
  });

  test('nothing older than TLS 1.2 is spoken', async () => {
    const hello = async (version: string) =>
      run('openssl', [
        's_client',
        '-connect',
        `127.0.0.1:${fixture.listener.tlsPort()}`,
        version,
        '-cipher',
        'ALL:@SECLEVEL=0',
        '-cert',
        at('scanner.crt'),
        '-key',
        at('scanner.key'),
      ]);
    expect((await hello('-tls1_1')).output).toMatch(/alert|no protocols|Cipher is \(NONE\)/);
  });

  test('plain bytes at its port cost nobody else anything', async () => {
    const cut = await echoscu('SCANNER', [], fixture.listener.tlsPort());
    expect(cut.code).not.toBe(0);
    expect((await echoscu('SCANNER', as('scanner'))).code).toBe(0);
  });
});

describe.skipIf(!hasDcmtk)('nodes are asked by TLS (against storescp)', () => {
  let port: number;
  let scp: ReturnType<typeof spawn>;
  beforeAll(async () => {
    port = await freePort();
    scp = spawn('storescp', ['--ignore', '--fork', ...as('scanner'), String(port)], { stdio: 'ignore' });
    for (let tries = 0; (await echoscu('X', as('server'), port)).code !== 0 && tries < 100; tries += 1) await sleep(50);
  }, 30_000);
  afterAll(() => void scp.kill('SIGKILL'));
  const files = { port: 0, cert: '', key: '', ca: '' };
  const own = (trusted = 'ca'): AskedTls['files'] => ({
    ...files,
    cert: at('server.crt'),
    key: at('server.key'),
    ca: at(`${trusted}.crt`),
  });
  const asked = (tls: AskedTls | undefined, host = '127.0.0.1') =>
    askForEcho({ ...{ host, port, aeTitle: 'ANY', callingAet: 'NEGATOSCOPE' }, ...(tls === undefined ? {} : { tls }) });
  const print = (name: string): string =>
    createHash('sha256')
      .update(new X509Certificate(readFileSync(at(`${name}.crt`))).raw)
      .digest('hex');

  test('whose certificate is of the authority and of its host', async () => {
    expect(await asked({ files: own(), fingerprint: null })).toMatchObject({ outcome: 'OK' });
    expect(await asked({ files: own('other-ca'), fingerprint: null })).toMatchObject({ outcome: 'NO_TLS' });
    expect(await asked({ files: undefined, fingerprint: null })).toMatchObject({ outcome: 'NO_TLS' });
  });

  test('or is the very one that is known', async () => {
    expect(await asked({ files: own('other-ca'), fingerprint: print('scanner') })).toMatchObject({ outcome: 'OK' });
    expect(await asked({ files: own(), fingerprint: print('server') })).toMatchObject({ outcome: 'NO_TLS' });
  });

  test('one that speaks without is no answer, and one that wants it is none without', async () => {
    expect((await asked(undefined)).outcome).not.toBe('OK');
    const plain = await askForEcho({
      ...{ host: '127.0.0.1', port: fixture.port, aeTitle: 'NEGATOSCOPE', callingAet: 'SCANNER' },
      tls: { files: own(), fingerprint: null },
    });
    expect(plain.outcome).toBe('NO_TLS');
  });
});

describe.skipIf(!hasDcmtk)('the files are looked at before anything is started', () => {
  const check = (more: object) => () =>
    checkDicomTls({
      host: '127.0.0.1',
      port: 1,
      aeTitle: 'X',
      tls: { port: 2762, cert: at('server.crt'), key: at('server.key'), ...more },
    });

  test('a key that others may read, one of another certificate, and a file that there is not', () => {
    chmodSync(at('server.key'), 0o600);
    chmodSync(at('stranger.key'), 0o600);
    expect(check({})).not.toThrow();
    expect(check({ ca: at('ca.crt') })).not.toThrow();
    expect(check({ key: at('stranger.key') })).toThrow(/the key that of the certificate/);
    expect(check({ ca: at('missing.crt') })).toThrow(/DICOM_TLS_CA.*can not be read/);
    chmodSync(at('server.key'), 0o644);
    expect(check({})).toThrow(/others may read.*644.*chmod 600/);
  });
});
