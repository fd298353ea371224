import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { permissionsOf } from '@negatoscope/contract';
import type { Bench } from './bench.ts';
import { startProgram } from './child.ts';
import { given } from './given.ts';
import type { Peer } from './peers.ts';

/** `BENCH_PORT` is another one, where two benches run beside each other. */
const PORT = Number(process.env.BENCH_PORT ?? 3380);
export const EMAIL = 'claire.martin@example.org';
export const PASSWORD = 'Lanterne-Marbre-42-Voilier';

export interface Ours extends Peer {
  readonly dataDir: string;
  /** Authorization of a personal token with every permission of an administrator. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Person {
  readonly email: string;
  readonly password: string;
  readonly permissions: readonly string[];
}

/** A personal token with these permissions. */
export async function personalToken(baseUrl: string, { email, password, permissions }: Person): Promise<string> {
  const signedIn = await fetch(`${baseUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!signedIn.ok) throw new Error(`Signing in was answered with ${signedIn.status}`);
  const { csrfToken } = (await signedIn.json()) as { csrfToken: string }; // The contract's SignedIn.
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const made = await fetch(`${baseUrl}/api/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, 'x-csrf-token': csrfToken },
    body: JSON.stringify({ name: 'bench', permissions }),
  });
  if (!made.ok) throw new Error(`Making a token was answered with ${made.status}`);
  const { secret } = (await made.json()) as { secret: string }; // The contract's Token with its secret.
  return secret;
}

/** The built server as a person starts it, on its own PostgreSQL; the same `dataDir` again starts it with what it holds. */
export async function startOurs(
  bench: Bench,
  dataDir = mkdtempSync(path.join(bench.temp, 'ours-')),
  /** Of the process that hears DICOM nodes; 0 is none. */
  dicomPort = 0,
  /** More of its settings. */
  more: Readonly<Record<string, string>> = {},
): Promise<Ours> {
  const entry = path.join(given('BENCH_DIR'), '..', 'apps', 'server', 'dist', 'main.js');
  const profile = process.env.BENCH_NODE_OPTIONS;
  const running = await startProgram(process.execPath, [entry], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      ...(profile === undefined ? {} : { NODE_OPTIONS: profile }),
      PORT: String(PORT),
      DICOM_PORT: String(dicomPort),
      DATA_DIR: dataDir,
      ADMIN_EMAIL: EMAIL,
      ADMIN_PASSWORD: PASSWORD,
      LOG_LEVEL: 'warn',
      ...more,
    },
    isReady: (text) => text.includes('Negatoscope is ready:'),
  });
  bench.defer(running.stop);
  const baseUrl = `http://127.0.0.1:${PORT}`;
  const person = { email: EMAIL, password: PASSWORD, permissions: [...permissionsOf('ADMIN', 'ADMIN')] };
  return { ...running, baseUrl, dataDir, headers: { authorization: `Bearer ${await personalToken(baseUrl, person)}` } };
}
