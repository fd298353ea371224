import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { StartError } from '../kernel/start-error.ts';
import type { Settings } from './settings.ts';

export interface Secrets {
  /** Signs access tokens. */
  readonly sessionSecret: string;
  /** Key of the audit chain's HMAC: 32 bytes as hexadecimal. Losing it makes the chain unverifiable. */
  readonly auditKey: string;
  /** Seals the secrets of second factors, and by a key that is made of it those of projects: 32 bytes as hexadecimal. Losing it, everybody sets up another, and nothing leaves into a project any more. */
  readonly factorKey: string;
}

/** Reads the secrets under DATA_DIR/secrets and makes, once, those that are missing (mode 0600). Fails with SECRET_UNREADABLE. */
export function loadSecrets(settings: Pick<Settings, 'dataDir' | 'sessionSecret'>): Secrets {
  const folder = path.join(settings.dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    sessionSecret: settings.sessionSecret ?? loadSecret(folder, 'session-secret'),
    auditKey: loadSecret(folder, 'audit-key'),
    factorKey: loadSecret(folder, 'factor-key'),
  };
}

export interface SealingKeys {
  /** Of the keys of projects of de-identification: made of a secret that all nodes share and every backup has, so that none is without it. */
  readonly projectKey: KeyObject;
  /** Of the secrets of second factors. */
  readonly factorKey: KeyObject;
}

/** What rows of the database are sealed with. */
export function sealingKeysOf({ factorKey }: Pick<Secrets, 'factorKey'>): SealingKeys {
  const bytes = Buffer.from(factorKey, 'hex');
  const projectKey = createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', 'deid-projects', 32)));
  return { projectKey, factorKey: createSecretKey(bytes) };
}

function loadSecret(folder: string, name: string): string {
  const file = path.join(folder, name);
  try {
    return readSecret(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw unreadable(file, error);
  }
  createSecret(folder, file);
  return readSecret(file);
}

function readSecret(file: string): string {
  const secret = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(secret)) throw unreadable(file);
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  return secret;
}

/** Complete before it has its name, and never over an existing one: two processes that start together end with one secret. */
function createSecret(folder: string, file: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

function unreadable(file: string, cause?: unknown): StartError {
  return new StartError(
    'SECRET_UNREADABLE',
    `${file} can't be read as a secret: restore it from a backup; never invent a new audit key`,
    cause,
  );
}
