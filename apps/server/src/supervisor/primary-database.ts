import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { StartError } from '../kernel/start-error.ts';
import { placesOf } from '../platform/db/addresses.ts';
import { clientOf } from '../platform/db/client.ts';
import { NoPrimary } from '../platform/db/primary.ts';
import type { PostgresLog } from '../platform/postgres/embedded.ts';

/** Who can wait for a replica to be promoted: a server, not a command. */
export interface Waiting {
  readonly signal: AbortSignal;
  readonly log: PostgresLog;
}

const RETRY_MS = 2_000;
/** So often it is said again why nothing starts. */
const TOLD_EVERY_MS = 60_000;

/**
 * A connection to DATABASE_URL that may write. A replica is said to be one, and waited for: during a switch-over it is about to become the primary. Fails
 * with DATABASE_UNREACHABLE, or with DATABASE_REPLICA where nobody waits; with the signal's reason once that is aborted.
 */
export async function connectToPrimary(url: string, waiting: Waiting | undefined): Promise<Client> {
  let toldAt: number | undefined;
  for (;;) {
    try {
      return await connect(url);
    } catch (error) {
      // Once it was a replica it may be away for a moment, too.
      const isWorthWaiting = toldAt !== undefined || (error instanceof StartError && error.code === 'DATABASE_REPLICA');
      if (waiting === undefined || !isWorthWaiting || !(error instanceof StartError)) throw error;
      if (toldAt === undefined || performance.now() - toldAt > TOLD_EVERY_MS) {
        toldAt = performance.now();
        waiting.log.warn(`${error.message}. Nothing is served until then; it is tried again every ${RETRY_MS / 1000} seconds`);
      }
      await sleep(RETRY_MS, undefined, { signal: waiting.signal }).catch(() => undefined);
      waiting.signal.throwIfAborted();
    }
  }
}

async function connect(url: string): Promise<Client> {
  const client = clientOf({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw error instanceof NoPrimary ? replica(url, error) : unreachable(url, error);
  }
  if (await takesWrites(client)) return client;
  await client.end();
  throw replica(url);
}

async function takesWrites(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ replica: boolean }>(
    "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS replica",
  );
  return rows[0]?.replica !== true;
}

function replica(url: string, cause?: unknown): StartError {
  return new StartError(
    'DATABASE_REPLICA',
    `DATABASE_URL: the database on ${placesOf(url)} is a replica (in recovery, or read-only), which takes no writes: promote it, or give the primary's address`,
    cause,
  );
}

function unreachable(url: string, cause: unknown): StartError {
  const reason = cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : '') : '';
  return new StartError(
    'DATABASE_UNREACHABLE',
    `DATABASE_URL: the database on ${placesOf(url)} can't be reached (${reason}): start it, correct DATABASE_URL, or leave it out`,
    cause,
  );
}
