import pg from 'pg';
import { GatheringSocket } from './gathering-socket.ts';
import { type RowScope, SYSTEM_SCOPE, scopeSetting } from './row-scope.ts';
import type { Given, RowOf, RowsOf, SqlValue, Statement } from './statements.ts';

export { NO_ROWS, type RowScope, SYSTEM_SCOPE } from './row-scope.ts';

export type { SqlValue, Statement };

/**
 * `once`: for any values, once a connection, where PostgreSQL would plan the first five times, or each time, for the very values. `in-order`: so too,
 * and along the index of the order, for what is cut after some rows.
 */
export type Plans = 'once' | 'in-order';
const ONCE = ';SET LOCAL plan_cache_mode = force_generic_plan';
const PLAN_SETTINGS: Readonly<Record<Plans, string>> = {
  once: ONCE,
  'in-order': `${ONCE};SET LOCAL enable_sort = off;SET LOCAL max_parallel_workers_per_gather = 0`,
};

/** What reading needs of a transaction: every `Tx` has it, and a transaction that PostgreSQL keeps from changing anything has nothing else. */
export interface ReadTx {
  /** Rows of one parametrised statement, typed from the catalogue. With a `name` it is prepared once a connection. */
  rows<const S extends string | Statement>(statement: S, ...given: Given<S>): Promise<RowOf<S>[]>;
  /** The first row, or undefined. */
  first<const S extends string | Statement>(statement: S, ...given: Given<S>): Promise<RowOf<S> | undefined>;
}

export interface Tx extends ReadTx {
  /** How many rows a statement changed. */
  run<const S extends string | Statement>(statement: S, ...given: Given<S>): Promise<number>;
}

export interface Db {
  /** One transaction as the application role in which only the rows of `scope` exist. */
  withScope<T>(scope: RowScope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same for reading only: PostgreSQL refuses a statement that changes something (25006). */
  reading<T>(scope: RowScope, work: (tx: ReadTx) => Promise<T>): Promise<T>;
  /** One transaction of the server itself, which sees all rows: jobs, sign-in, never on behalf of a person's request for data. */
  withSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Statements that don't need each other's answers as one transaction, sent together: one exchange with the database instead of one for
   * each statement, BEGIN and COMMIT. The rows of each; fails with the first failure, and then nothing is done. `plans` says how
   * named statements are planned.
   */
  inOneExchange<const L extends readonly Statement[]>(scope: RowScope, statements: L, plans?: Plans): Promise<RowsOf<L>>;
  /** The same for reading only. */
  asking<const L extends readonly Statement[]>(scope: RowScope, statements: L, plans?: Plans): Promise<RowsOf<L>>;
  close(): Promise<void>;
}

type Mode = 'READ WRITE' | 'READ ONLY';

const beginStatement = (scope: RowScope, mode: Mode, plans?: Plans): string =>
  `BEGIN ${mode};${scopeSetting(scope)}${plans === undefined ? '' : PLAN_SETTINGS[plans]}`;

const configOf = ({ text, values, name }: Omit<Statement, 'like'>): pg.QueryConfig =>
  name === undefined ? { text, values: [...values] } : { text, values: [...values], name };
/** What a call sends, as a text with its values or as a statement that carries them. */
export const statementOf = (
  sent: string | Statement,
  values: readonly SqlValue[] = [],
  name?: string,
): Omit<Statement, 'like'> => (typeof sent === 'string' ? { text: sent, values, name } : sent);

class ClientTx implements Tx {
  readonly #client: pg.PoolClient;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  /** What the rows are is the promise of `Tx`: node-postgres knows nothing of them. */
  async rows(sent: string | Statement, values?: readonly SqlValue[], name?: string): Promise<never[]> {
    return (await this.#client.query<never>(configOf(statementOf(sent, values, name)))).rows;
  }

  async first(sent: string | Statement, values?: readonly SqlValue[], name?: string): Promise<undefined> {
    return (await this.rows(sent, values, name))[0];
  }

  async run(sent: string | Statement, values?: readonly SqlValue[], name?: string): Promise<number> {
    return (await this.#client.query(configOf(statementOf(sent, values, name)))).rowCount ?? 0;
  }
}

/** The server ends a statement after `statementMs`. One that stands still ends nothing: after `answerMs` the connection is given up. */
export interface Patience {
  readonly statementMs: number;
  readonly answerMs: number;
}

export const REQUEST_PATIENCE: Patience = { statementMs: 15_000, answerMs: 20_000 };
/** Packing, purging and reconciling go over whole tables. */
export const JOB_PATIENCE: Patience = { statementMs: 15 * 60_000, answerMs: 16 * 60_000 };

export interface DatabaseOptions {
  /** Connection of the application role (embedded server), or of the owner when `assumeRole` is set. */
  readonly connection: pg.ClientConfig;
  /** An outside DATABASE_URL signs in as the owner; each connection then gives up its rights to this role. */
  readonly assumeRole?: string;
  readonly poolSize?: number;
  /** How long one statement may take; that of a request without it. */
  readonly patience?: Patience;
  readonly onError?: (error: Error) => void;
}

const INT8 = 20;
const DATE = 1082;

/** bigint counts stay exact up to 2^53; dates stay `YYYY-MM-DD` text: DICOM dates have no time zone. */
function parserOf(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8) return (value: string) => Number(value);
  if (oid === DATE) return (value: string) => value;
  return pg.types.getTypeParser(oid, format);
}

export function openDatabase(options: DatabaseOptions): Db {
  const pool = openPool(options);
  const withScope: Db['withScope'] = (scope, work) => inTransaction(pool, beginStatement(scope, 'READ WRITE'), work);
  return {
    withScope,
    reading: (scope, work) => inTransaction(pool, beginStatement(scope, 'READ ONLY'), work),
    withSystem: (work) => withScope(SYSTEM_SCOPE, work),
    inOneExchange: (scope, statements, plans) => sendTogether(pool, beginStatement(scope, 'READ WRITE', plans), statements),
    asking: (scope, statements, plans) => sendTogether(pool, beginStatement(scope, 'READ ONLY', plans), statements),
    close: () => pool.end(),
  };
}

function openPool({ connection, assumeRole, patience = REQUEST_PATIENCE, poolSize = 12, onError }: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
    // Statements are sent without waiting for the answers of those before; each is still answered in its turn.
    pipeline: true,
    stream: () => new GatheringSocket(),
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    statement_timeout: patience.statementMs,
    query_timeout: patience.answerMs,
    idleTimeoutMillis: 60_000,
    // A new connection plans every statement and reads every policy anew (some 20 ms each): who asks after a pause waits for none of it.
    min: 2,
    ...(assumeRole === undefined
      ? {}
      : { onConnect: async (client) => void (await client.query(`SET ROLE ${pg.escapeIdentifier(assumeRole)}`)) }),
  });
  pool.on('error', (error) => onError?.(error));
  // The pool listens to idle connections only: one lost under a transaction fails its statements, and must not end the process as well.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

async function inTransaction<T>(pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Leaves together with the first statement of `work`; only a lost connection makes it fail, and every statement with it.
  const begun = client.query(begin);
  begun.catch(() => undefined);
  try {
    const result = await work(new ClientTx(client));
    await begun;
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollback: Error) => {
      broken = rollback;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function sendTogether(pool: pg.Pool, begin: string, statements: readonly Statement[]): Promise<never> {
  const client = await pool.connect();
  const sent = [client.query(begin), ...statements.map((statement) => client.query(configOf(statement)))];
  // After a failure the commit takes everything back. One that fails itself leaves a connection in an unknown state.
  const committed = client.query('COMMIT');
  const ends = await Promise.allSettled([...sent, committed]);
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : [])); // node-postgres rejects with errors.
  client.release(ends.at(-1)?.status === 'rejected' ? failures.at(-1) : undefined);
  if (failures[0] !== undefined) throw failures[0];
  const rows = ends.slice(1, -1).flatMap((end) => (end.status === 'fulfilled' ? [end.value.rows] : []));
  return rows as never; // What `Db` promises of them: node-postgres knows nothing of rows.
}
