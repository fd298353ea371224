import type pg from 'pg';
import { tracedWithin } from '../traces/index.ts';
import { type DatabaseOptions, type DatabaseWatch, openPool } from './pool.ts';
import { NoPrimary } from './primary.ts';
import { NotReplicated, requireReplicated } from './replicated.ts';
import { type RowScope, SYSTEM_SCOPE, scopeSetting } from './row-scope.ts';
import { sqlStateOf } from './sql-state.ts';
import type { Given, RowOf, RowsOf, SqlValue, Statement } from './statements.ts';

export { NO_ROWS, type RowScope, SYSTEM_SCOPE } from './row-scope.ts';
export type { SqlValue, Statement };
export { NotReplicated };

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

/**
 * What a connection answers. By a callback: of the promise that node-postgres makes itself something outlives its use, and each collection of young memory then
 * copied thousands of rows that nobody had any more (decision 138). The stack is that of who waits.
 */
const answerOf = (client: pg.PoolClient, asked: string | pg.QueryConfig): Promise<pg.QueryResult<never>> =>
  new Promise<pg.QueryResult<never>>((resolve, reject) => {
    client.query<never>(asked as pg.QueryConfig, (error, result) => (error ? reject(error) : resolve(result))); // Types have no callback for the one or the other.
  }).catch((error: Error) => {
    Error.captureStackTrace(error);
    throw error;
  });

class ClientTx implements Tx {
  readonly #client: pg.PoolClient;
  readonly #begin: string;
  readonly #watch: DatabaseWatch | undefined;
  readonly afterwards: (() => void)[] = [];
  /** The answer to its beginning, which leaves together with its first statement: undefined where there was none. */
  begun: ReturnType<typeof answerOf> | undefined;

  constructor(client: pg.PoolClient, begin: string, watch: DatabaseWatch | undefined) {
    this.#client = client;
    this.#begin = begin;
    this.#watch = watch;
  }

  #ask(sent: string | Statement, values?: readonly SqlValue[], name?: string): ReturnType<typeof answerOf> {
    if (this.begun === undefined) {
      this.begun = answerOf(this.#client, this.#begin);
      // Only a lost connection makes it fail, and every statement with it.
      this.begun.catch(() => undefined);
    }
    return timed(this.#watch, answerOf(this.#client, configOf(statementOf(sent, values, name))));
  }

  /** What the rows are is the promise of `Tx`: node-postgres knows nothing of them. */
  async rows(sent: string | Statement, values?: readonly SqlValue[], name?: string): Promise<never[]> {
    return (await this.#ask(sent, values, name)).rows;
  }

  async first(sent: string | Statement, values?: readonly SqlValue[], name?: string): Promise<undefined> {
    return (await this.rows(sent, values, name))[0];
  }

  async run(sent: string | Statement, values?: readonly SqlValue[], name?: string): Promise<number> {
    return (await this.#ask(sent, values, name)).rowCount ?? 0;
  }
}

/** Has something done once the transaction is committed, and only then. False, and nothing, when it is not the transaction itself that is given. */
export function afterCommit(tx: Tx, work: () => void): boolean {
  if (!(tx instanceof ClientTx)) return false;
  tx.afterwards.push(work);
  return true;
}

/** Tells how long an answer took. */
function timed<T>(watch: DatabaseWatch | undefined, answer: Promise<T>): Promise<T> {
  if (watch === undefined) return answer;
  const begun = performance.now();
  const told = (isFailed: boolean): void => watch.statement(performance.now() - begun, isFailed);
  answer.then(
    () => told(false),
    () => told(true),
  );
  return answer;
}

/** A pool, and who is told of what is asked through it. */
interface Watched {
  readonly pool: pg.Pool;
  readonly watch: DatabaseWatch | undefined;
}

export function openDatabase(options: DatabaseOptions): Db {
  const pool = openPool(options);
  const { watch } = options;
  watch?.pool(() => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }));
  const watched = { pool, watch };
  const withScope: Db['withScope'] = (scope, work) => inTransaction(watched, beginStatement(scope, 'READ WRITE'), work);
  return {
    withScope,
    reading: (scope, work) => inTransaction(watched, beginStatement(scope, 'READ ONLY'), work),
    withSystem: (work) => withScope(SYSTEM_SCOPE, work),
    inOneExchange: (scope, statements, plans) => sendTogether(watched, beginStatement(scope, 'READ WRITE', plans), statements),
    asking: (scope, statements, plans) => sendTogether(watched, beginStatement(scope, 'READ ONLY', plans), statements),
    close: () => pool.end(),
  };
}

const FACTS = { 'db.system.name': 'postgresql' };

const inTransaction = <T>(watched: Watched, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  tracedWithin('transaction', FACTS, () => runTransaction(watched, begin, work));

async function runTransaction<T>({ pool, watch }: Watched, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const tx = new ClientTx(client, begin, watch);
  try {
    const result = await work(tx);
    await tx.begun;
    // After a statement that failed and was forgiven, a commit takes everything back and says so.
    const isKept = tx.begun === undefined || (await answerOf(client, 'COMMIT')).command === 'COMMIT';
    if (isKept) for (const after of tx.afterwards) after();
    if (tx.begun !== undefined) requireReplicated(client);
    return result;
  } catch (error) {
    if (tx.begun === undefined) throw error;
    // Without its beginning, statements have run in no scope, and what `work` made of that (nothing is there) is not why it failed.
    const refused = await tx.begun.then(() => undefined, beginningOf);
    await answerOf(client, 'ROLLBACK').catch((rollback: Error) => {
      broken = rollback;
    });
    broken ??= refused;
    throw refused ?? error;
  } finally {
    client.release(broken);
  }
}

/** Why a transaction did not begin. One that is to write is refused by a replica (0A000), which is then no place to stay connected to. */
const beginningOf = (error: Error): Error =>
  sqlStateOf(error) === '0A000' ? new NoPrimary('the database is a replica, which takes no writes', { cause: error }) : error;

const sendTogether = (watched: Watched, begin: string, statements: readonly Statement[]): Promise<never> =>
  tracedWithin('transaction in one exchange', FACTS, () => exchange(watched, begin, statements));

async function exchange({ pool, watch }: Watched, begin: string, statements: readonly Statement[]): Promise<never> {
  const client = await pool.connect();
  const begun = performance.now();
  const sent = [answerOf(client, begin), ...statements.map((statement) => answerOf(client, configOf(statement)))];
  // After a failure the commit takes everything back. One that fails itself leaves a connection in an unknown state.
  const committed = answerOf(client, 'COMMIT');
  const ends = await Promise.allSettled([...sent, committed]);
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : [])); // node-postgres rejects with errors.
  watch?.statement(performance.now() - begun, failures.length > 0);
  const refused = ends[0]?.status === 'rejected' ? beginningOf(ends[0].reason as Error) : undefined;
  client.release(ends.at(-1)?.status === 'rejected' ? failures.at(-1) : refused);
  if (failures[0] !== undefined) throw refused ?? failures[0];
  requireReplicated(client);
  const rows = ends.slice(1, -1).flatMap((end) => (end.status === 'fulfilled' ? [end.value.rows] : []));
  return rows as never; // What `Db` promises of them: node-postgres knows nothing of rows.
}
