import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Db, openDatabase } from '../../src/platform/db/database.ts';
import { openPostgresState, openRedisState, type SharedState } from '../../src/platform/shared-state/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { cutListening, openDatabaseProxy } from '../support/database-proxy.ts';
import { hasRedis, openRedis, type Redis } from '../support/redis.ts';
import { itInLongRun } from '../support/sample.ts';
import { sharedStateContract } from './shared-state-contract.ts';

const POLL = { timeout: 15_000, interval: 20 };
const quiet = (): void => undefined;

describe.runIf(hasRedis)('shared state with Redis', () => {
  let redis: Redis;
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    redis = await openRedis();
    database = await createTestDatabase();
    db = openDatabase({ connection: database.appConfig, poolSize: 6 });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
    await redis.stop();
  });

  sharedStateContract('Redis over PostgreSQL', async () => {
    const proxy = await openDatabaseProxy(database.appConfig);
    const options = { url: redis.url, namespace: randomUUID(), onTurn: quiet };
    const first = await openRedisState(openPostgresState({ db, connection: proxy.connection }), options);
    const second = await openRedisState(openPostgresState({ db, connection: database.appConfig }), options);
    for (const state of [first, second]) await expect.poll(() => state.redis(), POLL).toBe('OK');
    return {
      first,
      second,
      transaction: (work) => db.withSystem(work),
      ...cutListening(proxy),
      close: async () => {
        for (const state of [first, second]) await state.close();
        await proxy.close();
      },
    };
  });

  describe('a Redis that', () => {
    let state: SharedState;
    const turns: [boolean, string][] = [];
    const open = (url: string): Promise<SharedState> =>
      openRedisState(openPostgresState({ db, connection: database.appConfig }), {
        ...{ url, namespace: randomUUID() },
        onTurn: (...turn) => void turns.push(turn),
      });
    const quickly = async <T>(work: Promise<T>): Promise<T> => {
      const begun = performance.now();
      const result = await work;
      expect(performance.now() - begun).toBeLessThan(1_500);
      return result;
    };
    beforeEach(async () => {
      turns.length = 0;
      state = await open(redis.url);
      await expect.poll(() => state.redis(), POLL).toBe('OK');
    });
    afterEach(() => state.close());

    test('is gone and comes back empty: limits and events go by the database meanwhile, each turn is told once', async () => {
      const counter = state.counters('gone', 2, 600);
      expect([await counter.take('key'), await counter.take('key')]).toEqual([0, 0]);
      expect(await counter.take('key')).toBeGreaterThan(0);
      await redis.kill();
      // What the database allows once more, and no more.
      expect(await quickly(counter.take('key'))).toBe(0);
      expect(await quickly(counter.take('key'))).toBe(0);
      expect(await quickly(counter.take('key'))).toBeGreaterThan(0);
      const heard: string[] = [];
      state.events.subscribe('job-sent', (payload) => void heard.push(payload));
      await expect.poll(() => state.changes.isTrusted, POLL).toBe(true);
      await state.events.publish('job-sent', 'by the database');
      await db.withSystem((tx) => state.events.publish('job-sent', 'in a transaction', tx));
      await expect.poll(() => heard, POLL).toEqual(['by the database', 'in a transaction']);
      expect(state.redis()).toBe('UNAVAILABLE');
      await redis.start();
      await expect.poll(() => state.redis(), POLL).toBe('OK');
      expect(turns.map(([isHere]) => isHere)).toEqual([true, false, true]);
      await db.withSystem((tx) => state.events.publish('job-sent', 'by Redis', tx));
      await expect.poll(() => heard.at(-1), POLL).toBe('by Redis');
      expect(await counter.take('key')).toBe(0);
    });

    test('stands still holds nobody up: asked once for half a second, then not until it answers in time', async () => {
      const counter = state.counters('slow', 5, 600);
      redis.freeze();
      try {
        await quickly(counter.take('key'));
        expect([state.redis(), turns.at(-1)]).toEqual(['UNAVAILABLE', [false, 'SLOW']]);
        const begun = performance.now();
        for (let turn = 0; turn < 3; turn += 1) await counter.look('key');
        expect(performance.now() - begun).toBeLessThan(400);
      } finally {
        redis.thaw();
      }
      await expect.poll(() => state.redis(), POLL).toBe('OK');
    });

    itInLongRun(
      'refuses the password, or takes nothing more, is not used, and the reason is told without its address',
      async () => {
        const stranger = await open(redis.url.replace('of-the-tests', 'wrong-secret'));
        await expect.poll(() => turns.at(-1), POLL).toEqual([false, 'WRONGPASS']);
        expect(await stranger.counters('wrong', 1, 600).take('key')).toBe(0);
        await stranger.close();
        await redis.say('CONFIG SET maxmemory 1');
        await expect.poll(() => turns.at(-1), POLL).toEqual([false, 'OOM']);
        expect(await state.counters('full', 1, 600).take('key')).toBe(0);
        await redis.say('CONFIG SET maxmemory 0');
        await expect.poll(() => state.redis(), POLL).toBe('OK');
      },
    );

    test('an event of a transaction that is undone, or whose commit takes it back, is not sent', async () => {
      const heard: string[] = [];
      state.events.subscribe('job-sent', (payload) => void heard.push(payload));
      await expect(
        db.withSystem(async (tx) => {
          await state.events.publish('job-sent', 'undone', tx);
          throw new Error('undone');
        }),
      ).rejects.toThrow('undone');
      await db.withSystem(async (tx) => {
        await state.events.publish('job-sent', 'taken back', tx);
        await tx.rows('SELECT 1 / 0').catch(() => undefined);
      });
      await state.events.publish('job-sent', 'last');
      await expect.poll(() => heard, POLL).toEqual(['last']);
    });
  });
});
