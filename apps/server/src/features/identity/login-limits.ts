import { createHmac, type KeyObject } from 'node:crypto';
import { Failure } from '../../kernel/failure.ts';
import type { Counter, Counters } from './counters.ts';
import { networkOf } from './network.ts';

const WINDOW_SECONDS = 15 * 60;

/** Tries that reach the hash in a window of a quarter of an hour; each is given back when the password was right. */
const ACCOUNT_TRIES = 7;
/** Kept for addresses without a failure, so that who attacks an account can't lock its owner out: 10 in all. */
const RESERVED_TRIES = 3;
/** Kept for networks from which somebody of this server has signed in: who attacks from a thousand others can't use them up. */
const HOUSE_TRIES = 3;
/** Of a place from which this account has signed in before; counted apart from the account's. */
const KNOWN_PLACE_TRIES = 7;
const ADDRESS_TRIES = 50;

export interface Try {
  /** Accounts that don't exist are counted like those that do. */
  readonly account: string;
  readonly ip: string;
  /** A place from which this account has signed in before. */
  readonly known?: string | undefined;
  /** Somebody has signed in from this network before. */
  readonly isHouse?: boolean;
}

export interface Attempt {
  /** The password was right, or was never looked at: nothing of this attempt counts. */
  giveBack(): Promise<void>;
}

export interface LoginLimits {
  /**
   * Counts an attempt before its password is hashed. Fails with RATE_LIMITED; `onFirst` runs for the first refusal of an
   * account and address in a window.
   */
  begin(attempt: Try, onFirst?: () => Promise<void>): Promise<Attempt>;
}

/** For an attempt whose password was never looked at: gives it back, if the database is there, and lets the error go on. */
export const giveBack =
  (attempt: Attempt) =>
  async (error: unknown): Promise<never> => {
    await attempt.giveBack().catch(() => undefined);
    throw error;
  };

interface Budget {
  readonly counter: Counter;
  readonly key: string;
}

/** Brakes on guessing: by account, by place and by address, for all processes that share the counters. These hold keyed hashes only. */
export function createLoginLimits(counters: Counters, secret: KeyObject): LoginLimits {
  const byAccount = counters('account', ACCOUNT_TRIES, WINDOW_SECONDS);
  const reserved = counters('reserve', RESERVED_TRIES, WINDOW_SECONDS);
  const ofHouse = counters('house', HOUSE_TRIES, WINDOW_SECONDS);
  const byKnownPlace = counters('place', KNOWN_PLACE_TRIES, WINDOW_SECONDS);
  const byAddress = counters('address', ADDRESS_TRIES, WINDOW_SECONDS);
  const refusals = counters('refusal', 1, WINDOW_SECONDS);
  const hashed = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url');

  /** The first budget with room that this attempt may draw on, or the milliseconds until there is one. */
  async function draw({ account, known, isHouse = false }: Try, address: string): Promise<Budget | number> {
    if (known !== undefined) {
      const own = { counter: byKnownPlace, key: hashed(`${known} ${account}`) };
      return (await own.counter.take(own.key)) || own;
    }
    const key = hashed(account);
    const [accountWaitMs, failures] = await Promise.all([byAccount.take(key), byAddress.count(address)]);
    if (accountWaitMs === 0) return { counter: byAccount, key };
    let shortestMs = accountWaitMs;
    for (const counter of [...(failures === 0 ? [reserved] : []), ...(isHouse ? [ofHouse] : [])]) {
      const waitMs = await counter.take(key);
      if (waitMs === 0) return { counter, key };
      shortestMs = Math.min(shortestMs, waitMs);
    }
    return shortestMs;
  }

  return {
    begin: async (attempt, onFirst) => {
      const network = networkOf(attempt.ip);
      const address = hashed(network);
      const refuse = async (waitMs: number): Promise<never> => {
        if ((await refusals.take(hashed(`${network} ${attempt.account}`))) === 0) await onFirst?.();
        throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
      };
      const budget = await draw(attempt, address);
      if (typeof budget === 'number') return refuse(budget);
      const addressWaitMs = await byAddress.take(address);
      // A known place answers for itself: a neighbour's failures behind the same address don't stop it.
      if (addressWaitMs > 0 && attempt.known === undefined) {
        await budget.counter.giveBack(budget.key);
        return refuse(addressWaitMs);
      }
      return {
        giveBack: async () => {
          await budget.counter.giveBack(budget.key);
          if (addressWaitMs === 0) await byAddress.giveBack(address);
        },
      };
    },
  };
}
