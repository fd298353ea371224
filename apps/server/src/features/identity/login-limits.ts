import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import { evictOldest } from './evict.ts';
import { networkOf } from './network.ts';

const WINDOW_MS = 15 * 60_000;
const MOST_KEYS = 20_000;

/** Tries that reach the hash within a quarter of an hour; each is given back when the password was right. */
const ACCOUNT_TRIES = 7;
/** Kept for addresses without a failure, so that who attacks an account can't lock its owner out: 10 in all. */
const RESERVED_TRIES = 3;
/** Of an address from which this account has signed in before; counted apart from the account's. */
const KNOWN_PLACE_TRIES = 7;
const ADDRESS_TRIES = 50;

/** The times of the last events of each key, at most `limit` of them in a window; old keys leave first. */
class Windows {
  readonly #times = new Map<string, number[]>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  #recent(key: string, now: number): number[] {
    return (this.#times.get(key) ?? []).filter((time) => now - time < WINDOW_MS);
  }

  count(key: string, now: number): number {
    return this.#recent(key, now).length;
  }

  /** Milliseconds until the next event is allowed; 0 when it is now. */
  waitMs(key: string, now: number): number {
    const times = this.#recent(key, now);
    return times.length < this.#limit ? 0 : (times[0] ?? now) + WINDOW_MS - now;
  }

  add(key: string, now: number): void {
    const times = this.#recent(key, now);
    this.#times.delete(key);
    this.#times.set(key, [...times, now]);
    evictOldest(this.#times, MOST_KEYS);
  }

  remove(key: string, time: number): void {
    const times = this.#times.get(key);
    const index = times?.indexOf(time) ?? -1;
    if (times === undefined || index < 0) return;
    if (times.length === 1) this.#times.delete(key);
    else this.#times.set(key, times.toSpliced(index, 1));
  }
}

export interface Attempt {
  /** The password was right: nothing of this attempt counts, and its address is known from now on. */
  succeeded(): void;
  /** The attempt never reached the hash. */
  withdraw(): void;
}

export interface LoginLimits {
  /**
   * Counts an attempt before its password is hashed. Fails with RATE_LIMITED; `onFirst` runs for the first refusal of an
   * account and address in a window.
   */
  begin(account: string, ip: string, onFirst?: () => Promise<void>): Promise<Attempt>;
}

/**
 * Brakes on guessing: by account, by address and by both, in this process only, in maps of bounded size. Accounts that don't
 * exist are counted like those that do.
 */
export function createLoginLimits(clock: Clock): LoginLimits {
  const byAccount = new Windows(ACCOUNT_TRIES);
  const reserved = new Windows(RESERVED_TRIES);
  const byKnownPlace = new Windows(KNOWN_PLACE_TRIES);
  const byAddress = new Windows(ADDRESS_TRIES);
  const refusals = new Windows(1);
  const knownPlaces = new Set<string>();

  function budgetOf(account: string, address: string, now: number): { windows: Windows; key: string } {
    const pair = `${address} ${account}`;
    if (knownPlaces.has(pair)) return { windows: byKnownPlace, key: pair };
    const isClean = byAddress.count(address, now) === 0;
    const useReserve = isClean && byAccount.waitMs(account, now) > 0;
    return { windows: useReserve ? reserved : byAccount, key: account };
  }

  return {
    begin: async (account, ip, onFirst) => {
      const now = clock.now().getTime();
      const address = networkOf(ip);
      const pair = `${address} ${account}`;
      const { windows, key } = budgetOf(account, address, now);
      const addressWait = windows === byKnownPlace ? 0 : byAddress.waitMs(address, now);
      const waitMs = Math.max(windows.waitMs(key, now), addressWait);
      if (waitMs > 0) {
        if (refusals.waitMs(pair, now) === 0) {
          refusals.add(pair, now);
          await onFirst?.();
        }
        throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
      }
      windows.add(key, now);
      byAddress.add(address, now);
      const withdraw = (): void => {
        windows.remove(key, now);
        byAddress.remove(address, now);
      };
      return {
        withdraw,
        succeeded: () => {
          withdraw();
          knownPlaces.delete(pair);
          knownPlaces.add(pair);
          evictOldest(knownPlaces, MOST_KEYS);
        },
      };
    },
  };
}
