import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { checkPort, prepareDataDir } from './preflight.ts';
import { readSettings, takeSettings } from './read.ts';
import { loadSecrets } from './secrets.ts';
import { validateSettings } from './settings.ts';

const settingsOf = (env: Record<string, string>) => validateSettings(readSettings(env));

describe('settings', () => {
  test('have a default for everything', () => {
    expect(settingsOf({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      dataDir: path.resolve('data'),
      publicUrl: 'http://localhost:3000',
      maxUploadBytes: 50 * 2 ** 30,
      maxFileBytes: 8 * 2 ** 30,
      objectStore: 'disk',
      dicom: { port: 11112, aeTitle: 'NEGATOSCOPE' },
      trustProxy: [],
    });
  });

  test('take a blank value for a missing one', () => {
    expect(settingsOf({ PORT: ' ', DATABASE_URL: '' })).toMatchObject({ port: 3000, databaseUrl: undefined });
  });

  test('understand sizes with binary units and lists of networks', () => {
    expect(settingsOf({ MAX_UPLOAD_BYTES: '20 GiB', TRUST_PROXY: '10.0.0.1, fd00::/8' })).toMatchObject({
      maxUploadBytes: 20 * 2 ** 30,
      trustProxy: ['10.0.0.1', 'fd00::/8'],
    });
  });

  test('name an Orthanc by its address, with a path or not', () => {
    const orthanc = { username: undefined, password: undefined, group: undefined, send: false, deletions: 'ignore' };
    expect(settingsOf({ ORTHANC_URL: 'http://10.0.0.1:8042/' }).orthanc).toEqual({ url: 'http://10.0.0.1:8042', ...orthanc });
    expect(settingsOf({ ORTHANC_URL: 'https://pacs.example/orthanc' }).orthanc?.url).toBe('https://pacs.example/orthanc');
  });

  test('say by which service and key backups go to S3: their own, or those of the objects, never some of both', () => {
    const objects = { S3_ENDPOINT: 'https://s3.example', S3_ACCESS_KEY_ID: 'A', S3_SECRET_ACCESS_KEY: 'B' };
    const to = { BACKUP_TO: 's3://backup/site' };
    const ofObjects = { endpoint: 'https://s3.example', accessKeyId: 'A', secretAccessKey: 'B', settings: 'S3' };
    expect(settingsOf({ ...objects, ...to }).backup.s3).toMatchObject({ ...ofObjects, objectsBucket: undefined });
    const store = { OBJECT_STORE: 's3', S3_BUCKET: 'images' };
    expect(settingsOf({ ...objects, ...to, ...store }).backup.s3).toMatchObject({ ...ofObjects, objectsBucket: 'images' });
    const own = { BACKUP_S3_ACCESS_KEY_ID: 'C', BACKUP_S3_SECRET_ACCESS_KEY: 'D' };
    expect(settingsOf({ ...objects, ...to, ...store, ...own }).backup.s3).toMatchObject({
      ...{ endpoint: undefined, accessKeyId: 'C', secretAccessKey: 'D', forcePathStyle: false },
      ...{ settings: 'BACKUP_S3', objectsBucket: undefined },
    });
  });

  test.each([
    [{ PORT: '80a' }, 'PORT must be a whole number from 1 to 65535 (it is "80a"): correct it or leave it out'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 1 to 65535 (it is "70000"): correct it or leave it out'],
    [{ HOST: 'not a host' }, 'HOST must be an IP address or a host name'],
    [{ PUBLIC_URL: 'example.org' }, 'PUBLIC_URL must be an address that begins with http:// or https://'],
    [{ PUBLIC_URL: 'https://example.org/pacs' }, 'PUBLIC_URL must be an address without path'],
    [{ MAX_FILE_BYTES: 'much' }, 'MAX_FILE_BYTES must be a size of at least 1 MiB'],
    [{ MAX_FILE_BYTES: '60 GiB' }, 'MAX_FILE_BYTES must not be larger than MAX_UPLOAD_BYTES'],
    [{ TRUST_PROXY: '10.0.0.1/99' }, 'TRUST_PROXY must be a comma-separated list of IP addresses or networks'],
    [{ TRUST_PROXY: '0.0.0.0/0' }, 'TRUST_PROXY must be the addresses of your proxies, not every address'],
    [{ TRUST_PROXY: '10.0.0.1, ::/0' }, 'TRUST_PROXY must be the addresses of your proxies, not every address'],
    [{ TRUST_PROXY: 'loopback' }, 'TRUST_PROXY must be a comma-separated list of IP addresses or networks'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug'],
    [{ OBJECT_STORE: 's3', S3_BUCKET: 'images' }, 'S3_ACCESS_KEY_ID is missing although OBJECT_STORE is s3'],
    [{ S3_PREFIX: '/a' }, 'S3_PREFIX must be letters'],
    [{ S3_ENDPOINT: 'https://key:secret@s3.example' }, 'S3_ENDPOINT must be an address without query, name or password'],
    [{ OBJECT_STORE: 'tape' }, 'OBJECT_STORE must be disk or s3 (it is "tape")'],
    // It owns its ids: a neighbour, not a store.
    [{ OBJECT_STORE: 'orthanc' }, 'OBJECT_STORE must be disk or s3 (it is "orthanc")'],
    [{ OBJECT_STORE: 's3', S3_ENDPOINT: 'http://minio:9000' }, 'S3_BUCKET is missing although OBJECT_STORE is s3'],
    [{ ORTHANC_URL: 'http://u:p@10.0.0.1:8042' }, 'ORTHANC_URL must be an address without query, name or password'],
    [{ ORTHANC_GROUP: 'Imagerie' }, 'ORTHANC_URL is missing although ORTHANC_GROUP is set'],
    [{ ORTHANC_URL: 'http://10.0.0.1:8042', ORTHANC_USERNAME: 'x' }, 'ORTHANC_PASSWORD is missing'],
    [{ ORTHANC_DELETIONS: 'trash' }, 'ORTHANC_URL is missing although ORTHANC_DELETIONS is set'],
    [{ ORTHANC_URL: 'http://10.0.0.1:8042', ORTHANC_DELETIONS: 'purge' }, 'ORTHANC_DELETIONS must be ignore, trash or repair'],
    [{ ORTHANC_URL: 'http://10.0.0.1:8042', ORTHANC_DELETIONS: 'repair' }, 'ORTHANC_SEND is not on although ORTHANC_DELETIONS'],
    [{ OIDC_CLIENT_ID: 'x' }, 'OIDC_ISSUER is missing although OIDC_CLIENT_ID is set'],
    [{ DICOM_AET: 'A\\B' }, 'DICOM_AET must be an application entity title'],
    [{ DICOM_PORT: '3000' }, 'DICOM_PORT must differ from PORT'],
    [{ DICOM_TLS_PORT: '2762' }, 'DICOM_TLS_CERT is missing although DICOM_TLS_PORT is set'],
    [{ DICOM_TLS_CERT: '/x.crt' }, 'DICOM_TLS_KEY is missing although DICOM_TLS_CERT is set'],
    [{ DICOM_TLS_PORT: '11112', DICOM_TLS_CERT: '/x.crt', DICOM_TLS_KEY: '/x.key' }, 'DICOM_TLS_PORT must differ'],
    [{ BACKUP_TO: 'ftp://backup/x' }, 'BACKUP_TO must be a folder, or s3://bucket/prefix'],
    [{ BACKUP_TO: 's3://backup/site' }, 'BACKUP_S3_ACCESS_KEY_ID is missing although BACKUP_TO is in S3'],
    [
      { BACKUP_TO: 's3://b-1/x', S3_ACCESS_KEY_ID: 'A', S3_SECRET_ACCESS_KEY: 'B', BACKUP_EVERY: '24h' },
      'BACKUP_KEY_FILE is missing although BACKUP_TO is in S3, where others could read the patients',
    ],
    [{ BACKUP_S3_ACCESS_KEY_ID: 'x' }, 'BACKUP_S3_SECRET_ACCESS_KEY is missing although other settings BACKUP_S3_'],
    [{ BACKUP_S3_ENDPOINT: 'https://s3.example' }, 'BACKUP_S3_ACCESS_KEY_ID is missing although other settings BACKUP_S3_'],
    [{ ADMIN_EMAIL: 'nobody' }, 'ADMIN_EMAIL must be an email address'],
  ])('stop the start with one line that names the setting: %j', (env, message) => {
    const failure = failureOf(() => settingsOf(env));
    expect(failure).toContain(message);
    expect(failure).not.toContain('\n');
  });

  test.each([
    '10.0.0.1',
    '10.0.0.0/8',
    '10.0.0.0/08',
    '128.0.0.0/1',
    '::1',
    'fd00::/8',
    '::ffff:10.0.0.1',
    '::ffff:10.0.0.0/104',
    '::/1',
  ])('what TRUST_PROXY takes, the HTTP server takes: %s', (TRUST_PROXY) => {
    const { trustProxy } = settingsOf({ TRUST_PROXY });
    expect(() => Fastify({ trustProxy: [...trustProxy] })).not.toThrow();
  });

  test('secrets leave the environment when they are read, and nothing else does', () => {
    const env = { PORT: '3001', PATH: '/bin', ADMIN_PASSWORD: 'Lanterne-Marbre-42', DATABASE_URL: 'postgres://u:p@h/d' };
    expect(takeSettings(env)).toMatchObject({ PORT: '3001', ADMIN_PASSWORD: 'Lanterne-Marbre-42' });
    expect(env).toEqual({ PORT: '3001', PATH: '/bin' });
  });

  test.each([
    { ADMIN_PASSWORD: 'short-pw' },
    { SESSION_SECRET: 'tooshort' },
    { DATABASE_URL: 'mysql://u:hidden@h/d' },
    { DATABASE_URL: 'postgres://u:hidden@a,,b/d' },
    { DATABASE_URL: 'postgres://u:hidden@a,b/d?target_session_attrs=standby' },
  ])('never show a secret: %j', (env) => {
    const failure = failureOf(() => settingsOf(env));
    expect(failure).toMatch(/^(ADMIN_PASSWORD|SESSION_SECRET|DATABASE_URL) must be/);
    expect(failure).not.toMatch(/short-pw|tooshort|hidden/);
  });
});

function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

describe('before the start', () => {
  test('a port in use is named in one line', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(checkPort({ host: '127.0.0.1', port })).rejects.toThrow(
      `PORT ${port} on 127.0.0.1 is in use by another program`,
    );
    await new Promise((resolve) => other.close(resolve));
    await checkPort({ host: '127.0.0.1', port });
  });

  test('a DATA_DIR that cannot be written is named in one line', () => {
    expect(failureOf(() => prepareDataDir('/proc/negatoscope'))).toMatch(
      /^DATA_DIR \/proc\/negatoscope can't be written \(E[A-Z]+\): /,
    );
  });

  test('secrets are made once, with mode 0600, and a damaged one stops the start', () => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-secrets-'));
    const first = loadSecrets({ dataDir, sessionSecret: undefined });
    expect(loadSecrets({ dataDir, sessionSecret: undefined })).toEqual(first);
    expect(first.sessionSecret).not.toBe(first.auditKey);
    const file = path.join(dataDir, 'secrets', 'audit-key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(first.auditKey);
    expect(loadSecrets({ dataDir, sessionSecret: 'given'.repeat(8) }).sessionSecret).toBe('given'.repeat(8));
    writeFileSync(file, '');
    expect(() => loadSecrets({ dataDir, sessionSecret: undefined })).toThrow(/audit-key can't be read as a secret/);
    rmSync(dataDir, { recursive: true });
  });
});
