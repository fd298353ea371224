import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createFakeClock, createTestApp, type FakeClock, TEST_PASSWORD, type TestApp } from '../support/app.ts';
import { isLong } from '../support/sample.ts';

let server: TestApp;
let clock: FakeClock;
const logLines: string[] = [];
beforeAll(async () => {
  clock = createFakeClock();
  server = await createTestApp({ clock, logLines });
});
afterAll(() => server.close());

let nextAddress = 0;
/** An address that no test has used. */
const freshAddress = (): string => {
  nextAddress += 1;
  return `198.51.${Math.floor(nextAddress / 250)}.${(nextAddress % 250) + 1}`;
};
const signIn = (email: string, password: string, ip = freshAddress()) =>
  server.app.inject({ method: 'POST', url: '/api/auth/login', payload: { email, password }, remoteAddress: ip });
const hashTries = (outcomes: readonly number[]): number => outcomes.filter((status) => status === 401).length;

describe('signing in', () => {
  test('answers the person, notes the time and leaves one audit event', async () => {
    const user = await server.makeUser({ role: 'RADIOLOGIST' });
    const response = await signIn(`  ${user.email.toUpperCase()} `, TEST_PASSWORD);
    const body = response.json<{ user: { lastLoginAt: string }; expiresAt: string }>();
    expect(body).toMatchObject({ user: { id: user.id, email: user.email, role: 'RADIOLOGIST', status: 'ACTIVE' } });
    expect(body.user.lastLoginAt).toBe(clock.now().toISOString());
    const events = await server.db.withSystem((tx) =>
      tx.rows('SELECT action, outcome, entity_type, details FROM audit_events WHERE actor_id = $1', [user.id]),
    );
    const details = { by: 'password' };
    expect(events).toEqual([{ action: 'auth.login', outcome: 'SUCCESS', entity_type: 'session', details }]);
    expect(response.headers['cache-control']).toBe('private, no-store');
  });

  test('gives every wrong combination the same status, headers and body', async () => {
    const [known, suspended, inactive] = [
      await server.makeUser(),
      await server.makeUser({ status: 'SUSPENDED' }),
      await server.makeUser({ status: 'INACTIVE' }),
    ];
    const answers = [
      await signIn(known.email, 'wrong password 1'),
      await signIn('nobody@example.org', 'wrong password 1'),
      await signIn(suspended.email, TEST_PASSWORD),
      await signIn(inactive.email, TEST_PASSWORD),
      await signIn(known.email, `${TEST_PASSWORD}${'x'.repeat(100)}`),
      await signIn(known.email, `${TEST_PASSWORD}\0`),
      await signIn("' OR '1'='1", "' OR '1'='1"),
    ];
    const seen = answers.map(({ statusCode, body, headers: { date: _date, ...headers } }) => ({ statusCode, body, headers }));
    expect(seen[0]).toMatchObject({ statusCode: 401 });
    expect(answers[0]?.json()).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    for (const answer of seen) expect(answer).toEqual(seen[0]);
  });

  test('an account without a password is made and answers every password like a wrong one, whoever sets one later', async () => {
    const admin = await server.login('ADMIN');
    const email = 'by-provider@example.org';
    const payload = { email, firstName: 'Awa', lastName: 'Sarr', role: 'PHYSICIAN' };
    const made = await server.app.inject({ method: 'POST', url: '/api/users', payload, headers: admin.headers });
    expect(made.statusCode).toBe(201);
    const wrong = await signIn('nobody-at-all@example.org', TEST_PASSWORD);
    for (const guess of [TEST_PASSWORD, 'null', ' ']) expect((await signIn(email, guess)).json()).toEqual(wrong.json());
    const url = `/api/users/${made.json<{ id: string }>().id}`;
    await server.app.inject({ method: 'PATCH', url, payload: { password: TEST_PASSWORD }, headers: admin.headers });
    expect((await signIn(email, TEST_PASSWORD)).statusCode).toBe(200);
  });

  test('a password over 72 bytes never matches its first 72 bytes', async () => {
    const user = await server.makeUser();
    const { hash } = await import('@node-rs/bcrypt');
    const password = 'a1-B'.repeat(18);
    const stored = await hash(password, { cost: 4 });
    await server.db.withSystem((tx) => tx.run('UPDATE users SET password_hash = $2 WHERE id = $1', [user.id, stored]));
    expect((await signIn(user.email, password)).statusCode).toBe(200);
    expect((await signIn(user.email, `${password}!`)).statusCode).toBe(401);
  });

  test('failures are audited by id, without what was typed', async () => {
    const user = await server.makeUser();
    await signIn(user.email, 'a-very-secret-typo', '192.0.2.77');
    const events = await server.db.withSystem((tx) =>
      tx.rows(
        "SELECT outcome, actor_id, entity_id, ip, details FROM audit_events WHERE action = 'auth.login-failed' AND entity_id = $1",
        [user.id],
      ),
    );
    expect(events).toEqual([{ outcome: 'FAILURE', actor_id: null, entity_id: user.id, ip: '192.0.2.77', details: {} }]);
    expect(logLines.join('')).not.toContain('a-very-secret-typo');
    expect(logLines.join('')).not.toContain(user.email);
  });

  test('takes unknown fields for a mistake', async () => {
    const user = await server.makeUser();
    const payload = { email: user.email, password: TEST_PASSWORD, role: 'ADMIN' };
    const response = await server.app.inject({ method: 'POST', url: '/api/auth/login', payload });
    expect(response.json()).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  });
});

describe('guessing', () => {
  test('one address: at most 10 tries of an account in 15 minutes reach the hash, then 429 with Retry-After', async () => {
    const user = await server.makeUser();
    const responses = [];
    for (let attempt = 0; attempt < 40; attempt += 1) responses.push(await signIn(user.email, `wrong ${attempt}`, '203.0.113.1'));
    const statuses = responses.map(({ statusCode }) => statusCode);
    expect(hashTries(statuses)).toBeLessThanOrEqual(10);
    expect(hashTries(statuses)).toBeGreaterThanOrEqual(5);
    const last = responses.at(-1);
    expect([last?.statusCode, last?.json()]).toMatchObject([429, { code: 'RATE_LIMITED' }]);
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(800);
    expect((await signIn(user.email, TEST_PASSWORD, '203.0.113.1')).statusCode).toBe(429);
  });

  test('its owner still gets in from an address without failures, and from one that is known', async () => {
    const user = await server.makeUser();
    const home = freshAddress();
    expect((await signIn(user.email, TEST_PASSWORD, home)).statusCode).toBe(200);
    for (let attempt = 0; attempt < 30; attempt += 1) await signIn(user.email, 'wrong', '203.0.113.2');
    expect((await signIn(user.email, TEST_PASSWORD)).statusCode).toBe(200);
    expect((await signIn(user.email, TEST_PASSWORD, home)).statusCode).toBe(200);
  });

  test('hundreds of addresses: at most 10 tries reach the hash, and the owner gets in where they have been before', async () => {
    const user = await server.makeUser();
    const home = freshAddress();
    expect((await signIn(user.email, TEST_PASSWORD, home)).statusCode).toBe(200);
    const statuses: number[] = [];
    for (let round = 0; round < (isLong ? 100 : 20); round += 1) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(user.email, 'wrong')));
      statuses.push(...answers.map(({ statusCode }) => statusCode));
    }
    expect(hashTries(statuses)).toBe(10);
    expect((await signIn(user.email, TEST_PASSWORD, home)).statusCode).toBe(200);
  }, 120_000);

  test('one password for many accounts: an address is stopped, the others are not', async () => {
    const statuses: number[] = [];
    for (let account = 0; account < 100; account += 1) {
      statuses.push((await signIn(`person-${account}@example.org`, 'Printemps2026', '203.0.113.3')).statusCode);
    }
    expect(hashTries(statuses)).toBe(50);
    expect((await signIn('person-99@example.org', 'Printemps2026')).statusCode).toBe(401);
  });

  test('an IPv6 network counts as one address', async () => {
    const statuses: number[] = [];
    for (let host = 0; host < 60; host += 1) {
      statuses.push((await signIn(`v6-${host}@example.org`, 'Printemps2026', `2001:db8:7:8::${host.toString(16)}`)).statusCode);
    }
    expect(hashTries(statuses)).toBe(50);
  });

  test('a forwarding header moves nobody to another address', async () => {
    const user = await server.makeUser();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const response = await server.app.inject({
        method: 'POST',
        url: '/api/auth/login',
        headers: { 'x-forwarded-for': freshAddress(), forwarded: `for=${freshAddress()}`, 'x-real-ip': freshAddress() },
        payload: { email: user.email, password: 'wrong' },
        remoteAddress: '203.0.113.4',
      });
      statuses.push(response.statusCode);
    }
    expect(hashTries(statuses)).toBeLessThanOrEqual(10);
  });

  test('unknown accounts are braked like known ones', async () => {
    const known = await server.makeUser();
    const run = async (email: string, ip: string): Promise<number[]> => {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 15; attempt += 1) statuses.push((await signIn(email, 'wrong', ip)).statusCode);
      return statuses;
    };
    expect(await run('unknown@example.org', '203.0.113.5')).toEqual(await run(known.email, '203.0.113.6'));
  });

  test('after 15 minutes everything is forgotten', async () => {
    const user = await server.makeUser();
    for (let attempt = 0; attempt < 20; attempt += 1) await signIn(user.email, 'wrong', '203.0.113.7');
    expect((await signIn(user.email, TEST_PASSWORD, '203.0.113.7')).statusCode).toBe(429);
    // The counters of all processes go by the machine's clock.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 });
    const later = await signIn(user.email, TEST_PASSWORD, '203.0.113.7');
    vi.useRealTimers();
    expect(later.statusCode).toBe(200);
  });

  test('right passwords are never counted', async () => {
    const user = await server.makeUser();
    for (let attempt = 0; attempt < 60; attempt += 1) {
      expect((await signIn(user.email, TEST_PASSWORD, '203.0.113.8')).statusCode).toBe(200);
    }
  });

  test('the first refusal of an account and address is audited, the flood is not', async () => {
    const count = async (): Promise<number> => {
      const rows = await server.db.withSystem((tx) => tx.rows("SELECT id FROM audit_events WHERE action = 'auth.login-limited'"));
      return rows.length;
    };
    const before = await count();
    for (let attempt = 0; attempt < 40; attempt += 1) await signIn('flood@example.org', 'wrong', '203.0.113.9');
    await expect.poll(count, { timeout: 10_000 }).toBe(before + 1);
  });
});
