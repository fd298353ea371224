import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cookieHeader, cookiesOf, createTestApp, TEST_PASSWORD, type TestApp } from '../support/app.ts';

/** What happens to each password: it came, and later it is compared, one at a time, when the test says so. */
const gate = vi.hoisted(() => ({
  isShut: false,
  came: [] as string[],
  compared: [] as string[],
  held: [] as (() => void)[],
}));

vi.mock('@node-rs/bcrypt', async (importOriginal) => {
  const original = await importOriginal<typeof import('@node-rs/bcrypt')>();
  return {
    ...original,
    verify: async (password: string, hash: string) => {
      gate.compared.push(password);
      if (gate.isShut) await new Promise<void>((resolve) => gate.held.push(resolve));
      return original.verify(password, hash);
    },
  };
});
vi.mock('../../src/features/identity/passwords.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/features/identity/passwords.ts')>();
  return {
    createPasswords: (...options: Parameters<typeof original.createPasswords>) => {
      const passwords = original.createPasswords(...options);
      const verify: typeof passwords.verify = (...given) => {
        gate.came.push(given[0]);
        return passwords.verify(...given);
      };
      return { ...passwords, verify };
    },
  };
});

let first: TestApp;
let second: TestApp;
beforeAll(async () => {
  first = await createTestApp();
  second = await first.another();
});
afterAll(async () => {
  await second.close();
  await first.close();
});

let nextAddress = 0;
const freshAddress = (): string => {
  nextAddress += 1;
  return `198.18.${Math.floor(nextAddress / 250)}.${(nextAddress % 250) + 1}`;
};
const signIn = (server: TestApp, email: string, password: string, ip: string, cookies: Record<string, string> = {}) =>
  server.app.inject({
    method: 'POST',
    url: '/api/auth/login',
    payload: { email, password },
    remoteAddress: ip,
    headers: { cookie: cookieHeader(cookies) },
  });
/** Only what a browser keeps when its session is gone. */
const deviceOf = (cookies: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(cookies).filter(([name]) => name.includes('device')));

/** Wrong tries at both processes in turn, each from an address of its own or all from one. */
async function attack(email: string, tries: number, ip?: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const server = attempt % 2 === 0 ? first : second;
    statuses.push((await signIn(server, email, 'wrong', ip ?? freshAddress())).statusCode);
  }
  return statuses;
}
const reached = (statuses: readonly number[]): number => statuses.filter((status) => status === 401).length;

test('two processes count together: 10 tries of an account reach the hash', async () => {
  const user = await first.makeUser();
  expect(reached(await attack(user.email, 60))).toBe(10);
});

test('two processes count together when everything comes at once', async () => {
  const user = await first.makeUser();
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, attempt) => signIn(attempt % 2 === 0 ? first : second, user.email, 'wrong', freshAddress())),
  );
  const statuses = answers.map(({ statusCode }) => statusCode);
  expect(reached(statuses)).toBeLessThanOrEqual(10);
  expect(reached(statuses)).toBeGreaterThanOrEqual(5);
  expect(statuses.filter((status) => status === 429)).toHaveLength(60 - reached(statuses));
});

test('two processes count the failures of an address together', async () => {
  const ip = freshAddress();
  const statuses: number[] = [];
  for (let person = 0; person < 70; person += 1) {
    const server = person % 2 === 0 ? first : second;
    statuses.push((await signIn(server, `spray-${person}@example.org`, 'Printemps2026', ip)).statusCode);
  }
  expect(reached(statuses)).toBe(50);
});

test('an address that failed too often may try any number of names: no row of a counter and no event is left of them', async () => {
  const ip = freshAddress();
  const spray = async (from: number, to: number): Promise<void> => {
    for (let person = from; person < to; person += 1)
      await signIn(person % 2 === 0 ? first : second, `flood-${person}@example.org`, 'Printemps2026', ip);
  };
  const left = () =>
    first.db.withSystem((tx) =>
      tx.first('SELECT (SELECT count(*) FROM rate_limits) AS rows, (SELECT count(*) FROM audit_events WHERE ip = $1) AS events', [
        ip,
      ]),
    );
  await spray(0, 55);
  const before = await left();
  await spray(55, 255);
  expect(await left()).toEqual(before);
});

test('an attacker from a thousand places does not lock the owner out of known networks, at the other process too', async () => {
  const user = await first.makeUser();
  const home = freshAddress();
  expect((await signIn(first, user.email, TEST_PASSWORD, home)).statusCode).toBe(200);
  expect(reached(await attack(user.email, 40))).toBe(10);
  expect((await signIn(second, user.email, TEST_PASSWORD, home)).statusCode).toBe(200);
});

test('nor out of a known browser that has come to a new network', async () => {
  const user = await first.makeUser();
  const before = await signIn(first, user.email, TEST_PASSWORD, freshAddress());
  await attack(user.email, 40);
  const elsewhere = await signIn(second, user.email, TEST_PASSWORD, freshAddress(), deviceOf(cookiesOf(before)));
  expect(elsewhere.statusCode).toBe(200);
});

test('nor when the attacker shares the network of the known browser', async () => {
  const user = await first.makeUser();
  const hospital = freshAddress();
  const before = await signIn(first, user.email, TEST_PASSWORD, hospital);
  expect(reached(await attack(user.email, 80, hospital))).toBeLessThanOrEqual(10);
  expect((await signIn(second, user.email, TEST_PASSWORD, hospital, deviceOf(cookiesOf(before)))).statusCode).toBe(200);
});

test('nor out of a network that is new to them and known to their colleagues', async () => {
  const [user, colleague] = [await first.makeUser(), await first.makeUser()];
  const ward = freshAddress();
  expect((await signIn(first, colleague.email, TEST_PASSWORD, ward)).statusCode).toBe(200);
  expect(reached(await attack(user.email, 40))).toBe(10);
  expect((await signIn(second, user.email, TEST_PASSWORD, ward)).statusCode).toBe(200);
});

test('a known browser guesses no more than seven times', async () => {
  const user = await first.makeUser();
  const device = deviceOf(cookiesOf(await signIn(first, user.email, TEST_PASSWORD, freshAddress())));
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 20; attempt += 1)
    statuses.push((await signIn(attempt % 2 === 0 ? first : second, user.email, 'wrong', freshAddress(), device)).statusCode);
  expect(reached(statuses)).toBe(7);
});

test("another person's browser, and one that made its cookie itself, are not known", async () => {
  const [user, other] = [await first.makeUser(), await first.makeUser()];
  const device = deviceOf(cookiesOf(await signIn(first, other.email, TEST_PASSWORD, freshAddress())));
  await attack(user.email, 40);
  expect((await signIn(first, user.email, TEST_PASSWORD, freshAddress(), device)).statusCode).toBe(429);
  const made = { negatoscope_device: 'A'.repeat(43) };
  expect((await signIn(first, user.email, TEST_PASSWORD, freshAddress(), made)).statusCode).toBe(429);
});

test('neither addresses, networks nor cookies stand in the tables', async () => {
  const user = await first.makeUser();
  const ip = freshAddress();
  const cookies = cookiesOf(await signIn(first, user.email, TEST_PASSWORD, ip));
  await signIn(first, user.email, 'wrong', ip);
  const stored = await first.db.withSystem((tx) =>
    tx.rows("SELECT p::text AS row FROM sign_in_places p UNION ALL SELECT replace(r::text, ' ', '') FROM rate_limits r"),
  );
  const text = stored.map(({ row }) => row).join('\n');
  expect(text).toContain(user.id);
  for (const secret of [user.email, ip, cookies.negatoscope_device ?? '']) expect(text).not.toContain(secret);
});

test('120 wrong passwords at once leave room for who is known and for who comes from elsewhere: they are compared next', async () => {
  const user = await first.makeUser();
  const stranger = await first.makeUser();
  const home = freshAddress();
  expect((await signIn(first, user.email, TEST_PASSWORD, home)).statusCode).toBe(200);
  gate.isShut = true;
  Object.assign(gate, { came: [], compared: [] });
  const networks = [freshAddress(), freshAddress(), freshAddress()];
  const flood = Array.from({ length: 120 }, (_, index) =>
    signIn(first, `flood-${index}@example.org`, 'wrong', networks[index % 3] ?? ''),
  );
  await vi.waitFor(() => expect(gate.came).toHaveLength(120), { timeout: 30_000 });
  const right = signIn(first, user.email, TEST_PASSWORD, home);
  await vi.waitFor(() => expect(gate.came).toHaveLength(121), { timeout: 30_000 });
  const elsewhere = signIn(first, stranger.email, `${TEST_PASSWORD} `, freshAddress());
  await vi.waitFor(() => expect(gate.came).toHaveLength(122), { timeout: 30_000 });
  const running = gate.compared.length;
  gate.isShut = false;
  for (const release of gate.held.splice(0)) release();
  expect((await right).statusCode).toBe(200);
  expect((await elsewhere).statusCode).toBe(401);
  await Promise.all(flood);
  expect(gate.compared.indexOf(TEST_PASSWORD)).toBeGreaterThanOrEqual(running);
  expect(gate.compared.indexOf(TEST_PASSWORD)).toBeLessThanOrEqual(running + 1);
  // Before it: the one above, one of the flood in between, and one of each network of the flood.
  expect(gate.compared.indexOf(`${TEST_PASSWORD} `)).toBeLessThanOrEqual(running + 5);
  expect(gate.compared.length).toBeLessThan(60);
});
