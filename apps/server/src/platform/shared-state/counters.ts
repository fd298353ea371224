import { type IRateLimiterOptions, type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Counter, Counters } from './port.ts';

/** Counters over any store of the library: the memory of one process, PostgreSQL, and Redis. */
export function countersOn(open: (options: IRateLimiterOptions) => RateLimiterAbstract): Counters {
  return (use, most, seconds) => {
    const limiter = open({ keyPrefix: use, points: most, duration: seconds });
    const look: Counter['look'] = async (key) => {
      const now = await limiter.get(key);
      const count = now?.consumedPoints ?? 0;
      return { count, waitMs: now !== null && count >= most ? Math.max(1, now.msBeforeNext) : 0 };
    };
    return {
      look,
      take: async (key) => {
        // A flood of what is refused anyway only reads.
        const { waitMs } = await look(key);
        if (waitMs > 0) return waitMs;
        try {
          await limiter.consume(key);
          return 0;
        } catch (refusal) {
          if (!(refusal instanceof RateLimiterRes)) throw refusal;
          await limiter.reward(key);
          return Math.max(1, refusal.msBeforeNext);
        }
      },
      giveBack: async (key) => void (await limiter.reward(key)),
    };
  };
}
