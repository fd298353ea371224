import { expect, test } from 'vitest';
import { createLoginLimits } from './login-limits.ts';

function createFixture() {
  let now = 1_000_000;
  const limits = createLoginLimits({ now: () => new Date(now) });
  const isAllowed = (account: string, ip: string): Promise<boolean> =>
    limits.begin(account, ip).then(
      () => true,
      () => false,
    );
  const advance = (ms: number): void => {
    now += ms;
  };
  return { limits, isAllowed, advance };
}

test('says how long to wait: until the oldest try leaves the window', async () => {
  const { limits, isAllowed, advance } = createFixture();
  await isAllowed('a', '192.0.2.1');
  advance(60_000);
  while (await isAllowed('a', '192.0.2.1')) advance(1_000);
  await expect(limits.begin('a', '192.0.2.1')).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 15 * 60 - 66 });
});

test('tries leave the window one by one', async () => {
  const { isAllowed, advance } = createFixture();
  while (await isAllowed('a', '192.0.2.1')) advance(60_000);
  advance(15 * 60_000 - 7 * 60_000);
  expect(await isAllowed('a', '192.0.2.1')).toBe(true);
  expect(await isAllowed('a', '192.0.2.1')).toBe(false);
});

test('an attempt that never reached the hash counts for nothing', async () => {
  const { limits, isAllowed } = createFixture();
  for (let attempt = 0; attempt < 50; attempt += 1) (await limits.begin('a', '192.0.2.1')).withdraw();
  expect(await isAllowed('a', '192.0.2.1')).toBe(true);
});

test('a hundred thousand accounts and addresses cost bounded memory and stop nobody', async () => {
  const { isAllowed } = createFixture();
  for (let index = 0; index < 100_000; index += 1)
    await isAllowed(`account ${index}`, `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
  expect(await isAllowed('somebody', '192.0.2.9')).toBe(true);
});
