import type { Actor } from '../access/index.ts';
import type { IdentityContext } from './context.ts';
import { findBySession, findByToken } from './principals.ts';

/** Tells whoever answers for a long time when what it answers by may be over. */
export interface Revocations {
  /** Grows with every change of rights that this process hears of. */
  readonly epoch: number;
  /** Calls back when rights of a person, or of anybody (undefined), may have changed; here or in any other process. */
  onChange(listener: (userId: string | undefined) => void): void;
  /** Whether the session or token still counts, with the same role, level and group as when the request began. */
  stillHolds(actor: Actor): Promise<boolean>;
}

export function createRevocations({ cache, clock, db }: IdentityContext): Revocations {
  return {
    get epoch() {
      return cache.epoch;
    },
    onChange: cache.onForget,
    stillHolds: async ({ sessionId, via, role, level, groupId }) => {
      const find = via === 'session' ? findBySession : findByToken;
      const now = await db.withSystem((tx) => find(tx, sessionId));
      if (now === undefined || now.expiresAt <= clock.now()) return false;
      return now.role === role && now.level === level && now.groupId === groupId;
    },
  };
}
