import { expect, test } from 'vitest';
import type { Changes, Subscriber } from '../../platform/shared-state/index.ts';
import { createPrincipalCache } from './principal-cache.ts';
import type { Principal } from './principals.ts';

const principal = (userId: string): Principal => ({
  userId,
  role: 'STAFF',
  level: 'WRITE',
  groupId: null,
  groupIds: [],
  permissions: new Set(),
  sessionId: userId,
  via: 'session',
  expiresAt: new Date(8.64e15),
  lastUsedAt: null,
  emergencies: [],
});

function createFixture() {
  let now = 0;
  let hear: Subscriber | undefined;
  let isTrusted = true;
  let reads = 0;
  const changes: Changes = {
    subscribe: (_channel, subscriber) => {
      hear = subscriber;
      return () => undefined;
    },
    get isTrusted() {
      return isTrusted;
    },
  };
  const cache = createPrincipalCache({ changes, clock: { now: () => new Date(now) } });
  const load = async (): Promise<Principal> => {
    reads += 1;
    return principal('u1');
  };
  return {
    cache,
    find: () => cache.find('k', load),
    readCount: () => reads,
    notify: (payload: string) => hear?.onPayload(payload),
    gap: (isConnected: boolean) => {
      isTrusted = isConnected;
      hear?.onReset();
    },
    advance: (ms: number): void => {
      now += ms;
    },
  };
}

test('a principal is read once in 30 seconds', async () => {
  const { find, readCount, advance } = createFixture();
  await find();
  advance(29_999);
  await find();
  expect(readCount()).toBe(1);
  advance(1);
  await find();
  expect(readCount()).toBe(2);
});

test('a notification makes the next request read again, of that person only', async () => {
  const { find, readCount, notify } = createFixture();
  await find();
  notify('u2');
  await find();
  expect(readCount()).toBe(1);
  notify('u1');
  await find();
  expect(readCount()).toBe(2);
});

test('while the connection that hears of changes is lost, nothing is served from memory', async () => {
  const { find, readCount, gap, cache } = createFixture();
  await find();
  gap(false);
  await find();
  await find();
  expect([readCount(), cache.isListening]).toEqual([3, false]);
  gap(true);
  await find();
  await find();
  expect([readCount(), cache.isListening]).toEqual([4, true]);
});

test('a read that began before a change is neither kept nor shared after it', async () => {
  const { cache, notify } = createFixture();
  const answers: ((value: Principal | undefined) => void)[] = [];
  const load = (): Promise<Principal | undefined> => new Promise((resolve) => answers.push(resolve));
  const before = cache.find('k', load);
  const shared = cache.find('k', load);
  notify('u1');
  const after = cache.find('k', load);
  expect(answers).toHaveLength(2);
  answers[1]?.(undefined);
  answers[0]?.(principal('u1'));
  expect([await before, await shared, await after].map((found) => found?.userId)).toEqual(['u1', 'u1', undefined]);
  const later = cache.find('k', load);
  answers[2]?.(undefined);
  expect(await later).toBeUndefined();
});
