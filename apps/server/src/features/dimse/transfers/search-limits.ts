import { Failure } from '../../../kernel/failure.ts';
import type { Counters } from '../../../platform/shared-state/index.ts';

/** Searches of one person: who types and looks reaches neither; who walks through an archive does. */
const MOST_IN_A_MINUTE = 30;
const MOST_AT_ONCE = 3;

export interface SearchLimits {
  /** Takes a place; whatever is called more than once gives back one. Fails with RATE_LIMITED. */
  begin(userId: string): Promise<() => void>;
}

/** In a minute of all processes together, at a time of each. */
export function searchLimits(counters: Counters): SearchLimits {
  const inMinute = counters('node-searches', MOST_IN_A_MINUTE, 60);
  const running = new Map<string, number>();
  return {
    begin: async (userId) => {
      const now = running.get(userId) ?? 0;
      if (now >= MOST_AT_ONCE) throw new Failure('RATE_LIMITED', { retryAfterSeconds: 2 });
      running.set(userId, now + 1);
      let hasLeft = false;
      const leave = (): void => {
        if (hasLeft) return;
        hasLeft = true;
        const left = (running.get(userId) ?? 1) - 1;
        if (left > 0) running.set(userId, left);
        else running.delete(userId);
      };
      try {
        const waitMs = await inMinute.take(userId);
        if (waitMs > 0) throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
        return leave;
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}
