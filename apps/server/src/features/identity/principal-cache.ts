import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/log/log.ts';
import { evictOldest } from './evict.ts';
import type { Principal } from './principals.ts';

const CHANNEL = 'negatoscope_identity';
const FRESH_MS = 30_000;
const MOST_ENTRIES = 10_000;
const LISTEN_RETRY_MS = 1_000;

export interface PrincipalCache {
  /** The principal of a key, from memory when it was read less than 30 s ago and nothing changed since. */
  find(key: string, load: () => Promise<Principal | undefined>): Promise<Principal | undefined>;
  /** Forgets one person, at once; other processes are told by the database. */
  forget(userId: string): void;
  /** How often anything was forgotten. */
  readonly epoch: number;
  /** Calls back after each change that takes rights away, whoever made it; without a person when any may have changed. */
  onForget(listener: (userId: string | undefined) => void): void;
  /** Whether this process hears of changes now; while it doesn't, every request asks the database. */
  readonly isListening: boolean;
  close(): Promise<void>;
}

/**
 * Sessions, tokens and their people as this process read them last. The database notifies every process of each change that
 * takes rights away; a read that began before such a change is never kept.
 */
export function createPrincipalCache({ db, clock, log }: { db: Db; clock: Clock; log: Logger }): PrincipalCache {
  const entries = new Map<string, { principal: Principal; readAt: number }>();
  const pending = new Map<string, Promise<Principal | undefined>>();
  const listeners: ((userId: string | undefined) => void)[] = [];
  let epoch = 0;
  let isListening = false;

  const forget = (userId?: string): void => {
    epoch += 1;
    pending.clear();
    if (userId === undefined) entries.clear();
    else for (const [key, { principal }] of entries) if (principal.userId === userId) entries.delete(key);
    for (const listener of listeners) listener(userId);
  };

  const subscription = keepListening({
    listen: () =>
      db.listen(CHANNEL, forget, (isConnected) => {
        isListening = isConnected;
        forget();
      }),
    onReady: () => {
      forget();
      isListening = true;
    },
    onFailure: (error) => log.warn({ error: error.message }, 'identity changes are not heard yet'),
  });

  async function read(key: string, load: () => Promise<Principal | undefined>): Promise<Principal | undefined> {
    const begun = epoch;
    const readAt = clock.now().getTime();
    const principal = await load();
    if (principal !== undefined && begun === epoch && isListening) {
      entries.set(key, { principal, readAt });
      evictOldest(entries, MOST_ENTRIES);
    }
    return principal;
  }

  return {
    forget,
    get epoch() {
      return epoch;
    },
    onForget: (listener) => void listeners.push(listener),
    get isListening() {
      return isListening;
    },
    find: (key, load) => {
      const entry = entries.get(key);
      const age = entry === undefined ? FRESH_MS : clock.now().getTime() - entry.readAt;
      if (entry !== undefined && isListening && age >= 0 && age < FRESH_MS) return Promise.resolve(entry.principal);
      entries.delete(key);
      const begun = pending.get(key);
      if (begun !== undefined) return begun;
      const reading = read(key, load).finally(() => {
        if (pending.get(key) === reading) pending.delete(key);
      });
      pending.set(key, reading);
      return reading;
    },
    close: async () => {
      isListening = false;
      await subscription.close();
    },
  };
}

interface Subscription {
  listen(): Promise<() => Promise<void>>;
  onReady(): void;
  onFailure(error: Error): void;
}

/** Subscribes now, or every second until it works: a database that is away at start costs the cache, not the server. */
function keepListening({ listen, onReady, onFailure }: Subscription): { close(): Promise<void> } {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const attempt = async (): Promise<(() => Promise<void>) | undefined> => {
    try {
      const stop = await listen();
      if (!closed) onReady();
      return stop;
    } catch (error) {
      if (closed) return undefined;
      onFailure(error instanceof Error ? error : new Error(String(error)));
      timer = setTimeout(() => {
        current = attempt();
      }, LISTEN_RETRY_MS).unref();
      return undefined;
    }
  };
  let current = attempt();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const stop = await current;
      await stop?.();
    },
  };
}
