import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { PasskeyCreation, PasskeyRequest } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tx } from '../../src/platform/db/database.ts';
import { cookieHeader, cookiesOf, createTestApp, type TestApp } from '../support/app.ts';
import { createAuthenticator } from '../support/authenticator.ts';

/** Tries of each kind, in turns, so that what else the machine does falls upon all alike. */
const TRIES = 300;
const WARM_UP = 30;
const MOST_MS = 600_000;
/**
 * How often one kind took longer than another, of all pairs (the Mann–Whitney statistic): a half where their times are alike. A guesser who sees 0.65
 * after 300 tries of each still learns next to nothing of the account that they ask for once or ten times, which is what the brakes let them.
 */
const ALIKE = { from: 0.35, to: 0.65 };

let server: TestApp;
let tries = 0;
beforeAll(async () => {
  // Passwords cost 4 here, not 12: what differs is not drowned by the hash.
  server = await createTestApp();
});
afterAll(() => server.close());

/** Each try comes from a network of its own: brakes have no part in this. */
const networkOfItsOwn = (): string => {
  tries += 1;
  return `2001:db8:${(tries >> 16).toString(16)}:${(tries & 0xffff).toString(16)}::1`;
};

async function took(url: string, payload: object, status: number, cookie = ''): Promise<number> {
  const remoteAddress = networkOfItsOwn();
  const started = performance.now();
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/auth/${url}`,
    payload,
    remoteAddress,
    headers: { cookie },
  });
  const ms = performance.now() - started;
  expect(answer.statusCode).toBe(status);
  return ms;
}

/** Of all pairs of two kinds, in how many the second took longer. */
const longer = (one: readonly number[], other: readonly number[]): number =>
  other.reduce((sum, b) => sum + one.filter((a) => a < b).length, 0) / (one.length * other.length);
const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

/** Measures each kind in turns; the first is what the others are compared with. */
async function compare(kinds: Readonly<Record<string, () => Promise<number>>>): Promise<void> {
  const times = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  for (let turn = 0; turn < WARM_UP + TRIES; turn += 1)
    for (const [kind, measure] of Object.entries(kinds)) {
      const ms = await measure();
      if (turn >= WARM_UP) times.get(kind)?.push(ms);
    }
  const [[, first] = ['', []]] = times;
  const rows = [...times].map(([kind, all]) => ({ kind, median: median(all), longer: longer(first, all) }));
  const told = rows.map(({ kind, ...row }) => `${kind}: ${row.median.toFixed(2)} ms, ${row.longer.toFixed(3)}`);
  process.stdout.write(`${told.join('\n')}\n`);
  for (const { longer: share } of rows.slice(1)) {
    expect(share, told.join('; ')).toBeGreaterThan(ALIKE.from);
    expect(share, told.join('; ')).toBeLessThan(ALIKE.to);
  }
}

describe('the time of a refusal', () => {
  test('does not tell who has an account, a second factor, a passkey, or no password', { timeout: MOST_MS }, async () => {
    const wrong = (email: string) => took('login', { email, password: 'Vitrail-Ancre-58-Sarment' }, 401);
    const account = async (also?: (tx: Tx, id: string) => Promise<unknown>, status: 'ACTIVE' | 'SUSPENDED' = 'ACTIVE') => {
      const { id, email } = await server.makeUser({ status });
      if (also !== undefined) await server.db.withSystem((tx) => also(tx, id));
      return email;
    };
    const sealed = (tx: Tx, id: string) =>
      tx.run("INSERT INTO second_factors (user_id, secret, last_step, confirmed_at) VALUES ($1, '\\x00', 0, now())", [id]);
    const passkey = (tx: Tx, id: string) =>
      tx.run(
        `INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, transports, is_synced, name, created_at)
         VALUES (gen_random_uuid(), $1, $2, '\\x00', 0, '{}', false, 'x', now())`,
        [id, randomBytes(16)],
      );
    const forgetPassword = (tx: Tx, id: string) => tx.run('UPDATE users SET password_hash = NULL WHERE id = $1', [id]);
    await compare({
      nobody: async () => wrong(`${randomBytes(8).toString('hex')}@example.org`),
      account: async () => wrong(await account()),
      'second factor': async () => wrong(await account(sealed)),
      passkey: async () => wrong(await account(passkey)),
      'no password': async () => wrong(await account(forgetPassword)),
      suspended: async () => wrong(await account(undefined, 'SUSPENDED')),
    });
  });

  test('does not tell whether a passkey is known', { timeout: MOST_MS }, async () => {
    const authenticator = createAuthenticator(server.settings.publicUrl);
    const browser = await server.login('PHYSICIAN');
    const begun = await server.app.inject({ method: 'POST', url: '/api/auth/passkeys/start', headers: browser.headers });
    const cookie = `${browser.cookie}; ${cookieHeader(cookiesOf(begun))}`;
    const added = await server.app.inject({
      ...{ method: 'POST', url: '/api/auth/passkeys', headers: { ...browser.headers, cookie } },
      payload: { name: 'x', passkey: authenticator.create(begun.json<PasskeyCreation>()) },
    });
    expect(added.statusCode).toBe(201);
    const [known] = authenticator.credentials;
    authenticator.create({ rp: { id: 'localhost' }, user: { id: known?.userHandle }, challenge: 'AAAA' } as PasskeyCreation);
    const [, unknown] = authenticator.credentials;
    const { privateKey: signWith } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const refused = async (credential: typeof known) => {
      const start = await server.app.inject({ method: 'POST', url: '/api/auth/passkey/start' });
      const passkey = authenticator.get(start.json<PasskeyRequest>(), { signWith }, credential);
      return took('passkey', { passkey }, 403, cookieHeader(cookiesOf(start)));
    };
    await compare({ unknown: () => refused(unknown), known: () => refused(known) });
  });
});
