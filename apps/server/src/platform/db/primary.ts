import pg from 'pg';
import { addressesOf } from './addresses.ts';
import { sqlStateOf } from './sql-state.ts';

/** That nobody takes what is written: all who answer are replicas. Read as PostgreSQL's own "cannot connect now". */
export class NoPrimary extends Error {
  readonly code = '57P03';
}

/** What the log says of a connection that failed or was lost: why, where a replica is the reason. Nothing of it is secret. */
export function lossOf(error: Error): string {
  if (error instanceof NoPrimary) return error.message;
  return sqlStateOf(error) === '25006'
    ? 'the database is a replica, which takes no writes: promote it, or give the address of the primary'
    : 'database connection lost';
}

/** What one address says of itself. */
export interface Standing {
  readonly host: string;
  readonly port: number;
  /** `replica` also of one that is kept from writing by a setting. Undefined where it does not answer. */
  readonly role: 'primary' | 'replica' | undefined;
  /** Of the write-ahead log; each promotion begins one. 0 of a replica. */
  readonly timeline: number;
  readonly error?: Error;
}

const PATIENCE_MS = 2_000;
/** Once one takes writes, the others have this long to say that they do too, and on a later timeline. */
const OTHERS_MS = 300;
/** Connections that are opened together look once. */
const FRESH_MS = 1_000;

const ASK = `SELECT CASE WHEN current_setting('transaction_read_only') = 'on' THEN 0
  ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS timeline`;

/** Asks one address which of both it is. Never fails. */
export async function standingOf(connectionString: string): Promise<Standing> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS });
  client.on('error', () => undefined);
  const { host, port } = client;
  try {
    await client.connect();
    const { rows } = await client.query<{ timeline: number }>(ASK);
    const timeline = rows[0]?.timeline ?? 0;
    return { host, port, timeline, role: timeline === 0 ? 'replica' : 'primary' };
  } catch (error) {
    return { host, port, timeline: 0, role: undefined, error: error instanceof Error ? error : new Error('unknown') };
  } finally {
    // One that stands still does not answer a farewell either.
    void client.end().catch(() => undefined);
  }
}

/** Finds the one of several addresses that takes writes, and knows who is connected where. */
export class PrimaryFinder {
  readonly #addresses: readonly string[];
  readonly #connected = new Map<pg.Client, string>();
  #looking: Promise<Standing> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #latest = 0;

  constructor(url: string) {
    this.#addresses = addressesOf(url);
  }

  /** The primary of a second ago at the most. Fails with NoPrimary, or as connecting does where nobody answers. */
  find(): Promise<Standing> {
    if (this.#looking === undefined || performance.now() - this.#lookedAt > FRESH_MS) {
      this.#lookedAt = performance.now();
      const looking = this.#look();
      this.#looking = looking;
      looking.then(
        () => {
          this.#lookedAt = performance.now();
        },
        () => {
          if (this.#looking === looking) this.#looking = undefined;
        },
      );
    }
    return this.#looking;
  }

  /** A connection that is ended when another address takes over: the one that it goes to may be cut off, and not know it. */
  keep(client: pg.Client): void {
    this.#connected.set(client, placeOf(client));
    client.once('end', () => this.#connected.delete(client));
  }

  async #look(): Promise<Standing> {
    const standings = await untilSettled(this.#addresses.map(standingOf));
    const primary = standings
      .filter(({ role, timeline }) => role === 'primary' && timeline >= this.#latest)
      .reduce<Standing | undefined>((best, one) => (best === undefined || one.timeline > best.timeline ? one : best), undefined);
    if (primary === undefined) throw reasonOf(standings);
    this.#latest = primary.timeline;
    for (const [client, place] of this.#connected)
      if (place !== placeOf(primary))
        client.connection.stream.destroy(
          new NoPrimary('another server of DATABASE_URL is the primary now: its connections are made anew'),
        );
    return primary;
  }
}

const placeOf = ({ host, port }: { readonly host: string; readonly port: number }): string => `${host}:${port}`;

function reasonOf(standings: readonly Standing[]): Error {
  const isAnswered = standings.some(({ role }) => role !== undefined);
  if (isAnswered) return new NoPrimary('none of the servers in DATABASE_URL takes writes: all that answer are replicas');
  return standings[0]?.error ?? new NoPrimary('none of the servers in DATABASE_URL answers');
}

/** All of them, or those that answered when a primary has waited long enough for the others. */
function untilSettled(asked: readonly Promise<Standing>[]): Promise<readonly Standing[]> {
  return new Promise((resolve) => {
    const known: Standing[] = [];
    for (const one of asked)
      void one.then((standing) => {
        known.push(standing);
        if (known.length === asked.length) resolve(known);
        else if (standing.role === 'primary') setTimeout(() => resolve([...known]), OTHERS_MS).unref();
      });
  });
}
