import { newId } from '../../../kernel/ids.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import { type Gathered, type NodeEvent, oneEvent } from './events.ts';

/** Adds rows to the log: to those that are there already, where they are of the same ten minutes. */
export const addToLog = (tx: Tx, rows: readonly (Gathered & { readonly id: string })[]): Promise<number> =>
  tx.run(
    `INSERT INTO dicom_node_log AS l (id, node_id, together, kind, is_ours, outcome, code, status, first_at, last_at, times, done, warned, failed, bytes, ms, instance_uids)
     SELECT id, node_id, together, kind, is_ours, outcome, code, status, first_at, last_at, times, done, warned, failed, bytes, ms, instance_uids
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, node_id uuid, together text, kind text, is_ours boolean, outcome text, code text, status integer,
       first_at timestamptz, last_at timestamptz, times integer, done bigint, warned bigint, failed bigint, bytes bigint, ms bigint, instance_uids text[])
     ON CONFLICT (node_id, together) DO UPDATE SET last_at = greatest(l.last_at, excluded.last_at), times = l.times + excluded.times,
       done = l.done + excluded.done, warned = l.warned + excluded.warned, failed = l.failed + excluded.failed, bytes = l.bytes + excluded.bytes,
       ms = l.ms + excluded.ms, instance_uids = (l.instance_uids || excluded.instance_uids)[1:10]`,
    [JSON.stringify(rows.map(rowOf))],
  );

const rowOf = ({ id, nodeId, together, event, firstAt, lastAt, instanceUids, ...counts }: Gathered & { id: string }) => ({
  ...{ id, node_id: nodeId, together, kind: event.kind, is_ours: event.isOurs, outcome: event.outcome },
  ...{ code: event.code, status: event.status ?? null, first_at: firstAt, last_at: lastAt, instance_uids: instanceUids },
  ...counts,
});

export const addToDays = (tx: Tx, rows: readonly Gathered[]): Promise<number> =>
  tx.run(
    `INSERT INTO dicom_node_days AS d (node_id, day, kind, is_ours, times, done, warned, failed, bytes)
     SELECT node_id, day, kind, is_ours, sum(times), sum(done), sum(warned), sum(failed), sum(bytes)
     FROM jsonb_to_recordset($1::jsonb) AS r(node_id uuid, day date, kind text, is_ours boolean, times bigint, done bigint, warned bigint, failed bigint, bytes bigint)
     GROUP BY node_id, day, kind, is_ours ORDER BY node_id, day, kind, is_ours
     ON CONFLICT (node_id, day, kind, is_ours) DO UPDATE SET times = d.times + excluded.times, done = d.done + excluded.done,
       warned = d.warned + excluded.warned, failed = d.failed + excluded.failed, bytes = d.bytes + excluded.bytes`,
    [
      JSON.stringify(
        rows.map(({ nodeId, event, lastAt, times, done, warned, failed, bytes }) => ({
          ...{ node_id: nodeId, day: lastAt.toISOString().slice(0, 10), kind: event.kind, is_ours: event.isOurs },
          ...{ times, done, warned, failed, bytes },
        })),
      ),
    ],
  );

/** One event at once, in the transaction of what it tells of. */
export async function addEvent(tx: Tx, event: NodeEvent, at: Date): Promise<void> {
  const row = oneEvent(event, at);
  await addToLog(tx, [{ ...row, id: newId() }]);
  await addToDays(tx, [row]);
}

const LOG_ROWS =
  'id, kind, is_ours, outcome, code, status, first_at, last_at, times, done, warned, failed, bytes, ms, instance_uids';

/** The newest first, after a row. */
export const logOf = (
  tx: ReadTx,
  nodeId: string,
  { after, limit }: { readonly after: readonly [string, string] | undefined; readonly limit: number },
) =>
  tx.rows(
    `SELECT ${LOG_ROWS} FROM dicom_node_log
     WHERE node_id = $1 AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', last_at), id) < ($2::timestamptz, $3::uuid))
     ORDER BY date_trunc('milliseconds', last_at) DESC, id DESC LIMIT $4`,
    [nodeId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
export type LogRow = FoundBy<typeof logOf>;

export const countLog = (tx: ReadTx, nodeId: string) =>
  tx.first('SELECT count(*) AS n FROM dicom_node_log WHERE node_id = $1', [nodeId]);

export interface GatheredCaller {
  readonly address: string;
  readonly callingAet: string;
  readonly calledAet: string;
  readonly code: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly times: number;
}

export const addCallers = (tx: Tx, callers: readonly GatheredCaller[]): Promise<number> =>
  tx.run(
    `INSERT INTO dicom_callers AS c (address, calling_aet, called_aet, code, first_at, last_at, times)
     SELECT address, calling_aet, called_aet, code, first_at, last_at, times
     FROM jsonb_to_recordset($1::jsonb) AS r(address text, calling_aet text, called_aet text, code text, first_at timestamptz, last_at timestamptz, times bigint)
     ORDER BY address, calling_aet, called_aet
     ON CONFLICT (address, calling_aet, called_aet) DO UPDATE SET code = excluded.code, last_at = greatest(c.last_at, excluded.last_at), times = c.times + excluded.times`,
    [
      JSON.stringify(
        callers.map(({ address, callingAet, calledAet, code, firstAt, lastAt, times }) => ({
          ...{ address, calling_aet: callingAet, called_aet: calledAet, code, first_at: firstAt, last_at: lastAt, times },
        })),
      ),
    ],
  );

/** Of one address the newest few, so that who makes up titles pushes out none but their own; and of all not more than some. */
export const keepNewestCallers = (tx: Tx, { ofOne, all }: { readonly ofOne: number; readonly all: number }): Promise<number> =>
  tx.run(
    `DELETE FROM dicom_callers c USING (
       SELECT address, calling_aet, called_aet, row_number() OVER (PARTITION BY address ORDER BY last_at DESC) AS of_one, row_number() OVER (ORDER BY last_at DESC) AS place
       FROM dicom_callers) AS r
     WHERE c.address = r.address AND c.calling_aet = r.calling_aet AND c.called_aet = r.called_aet AND (r.of_one > $1 OR r.place > $2)`,
    [ofOne, all],
  );

export const findCallers = (tx: ReadTx) =>
  tx.rows('SELECT address, calling_aet, called_aet, code, first_at, last_at, times FROM dicom_callers ORDER BY last_at DESC');
export type CallerRow = FoundBy<typeof findCallers>;

/** Sums since a day. */
export const figuresSince = (tx: ReadTx, day: string) =>
  tx.rows(
    `SELECT node_id, kind, is_ours, sum(times)::bigint AS times, sum(done)::bigint AS done, sum(warned)::bigint AS warned,
       sum(failed)::bigint AS failed, sum(bytes)::bigint AS bytes
     FROM dicom_node_days WHERE day >= $1 GROUP BY node_id, kind, is_ours ORDER BY node_id, kind, is_ours`,
    [day],
  );

export const countSentAway = (tx: ReadTx, day: string) =>
  tx.first('SELECT coalesce(sum(times), 0)::bigint AS n FROM dicom_callers WHERE last_at >= $1::date', [day]);

/** Removes what is too old, and of a node that has too much the oldest. */
export async function pruneLog(
  tx: Tx,
  { before, daysBefore, most }: { readonly before: Date; readonly daysBefore: string; readonly most: number },
): Promise<number> {
  const old = await tx.run('DELETE FROM dicom_node_log WHERE last_at < $1', [before]);
  const many = await tx.run(
    `DELETE FROM dicom_node_log l USING (
       SELECT id, row_number() OVER (PARTITION BY node_id ORDER BY last_at DESC, id DESC) AS place FROM dicom_node_log) AS r
     WHERE l.id = r.id AND r.place > $1`,
    [most],
  );
  const callers = await tx.run('DELETE FROM dicom_callers WHERE last_at < $1', [before]);
  const days = await tx.run('DELETE FROM dicom_node_days WHERE day < $1', [daysBefore]);
  return old + many + callers + days;
}

export interface ListenerReport {
  readonly id: string;
  readonly isListening: boolean;
  readonly trouble: string | null;
  readonly connections: number;
  readonly associations: number;
  readonly turnedAway: number;
  readonly startedAt: Date;
  readonly at: Date;
}

/** A sign of life. Others that have given none for long are gone. */
export async function reportListener(tx: Tx, report: ListenerReport): Promise<void> {
  const { id, isListening, trouble, connections, associations, turnedAway, startedAt, at } = report;
  await tx.run(
    `INSERT INTO dicom_listeners (id, is_listening, trouble, connections, associations, turned_away, started_at, reported_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (id) DO UPDATE SET is_listening = excluded.is_listening, trouble = excluded.trouble, connections = excluded.connections,
       associations = excluded.associations, turned_away = excluded.turned_away, reported_at = excluded.reported_at`,
    [id, isListening, trouble, connections, associations, turnedAway, startedAt, at],
  );
  await tx.run(`DELETE FROM dicom_listeners WHERE reported_at < $1::timestamptz - interval '10 minutes'`, [at]);
}

export const removeListener = (tx: Tx, id: string): Promise<number> => tx.run('DELETE FROM dicom_listeners WHERE id = $1', [id]);

/** The newest sign of life since a moment. */
export const findListener = (tx: ReadTx, since: Date) =>
  tx.first(
    'SELECT is_listening, trouble, connections, associations, turned_away, started_at FROM dicom_listeners WHERE reported_at > $1 ORDER BY is_listening DESC, reported_at DESC LIMIT 1',
    [since],
  );
