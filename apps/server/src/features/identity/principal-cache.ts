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

interface Memory {
  readonly changes: Changes;
  readonly clock: Clock;
  readonly entries: Map<string, { readonly principal: Principal; readonly readAt: number }>;
  readonly pending: Map<string, Promise<Principal | undefined>>;
  readonly listeners: ((userId: string | undefined) => void)[];
  epoch: number;
}

/**
 * Sessions, tokens and their people as this process read them last. The database notifies every process of each change that
 * takes rights away; a read that began before such a change is never kept.
 */
export function createPrincipalCache({ changes, clock }: { changes: Changes; clock: Clock }): PrincipalCache {
  const memory: Memory = { changes, clock, entries: new Map(), pending: new Map(), listeners: [], epoch: 0 };
  const unsubscribe = changes.subscribe('negatoscope_identity', {
    onPayload: (userId) => forget(memory, userId),
    onReset: () => forget(memory),
  });
  return {
    find: (key, load) => find(memory, key, load),
    forget: (userId) => forget(memory, userId),
    get epoch() {
      return memory.epoch;
    },
    onForget: (listener) => void memory.listeners.push(listener),
    get isListening() {
      return changes.isTrusted;
    },
    close: unsubscribe,
  };
}

type Load = () => Promise<Principal | undefined>;

function find(memory: Memory, key: string, load: Load): Promise<Principal | undefined> {
  const { changes, clock, entries, pending } = memory;
  const entry = entries.get(key);
  const age = entry === undefined ? FRESH_MS : clock.now().getTime() - entry.readAt;
  if (entry !== undefined && changes.isTrusted && age >= 0 && age < FRESH_MS) return Promise.resolve(entry.principal);
  entries.delete(key);
  const begun = pending.get(key);
  if (begun !== undefined) return begun;
  const reading = read(memory, key, load).finally(() => {
    if (pending.get(key) === reading) pending.delete(key);
  });
  pending.set(key, reading);
  return reading;
}

async function read(memory: Memory, key: string, load: Load): Promise<Principal | undefined> {
  const begun = memory.epoch;
  const readAt = memory.clock.now().getTime();
  const principal = await load();
  if (principal !== undefined && begun === memory.epoch && memory.changes.isTrusted) {
    memory.entries.set(key, { principal, readAt });
    evictOldest(memory.entries, MOST_ENTRIES);
  }
  return principal;
}

/** Without a person: everybody, because any may have changed. */
function forget(memory: Memory, userId?: string): void {
  const { entries, listeners, pending } = memory;
  memory.epoch += 1;
  pending.clear();
  if (userId === undefined) entries.clear();
  else for (const [key, { principal }] of entries) if (principal.userId === userId) entries.delete(key);
  for (const listener of listeners) listener(userId);
}
