import type { Clock } from '../../kernel/clock.ts';
import type { Changes } from '../../platform/shared-state/index.ts';
import { evictOldest } from './evict.ts';
import type { Principal } from './principals.ts';

const FRESH_MS = 30_000;
const MOST_ENTRIES = 10_000;

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
  close(): void;
}

/**
 * Sessions, tokens and their people as this process read them last. The database notifies every process of each change that
 * takes rights away; a read that began before such a change is never kept.
 */
export function createPrincipalCache({ changes, clock }: { changes: Changes; clock: Clock }): PrincipalCache {
  const entries = new Map<string, { principal: Principal; readAt: number }>();
  const pending = new Map<string, Promise<Principal | undefined>>();
  const listeners: ((userId: string | undefined) => void)[] = [];
  let epoch = 0;

  const forget = (userId?: string): void => {
    epoch += 1;
    pending.clear();
    if (userId === undefined) entries.clear();
    else for (const [key, { principal }] of entries) if (principal.userId === userId) entries.delete(key);
    for (const listener of listeners) listener(userId);
  };

  const unsubscribe = changes.subscribe('negatoscope_identity', { onPayload: forget, onReset: () => forget() });

  async function read(key: string, load: () => Promise<Principal | undefined>): Promise<Principal | undefined> {
    const begun = epoch;
    const readAt = clock.now().getTime();
    const principal = await load();
    if (principal !== undefined && begun === epoch && changes.isTrusted) {
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
      return changes.isTrusted;
    },
    find: (key, load) => {
      const entry = entries.get(key);
      const age = entry === undefined ? FRESH_MS : clock.now().getTime() - entry.readAt;
      if (entry !== undefined && changes.isTrusted && age >= 0 && age < FRESH_MS) return Promise.resolve(entry.principal);
      entries.delete(key);
      const begun = pending.get(key);
      if (begun !== undefined) return begun;
      const reading = read(key, load).finally(() => {
        if (pending.get(key) === reading) pending.delete(key);
      });
      pending.set(key, reading);
      return reading;
    },
    close: unsubscribe,
  };
}
