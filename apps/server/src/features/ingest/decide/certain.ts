import { setTimeout as sleep } from 'node:timers/promises';
import { NOTHING, type Scope } from '../../../access/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { type Db, NotReplicated, type ReadTx, type Tx } from '../../../platform/db/database.ts';

const ASK_AGAIN_MS = 250;
const ASKS = 40;

/** The connection was lost while a transaction was being committed, and the database can't be asked whether it was. */
export class OutcomeUnknown extends Failure {
  constructor(cause: unknown) {
    super('UNAVAILABLE', { detail: 'The database went away while files were being stored.', retryAfterSeconds: 5, cause });
  }
}

interface Done<T> {
  readonly xid: string;
  readonly result: T;
}

export interface Certain<T> {
  readonly db: Db;
  readonly scope: Scope;
  /** Whether what a commit would have left is there: another server, or one that has lost its last moments, gives numbers of transactions again. */
  readonly isThere: (tx: ReadTx, result: T) => Promise<boolean>;
  /** The number of the transaction, where the work has asked for it. */
  readonly xidOf?: (result: T) => string;
}

/**
 * One transaction of which is known, whatever happens to its connection, whether it was committed: what it gives when it was, its failure when it was
 * not. Fails with OutcomeUnknown when that can't be found out, or when no replica has it; what it wrote may be there then, and must not be written again.
 */
export async function withCertainty<T>({ db, scope, isThere, xidOf }: Certain<T>, work: (tx: Tx) => Promise<T>): Promise<T> {
  const ended: Done<T>[] = [];
  try {
    return await db.withScope(scope, async (tx) => {
      const number = xidOf === undefined ? tx.first('SELECT pg_current_xact_id()::text AS xid', [], 'ingest-xid') : undefined;
      // It is awaited behind the work, which must not go on when the transaction has ended.
      number?.catch(() => undefined);
      const result = await work(tx);
      ended.push({ xid: xidOf?.(result) ?? (await number)?.xid ?? '', result });
      return result;
    });
  } catch (error) {
    const [done] = ended;
    // Without an end of the work nobody asked for a commit.
    if (done === undefined) throw error;
    if (error instanceof NotReplicated) throw new OutcomeUnknown(error);
    const found = (tx: ReadTx): Promise<boolean> => isThere(tx, done.result);
    if (!(await wasCommitted(db, { ...done, scope, found }, error))) throw error;
    return done.result;
  }
}

interface Asked {
  readonly xid: string;
  readonly scope: Scope;
  readonly found: (tx: ReadTx) => Promise<boolean>;
}

async function wasCommitted(db: Db, { xid, scope, found }: Asked, cause: unknown): Promise<boolean> {
  for (let ask = 0; ask < ASKS; ask += 1) {
    if (ask > 0) await sleep(ASK_AGAIN_MS);
    const status = await statusOf(db, xid).catch(() => undefined);
    // The backend of a connection that was lost may still be at it.
    if (status === undefined || status === 'in progress') continue;
    if (status !== 'committed') return false;
    const isFound = await db.reading(scope, found).catch(() => undefined);
    if (isFound !== undefined) return isFound;
  }
  throw new OutcomeUnknown(cause);
}

async function statusOf(db: Db, xid: string): Promise<string | undefined> {
  const row = await db.reading(NOTHING, (tx) =>
    tx.first('SELECT pg_xact_status($1::text::xid8) AS status', [xid], 'ingest-xid-status'),
  );
  return row?.status ?? undefined;
}
