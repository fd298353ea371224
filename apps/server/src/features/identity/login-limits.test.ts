import { createSecretKey, randomBytes } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Counters, countersOn } from '../../platform/shared-state/index.ts';
import { createLoginLimits, type Try } from './login-limits.ts';

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createFixture() {
  const counters = countersOn((options) => new RateLimiterMemory(options));
  const limits = createLoginLimits(counters, createSecretKey(randomBytes(32)));
  const isAllowed = (attempt: Try): Promise<boolean> =>
    limits.begin(attempt).then(
      () => true,
      () => false,
    );
  /** How many of `most` tries are let through. */
  const countAllowed = async (attempt: Try, most = 60): Promise<number> => {
    let allowed = 0;
    for (let index = 0; index < most; index += 1) allowed += (await isAllowed(attempt)) ? 1 : 0;
    return allowed;
  };
  return { limits, isAllowed, countAllowed };
}

test('says how long to wait: until a quarter of an hour after the first try', async () => {
  const { limits, countAllowed } = createFixture();
  await countAllowed({ account: 'a', ip: '192.0.2.1' }, 1);
  vi.advanceTimersByTime(MINUTE_MS);
  await countAllowed({ account: 'a', ip: '192.0.2.1' });
  await expect(limits.begin({ account: 'a', ip: '192.0.2.1' })).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 14 * 60,
  });
});

test('being refused again and again makes the wait no longer', async () => {
  const { countAllowed } = createFixture();
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1' })).toBe(7);
  vi.advanceTimersByTime(14 * MINUTE_MS);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1' })).toBe(0);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1' })).toBe(7);
});

test('an attempt that never reached the hash counts for nothing', async () => {
  const { limits, countAllowed } = createFixture();
  for (let attempt = 0; attempt < 60; attempt += 1) await (await limits.begin({ account: 'a', ip: '192.0.2.1' })).giveBack();
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1' })).toBe(7);
});

test('right passwords that come while others are refused leave the budget whole', async () => {
  const { limits, countAllowed } = createFixture();
  const attempts = await Promise.all(Array.from({ length: 7 }, () => limits.begin({ account: 'a', ip: '192.0.2.1' })));
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1' })).toBe(0);
  for (const attempt of attempts) await attempt.giveBack();
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1' })).toBe(7);
});

test('an account has 7 tries, 3 more for clean addresses and 3 more for networks of the house, never more in all', async () => {
  const { countAllowed } = createFixture();
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1' })).toBe(7);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.2' })).toBe(1);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.3' })).toBe(1);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.4' })).toBe(1);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.5' })).toBe(0);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.6', isHouse: true })).toBe(3);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.7', isHouse: true })).toBe(0);
});

test('each known place has 7 of its own, also when its address has failed too often', async () => {
  const { countAllowed } = createFixture();
  for (let person = 0; person < 60; person += 1) await countAllowed({ account: `person ${person}`, ip: '192.0.2.1' }, 1);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1' })).toBe(0);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1', known: 'one' })).toBe(7);
  expect(await countAllowed({ account: 'a', ip: '192.0.2.1', known: 'other' })).toBe(7);
});

test('names and addresses without number are counted in a set number of slots, and each known place for itself', async () => {
  const keys = new Map<string, Set<string>>();
  const noted: Counters = (use, most, seconds) => {
    const counter = countersOn((options) => new RateLimiterMemory(options))(use, most, seconds);
    const note = (key: string): string => {
      keys.set(use, (keys.get(use) ?? new Set()).add(key));
      return key;
    };
    return { ...counter, take: (key) => counter.take(note(key)) };
  };
  const limits = createLoginLimits(noted, createSecretKey(randomBytes(32)), 32);
  for (let attempt = 0; attempt < 2_000; attempt += 1) {
    const [account, ip] = [`invented ${attempt}`, `2001:db8:${(attempt % 500).toString(16)}::1`];
    await limits.begin({ account, ip, isHouse: attempt % 3 === 0 }).catch(() => undefined);
  }
  for (const [use, own] of keys) expect([use, own.size <= 32]).toEqual([use, true]);
  expect([...keys.keys()]).toEqual(expect.arrayContaining(['account', 'address', 'house', 'refusal']));
  for (let place = 0; place < 100; place += 1)
    await expect(limits.begin({ account: 'a', ip: '192.0.2.1', known: `place ${place}` })).resolves.toBeDefined();
  expect(keys.get('place')?.size).toBe(100);
});
