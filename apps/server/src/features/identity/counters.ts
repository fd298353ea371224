import { type IRateLimiterOptions, type RateLimiterAbstract, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { type Db, SYSTEM_SCOPE } from '../../platform/db/database.ts';
import { composed } from '../../platform/db/statements.ts';

/** Events of each key in a window that begins with the first; when it is over, the key counts from nothing. */
export interface Counter {
  /** How many there are now, and the milliseconds until there is room: 0 when there is. Counts and writes nothing. */
  look(key: string): Promise<{ readonly count: number; readonly waitMs: number }>;
  /** Counts one more and answers 0, or counts nothing and answers the milliseconds until there is room. */
  take(key: string): Promise<number>;
  giveBack(key: string): Promise<void>;
}

/** Makes the counter of one use: `most` events of a key in `seconds`. */
export type Counters = (use: string, most: number, seconds: number) => Counter;

/** Counters over any store of the library: the memory of one process, PostgreSQL, and one day Redis. */
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

/** What the library asks of a client of PostgreSQL. */
interface LibraryQuery {
  readonly text: string;
  readonly values?: readonly (string | number | null)[];
  readonly name?: string;
}

/** Counters of all processes, in the table that a migration makes. Fail as the database does. */
export function postgresCounters(db: Db): Counters {
  const client = {
    query: async (query: LibraryQuery): Promise<{ rows: object[]; rowCount: number }> => {
      const [rows = []] = await db.together(SYSTEM_SCOPE, [composed(query)]);
      return { rows, rowCount: rows.length };
    },
  };
  let isFirst = true;
  return countersOn((options) => {
    // One of them takes out what ended an hour ago, for all: they share the table.
    const clearExpiredByTimeout = isFirst;
    isFirst = false;
    return new RateLimiterPostgres({
      ...options,
      storeClient: client,
      storeType: 'client',
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout,
    });
  });
}
