import pg from 'pg';
import { poolClientOf } from './client.ts';
import { GatheringSocket } from './gathering-socket.ts';
import { hearReplication } from './replicated.ts';

/** The server ends a statement after `statementMs`. One that stands still ends nothing: after `answerMs` the connection is given up. */
export interface Patience {
  readonly statementMs: number;
  readonly answerMs: number;
}

export const REQUEST_PATIENCE: Patience = { statementMs: 15_000, answerMs: 20_000 };
/** Packing, purging and reconciling go over whole tables. */
export const JOB_PATIENCE: Patience = { statementMs: 15 * 60_000, answerMs: 16 * 60_000 };

/** Who counts what is asked of the database. */
export interface DatabaseWatch {
  statement(ms: number, isFailed: boolean): void;
  pool(counts: () => { readonly total: number; readonly idle: number; readonly waiting: number }): void;
}

export interface DatabaseOptions {
  /** Connection of the application role (embedded server), or of the owner when `assumeRole` is set. */
  readonly connection: pg.ClientConfig;
  /** An outside DATABASE_URL signs in as the owner; each connection then gives up its rights to this role. */
  readonly assumeRole?: string;
  readonly poolSize?: number;
  /** How long one statement may take; that of a request without it. */
  readonly patience?: Patience;
  readonly onError?: (error: Error) => void;
  readonly watch?: DatabaseWatch | undefined;
}

const INT8 = 20;
const DATE = 1082;

/** bigint counts stay exact up to 2^53; dates stay `YYYY-MM-DD` text: DICOM dates have no time zone. */
function parserOf(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8) return (value: string) => Number(value);
  if (oid === DATE) return (value: string) => value;
  return pg.types.getTypeParser(oid, format);
}

export function openPool({
  connection,
  assumeRole,
  patience = REQUEST_PATIENCE,
  poolSize = 12,
  onError,
}: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    ...poolClientOf(connection),
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
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    hearReplication(client);
  });
  return pool;
}
