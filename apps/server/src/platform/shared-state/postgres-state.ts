import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { type Db, NO_ROWS, type Tx } from '../db/database.ts';
import { composed } from '../db/statements.ts';
import { countersOn } from './counters.ts';
import { EVENTS_CHANNEL, type ListenerOptions } from './listener-line.ts';
import { type Counters, requireShort, type SharedState } from './port.ts';
import { createListener } from './postgres-listener.ts';

export interface PostgresStateOptions extends ListenerOptions {
  readonly db: Db;
}

/** What processes share, by the database that they share: a table of counters, and notifications on one connection. */
export function openPostgresState({ db, ...options }: PostgresStateOptions): SharedState {
  const listener = createListener(options);
  return {
    counters: postgresCounters(db),
    changes: listener,
    events: {
      publish: async (topic, payload, tx) => {
        requireShort(payload);
        const told = (by: Tx): Promise<unknown> =>
          by.rows('SELECT pg_notify($1, $2)', [EVENTS_CHANNEL, `${topic} ${payload}`], 'publish');
        await (tx === undefined ? db.withScope(NO_ROWS, told) : told(tx));
      },
      subscribe: listener.onEvent,
    },
    redis: () => 'UNUSED',
    close: () => listener.close(),
  };
}

/** What the library asks of a client of PostgreSQL. */
interface LibraryQuery {
  readonly text: string;
  readonly values?: readonly (string | number | null)[];
  readonly name?: string;
}

/** In the table that a migration makes. Fail as the database does. */
function postgresCounters(db: Db): Counters {
  const client = {
    query: async (query: LibraryQuery): Promise<{ rows: object[]; rowCount: number }> => {
      const [rows = []] = await db.inOneExchange(NO_ROWS, [composed(query)]);
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
