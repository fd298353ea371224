import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Tx } from '../../src/platform/db/database.ts';
import { announce, type Channel, type SharedState } from '../../src/platform/shared-state/index.ts';

/** Two processes that share a state, and what its contract must be able to do to them. */
export interface StatesUnderTest {
  readonly first: SharedState;
  readonly second: SharedState;
  /** One transaction of the database that both have. */
  transaction(work: (tx: Tx) => Promise<unknown>): Promise<unknown>;
  /** The first process loses its way to the others, and does not find it again before `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

const POLL = { timeout: 20_000 };

/** What SharedState promises, for one adapter: a second one runs the same. */
export function sharedStateContract(name: string, makeStates: () => Promise<StatesUnderTest>): void {
  describe(`${name} keeps the contract of shared state`, () => {
    let made: StatesUnderTest;
    const both = (): SharedState[] => [made.first, made.second];
    beforeEach(async () => {
      made = await makeStates();
    });
    afterEach(() => made.close());

    describe('counters', () => {
      test('count what all processes take: of many at once exactly as many get through as may', async () => {
        const counters = both().map((state) => state.counters('race', 7, 600));
        const taken = await Promise.all(Array.from({ length: 40 }, (_, index) => counters[index % 2]?.take('key')));
        expect(taken.filter((waitMs) => waitMs === 0)).toHaveLength(7);
        for (const waitMs of taken) expect(waitMs).toBeLessThanOrEqual(600_000);
        for (const counter of counters) {
          const { count, waitMs } = await counter.look('key');
          expect([count, waitMs > 0]).toEqual([7, true]);
        }
      });

      test('keep uses and keys apart; looking counts nothing, and what is given back can be taken again', async () => {
        const [one, other] = [made.first.counters('one', 2, 600), made.second.counters('other', 2, 600)];
        for (let turn = 0; turn < 3; turn += 1) expect(await one.look('a')).toEqual({ count: 0, waitMs: 0 });
        expect([await one.take('a'), await one.take('a')]).toEqual([0, 0]);
        expect(await one.take('a')).toBeGreaterThan(0);
        expect([await one.take('b'), await other.take('a')]).toEqual([0, 0]);
        const again = made.second.counters('one', 2, 600);
        await again.giveBack('a');
        expect(await again.look('a')).toEqual({ count: 1, waitMs: 0 });
        expect([await one.take('a'), (await again.take('a')) > 0]).toEqual([0, true]);
      });

      test('begin from nothing when the window is over', async () => {
        const [counter, same] = both().map((state) => state.counters('short', 1, 1));
        expect(await counter?.take('key')).toBe(0);
        await expect.poll(() => same?.look('key'), POLL).toEqual({ count: 0, waitMs: 0 });
        expect(await same?.take('key')).toBe(0);
      });
    });

    /** What each of both hears of a channel; `!` is a reset. */
    async function hearing(channel: Channel): Promise<[string[], string[]]> {
      const heard: [string[], string[]] = [[], []];
      for (const [index, state] of both().entries())
        state.changes.subscribe(channel, {
          onPayload: (payload) => void heard[index]?.push(payload),
          onReset: () => void heard[index]?.push('!'),
        });
      for (const state of both()) await expect.poll(() => state.changes.isTrusted, POLL).toBe(true);
      for (const one of heard) one.length = 0;
      return heard;
    }
    const tell = (channel: Channel, ...payloads: string[]): Promise<unknown> =>
      made.transaction((tx) => announce(tx, channel, payloads));

    describe('changes', () => {
      test('are heard by every process, in the order of the commits, on their channel alone', async () => {
        const [heard, others] = [await hearing('negatoscope_series'), await hearing('negatoscope_index')];
        await tell('negatoscope_series', 'one', 'two');
        await tell('negatoscope_index', 'élève 写');
        await tell('negatoscope_series', 'three');
        for (const one of heard) await expect.poll(() => one, POLL).toEqual(['one', 'two', 'three']);
        for (const one of others) await expect.poll(() => one, POLL).toEqual(['élève 写']);
      });

      test('are told once the transaction is committed, and never when it is undone', async () => {
        const heard = await hearing('negatoscope_series');
        await made.transaction(async (tx) => {
          await announce(tx, 'negatoscope_series', ['early']);
          // Another transaction is faster.
          await tell('negatoscope_series', 'first');
          for (const one of heard) await expect.poll(() => one, POLL).toEqual(['first']);
        });
        const undone = made.transaction(async (tx) => {
          await announce(tx, 'negatoscope_series', ['undone']);
          throw new Error('undone');
        });
        await expect(undone).rejects.toThrow('undone');
        await tell('negatoscope_series', 'last');
        for (const one of heard) await expect.poll(() => one, POLL).toEqual(['first', 'early', 'last']);
      });

      test('are heard no more by who ended the subscription', async () => {
        const heard: string[] = [];
        const listen = (): (() => void) =>
          made.first.changes.subscribe('negatoscope_series', {
            onPayload: (payload) => void heard.push(payload),
            onReset: () => undefined,
          });
        const [ended, stays] = [listen(), listen()];
        await expect.poll(() => made.first.changes.isTrusted, POLL).toBe(true);
        await tell('negatoscope_series', 'one');
        await expect.poll(() => heard, POLL).toEqual(['one', 'one']);
        ended();
        await tell('negatoscope_series', 'two');
        await expect.poll(() => heard, POLL).toEqual(['one', 'one', 'two']);
        stays();
      });

      test('that may have been missed are told as such, and nothing is trusted until all are heard again', async () => {
        const [deaf, hearer] = await hearing('negatoscope_series');
        made.cut();
        await expect.poll(() => made.first.changes.isTrusted, POLL).toBe(false);
        await expect.poll(() => deaf, POLL).toContain('!');
        await tell('negatoscope_series', 'missed');
        await expect.poll(() => hearer, POLL).toEqual(['missed']);
        expect([deaf.filter((payload) => payload !== '!'), made.second.changes.isTrusted]).toEqual([[], true]);
        deaf.length = 0;
        made.mend();
        await expect.poll(() => made.first.changes.isTrusted, POLL).toBe(true);
        // Before it is trusted again, whatever was learned meanwhile is forgotten.
        expect(deaf).toEqual(['!']);
        await tell('negatoscope_series', 'heard');
        await expect.poll(() => deaf, POLL).toEqual(['!', 'heard']);
      });
    });

    describe('live events', () => {
      test('are heard by every process that listens, as they were sent, and by nobody who stopped', async () => {
        const heard: [string[], string[]] = [[], []];
        const ends = both().map((state, index) =>
          state.events.subscribe('job-sent', (payload) => void heard[index]?.push(payload)),
        );
        for (const state of both()) await expect.poll(() => state.changes.isTrusted, POLL).toBe(true);
        const payloads = ['plain', 'with spaces  and "quotes"', '', `long ${'é'.repeat(1_900)}`];
        for (const payload of payloads) await made.first.events.publish('job-sent', payload);
        for (const one of heard) await expect.poll(() => one, POLL).toEqual(payloads);
        ends[0]?.();
        await made.second.events.publish('job-sent', 'after');
        await expect.poll(() => heard[1], POLL).toEqual([...payloads, 'after']);
        expect(heard[0]).toEqual(payloads);
      });

      test('of a transaction are heard when it is committed, and only then; one that is too long is refused', async () => {
        const heard: string[] = [];
        made.second.events.subscribe('job-sent', (payload) => void heard.push(payload));
        await expect.poll(() => made.second.changes.isTrusted, POLL).toBe(true);
        await made.transaction(async (tx) => {
          await made.first.events.publish('job-sent', 'in it', tx);
          await made.first.events.publish('job-sent', 'beside it');
          await expect.poll(() => heard, POLL).toEqual(['beside it']);
        });
        await expect.poll(() => heard, POLL).toEqual(['beside it', 'in it']);
        await expect(made.first.events.publish('job-sent', 'x'.repeat(4_001))).rejects.toThrow('short');
      });
    });
  });
}
