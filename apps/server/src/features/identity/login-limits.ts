import { createHmac, type KeyObject } from 'node:crypto';
import { Failure } from '../../kernel/failure.ts';
import type { Counter, Counters } from '../../platform/shared-state/index.ts';
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

/**
 * What strangers choose (names, addresses) is counted in so many slots of each use: who invents a million of them fills slots, and the table has no more
 * rows than that. Two of a slot share its budget, so that no limit lets more through; a wrong password costs a hash, of which a server
 * makes too few in a window to fill them.
 */
export const SLOTS = 65_536;

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
   * Counts an attempt before its password is hashed. Fails with RATE_LIMITED; `onFirst` runs for the first refusal of an account and address in a
   * window, and for the first of an address whatever the account.
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

interface Budgets {
  readonly byAccount: Counter;
  readonly reserved: Counter;
  readonly ofHouse: Counter;
  readonly byKnownPlace: Counter;
  readonly byAddress: Counter;
  readonly refusals: Counter;
  readonly secret: KeyObject;
  readonly slots: number;
}

/** Brakes on guessing: by account, by place and by address, for all processes that share the counters. These hold keyed hashes only. */
export function createLoginLimits(counters: Counters, secret: KeyObject, slots = SLOTS): LoginLimits {
  const budgets: Budgets = {
    byAccount: counters('account', ACCOUNT_TRIES, WINDOW_SECONDS),
    reserved: counters('reserve', RESERVED_TRIES, WINDOW_SECONDS),
    ofHouse: counters('house', HOUSE_TRIES, WINDOW_SECONDS),
    byKnownPlace: counters('place', KNOWN_PLACE_TRIES, WINDOW_SECONDS),
    byAddress: counters('address', ADDRESS_TRIES, WINDOW_SECONDS),
    refusals: counters('refusal', 1, WINDOW_SECONDS),
    secret,
    slots,
  };
  return { begin: (attempt, onFirst) => begin(budgets, attempt, onFirst) };
}

async function begin(budgets: Budgets, attempt: Try, onFirst?: () => Promise<void>): Promise<Attempt> {
  const { byAddress } = budgets;
  const network = networkOf(attempt.ip);
  const address = slotOf(budgets, network);
  const before = await byAddress.look(address);
  const isStranger = attempt.known === undefined;
  // Before any account is looked at: whatever names it tries, an address that failed too often leaves nothing behind.
  if (before.waitMs > 0 && isStranger) return refuse(budgets, before.waitMs, network, onFirst);
  const budget = await draw(budgets, attempt, before.count === 0);
  if (typeof budget === 'number') return refuse(budgets, budget, `${network} ${attempt.account}`, onFirst);
  const addressWaitMs = await byAddress.take(address);
  // A known place answers for itself: a neighbour's failures behind the same address don't stop it.
  if (addressWaitMs > 0 && isStranger) {
    await budget.counter.giveBack(budget.key);
    return refuse(budgets, addressWaitMs, network, onFirst);
  }
  return {
    giveBack: async () => {
      await budget.counter.giveBack(budget.key);
      if (addressWaitMs === 0) await byAddress.giveBack(address);
    },
  };
}

/** The first budget with room that this attempt may draw on, or the milliseconds until there is one. */
async function draw(budgets: Budgets, { account, known, isHouse = false }: Try, isClean: boolean): Promise<Budget | number> {
  const { byAccount, byKnownPlace, ofHouse, reserved } = budgets;
  if (known !== undefined) {
    // Nobody shares it: there are no more than people have places.
    const own = { counter: byKnownPlace, key: digest(budgets, `${known} ${account}`).toString('base64url') };
    return (await own.counter.take(own.key)) || own;
  }
  const key = slotOf(budgets, account);
  let shortestMs = await byAccount.take(key);
  if (shortestMs === 0) return { counter: byAccount, key };
  for (const counter of [...(isClean ? [reserved] : []), ...(isHouse ? [ofHouse] : [])]) {
    const waitMs = await counter.take(key);
    if (waitMs === 0) return { counter, key };
    shortestMs = Math.min(shortestMs, waitMs);
  }
  return shortestMs;
}

async function refuse(budgets: Budgets, waitMs: number, whom: string, onFirst?: () => Promise<void>): Promise<never> {
  if ((await budgets.refusals.take(slotOf(budgets, whom))) === 0) await onFirst?.();
  throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
}

const digest = ({ secret }: Pick<Budgets, 'secret'>, text: string): Buffer => createHmac('sha256', secret).update(text).digest();
const slotOf = (budgets: Pick<Budgets, 'secret' | 'slots'>, text: string): string =>
  (digest(budgets, text).readUInt32BE() % budgets.slots).toString(36);

/** The same counter by slots of what strangers choose. */
export function inSlots({ look, take, giveBack: back }: Counter, secret: KeyObject): Counter {
  const of = (key: string): string => slotOf({ secret, slots: SLOTS }, key);
  return { look: (key) => look(of(key)), take: (key) => take(of(key)), giveBack: (key) => back(of(key)) };
}
