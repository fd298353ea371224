import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';

export interface Size {
  readonly table: string;
  readonly rows: number;
  /** Of the rows, with what is kept beside them. */
  readonly bytes: number;
  readonly indexBytes: number;
}

/** Every table that has something in it, the largest first. */
export async function sizesOf(owner: Client): Promise<Size[]> {
  const { rows } = await owner.query<{ table: string; bytes: string; index: string }>(
    `SELECT c.relname AS table, pg_table_size(c.oid) AS bytes, pg_indexes_size(c.oid) AS index FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY pg_total_relation_size(c.oid) DESC`,
  );
  const sizes: Size[] = [];
  for (const { table, bytes, index } of rows) {
    const { rows: counted } = await owner.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`);
    sizes.push({ table, rows: Number(counted[0]?.n), bytes: Number(bytes), indexBytes: Number(index) });
  }
  return sizes.filter(({ rows: count }) => count > 0);
}

export async function indexSizes(owner: Client, table: string): Promise<{ name: string; bytes: number }[]> {
  const { rows } = await owner.query<{ name: string; bytes: string }>(
    'SELECT indexrelid::regclass::text AS name, pg_relation_size(indexrelid) AS bytes FROM pg_index WHERE indrelid = $1::regclass ORDER BY 2 DESC',
    [table],
  );
  return rows.map(({ name, bytes }) => ({ name, bytes: Number(bytes) }));
}

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Seconds of processor of these processes and of all that they started, also of those that have ended. */
export function processorSeconds(roots: readonly number[]): number {
  const known = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const text = readFileSync(path.join('/proc', name, 'stat'), 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const sum = fields.slice(11, 15).reduce((all, value) => all + Number(value), 0);
      known.set(Number(name), { parent: Number(fields[1]), ticks: sum });
    } catch {
      // It has just ended: its parent has its time.
    }
  }
  const isOf = (pid: number): boolean => roots.includes(pid) || (known.has(pid) && isOf(known.get(pid)?.parent ?? 0));
  let sum = 0;
  for (const [pid, one] of known) if (isOf(pid)) sum += one.ticks;
  return sum / ticks;
}

export const filesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
