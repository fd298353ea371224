import type { Client } from 'pg';
import { StartError } from '../kernel/start-error.ts';

/** A table whose rows are copied. Names are PostgreSQL's own, quoted where they have to be. */
export interface CopiedTable {
  readonly name: string;
  /** All but those that PostgreSQL makes of others, in the order of their names. */
  readonly columns: readonly string[];
  /** By which another server's table is known to be the same. */
  readonly form: string;
}

/** Of the schema itself: migrations of functions are made anew, the queue's own rows are made with its queues. */
const MADE_ANEW = ['public.schema_functions', 'pgboss.version', 'pgboss.queue'];

/** What outlives a crash, in the schemas that are ours: partitions go with the table that they are of. */
export async function tablesOf(client: Client): Promise<CopiedTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; form: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, array_agg(quote_ident(a.attname) ORDER BY a.attname) FILTER (WHERE a.attgenerated = '') AS columns,
       string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attname) AS form
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname IN ('public', 'pgboss') AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
     GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname`,
  );
  return rows.filter(({ name }) => !MADE_ANEW.includes(name));
}

/** Fails with UPGRADE_SCHEMA where the new database would not take a table as it is: what somebody made by hand would be lost. */
export function requireSame(old: readonly CopiedTable[], fresh: readonly CopiedTable[]): void {
  const forms = new Map(fresh.map(({ name, form }) => [name, form]));
  const other = old.find(({ name, form }) => forms.get(name) !== form);
  if (other === undefined && old.length === fresh.length) return;
  const name = other?.name ?? fresh.find((table) => !old.some((one) => one.name === table.name))?.name;
  throw new StartError(
    'UPGRADE_SCHEMA',
    `the table ${name} is not what the migrations make of it: take away what was added to the database by hand, and try again`,
  );
}

export interface Sequence {
  readonly name: string;
  readonly last: string;
  readonly isCalled: boolean;
}

export async function sequencesOf(client: Client): Promise<Sequence[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences WHERE schemaname IN ('public', 'pgboss') ORDER BY 1",
  );
  const found: Sequence[] = [];
  for (const { name } of rows) {
    const { rows: values } = await client.query<{ last: string; is_called: boolean }>(
      `SELECT last_value::text AS last, is_called FROM ${name}`,
    );
    const [value] = values;
    if (value !== undefined) found.push({ name, last: value.last, isCalled: value.is_called });
  }
  return found;
}

export interface Sum {
  readonly rows: number;
  /** Of all rows, in whatever order. */
  readonly hash: string;
}

/** How many rows, and what they are: the sums of two halves of each row's MD5, which every version of PostgreSQL has alike. */
export async function sumOf(client: Client, { name, columns }: CopiedTable): Promise<Sum> {
  const { rows } = await client.query<{ rows: string; hash: string }>(
    `SELECT count(*)::text AS rows, concat(coalesce(sum(('x' || left(hash, 16))::bit(64)::bigint::numeric), 0), ' ', coalesce(sum(('x' || right(hash, 16))::bit(64)::bigint::numeric), 0)) AS hash
     FROM (SELECT md5(ROW(${columns.join(', ')})::text) AS hash FROM ${name}) AS hashed`,
  );
  return { rows: Number(rows[0]?.rows), hash: rows[0]?.hash ?? '' };
}
