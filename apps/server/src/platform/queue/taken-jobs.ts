import type PgBoss from 'pg-boss';
import { dbOf, SCHEMA } from './boss.ts';
import type { JobKind } from './job.ts';

/** A job that this process has taken: it belongs to it as long as it says so again within LEASE_SECONDS. */
export interface TakenJob {
  readonly id: string;
  readonly payload: unknown;
  readonly attempt: number;
  readonly isLast: boolean;
}

export async function take(boss: PgBoss, { name }: JobKind): Promise<TakenJob | undefined> {
  const [taken] = await boss.fetch<unknown>(name, { includeMetadata: true });
  if (taken === undefined) return undefined;
  const { id, data, retryCount, retryLimit } = taken;
  return { id, payload: data ?? {}, attempt: retryCount + 1, isLast: retryCount >= retryLimit };
}

export async function keep(boss: PgBoss, { name }: JobKind, id: string): Promise<boolean> {
  const { rows } = await dbOf(boss).executeSql(
    `UPDATE ${SCHEMA}.job SET started_on = now() WHERE name = $1 AND id = $2 AND state = 'active' RETURNING id`,
    [name, id],
  );
  return rows.length > 0;
}

/** As if it had not been taken: the attempt does not count. */
export async function putBack(boss: PgBoss, { name }: JobKind, id: string): Promise<void> {
  await dbOf(boss).executeSql(
    `UPDATE ${SCHEMA}.job SET state = 'created', started_on = NULL WHERE name = $1 AND id = $2 AND state = 'active'`,
    [name, id],
  );
}
