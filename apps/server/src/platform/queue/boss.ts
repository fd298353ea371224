import type pg from 'pg';
import PgBoss from 'pg-boss';
import { poolClientOf } from '../db/client.ts';

export const SCHEMA = 'pgboss';

/** For its pool, which takes what node-postgres takes: a database that stands still must not hold a request or a job for ever. */
const STALLED = { connectionTimeoutMillis: 5_000, query_timeout: 60_000 };

export function bossOf(connection: pg.ClientConfig, options: PgBoss.ConstructorOptions): PgBoss {
  const { host, port, user, database, password, connectionString } = connection;
  const address =
    connectionString === undefined
      ? { host, port, user, database, ...(typeof password === 'string' ? { password } : {}) }
      : { connectionString, ...poolClientOf(connection) };
  return new PgBoss({ ...(address as PgBoss.DatabaseOptions), schema: SCHEMA, max: 2, ...STALLED, ...options });
}

/** Not in the types of version 10, though documented for transactions. */
export const dbOf = (boss: PgBoss): PgBoss.Db => (boss as unknown as { getDb(): PgBoss.Db }).getDb();
