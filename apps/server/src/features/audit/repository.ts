import { NOTHING } from '../../access/index.ts';
import type { Db, ReadTx, SqlValue, Tx } from '../../platform/db/database.ts';
import { composed, type RowOf } from '../../platform/db/statements.ts';
import type { ChainedEvent } from './chain.ts';
import { oneLine } from './one-line.ts';

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly entity?: string | undefined;
  /** A patient's record and those merged into it. */
  readonly patients?: readonly string[] | undefined;
  readonly outcome?: string | undefined;
  /** Any of these; empty lists find nothing. */
  readonly ids?: readonly string[] | undefined;
  readonly actors?: readonly string[] | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly outcomes?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export type AuditRow = RowOf<typeof EVENTS>;

const CONTENT =
  'e.occurred_at, e.action, e.outcome, e.actor_id, e.actor, e.session_id, e.entity_type, e.entity_id, e.patient_id, e.group_id, e.ip, e.details';
const COLUMNS = `e.id, ${CONTENT}` as const;
/** Who gave a link away stands behind its name. */
const EVENTS =
  `SELECT ${COLUMNS}, c.sequence, coalesce(u.first_name || ' ' || u.last_name, e.actor || coalesce(' ' || a.first_name || ' ' || a.last_name, '')) AS actor_name
     FROM audit_events e LEFT JOIN audit_chain c ON c.event_id = e.id LEFT JOIN users u ON u.id = e.actor_id
     LEFT JOIN users a ON e.actor LIKE 'link:%' AND a.id::text = e.details->>'author'` as const;
const COUNT = 'SELECT count(*) FROM audit_events e';

function conditions(filter: AuditFilter, values: SqlValue[]): string[] {
  const add = (condition: (parameter: string) => string, value: string | undefined): string[] => {
    if (value === undefined) return [];
    values.push(value);
    return [condition(`$${values.length}`)];
  };
  const any = (condition: (parameter: string) => string, list: readonly string[] | undefined): string[] => {
    if (list === undefined) return [];
    values.push([...list]);
    return [condition(`$${values.length}`)];
  };
  return [
    ...any((p) => `e.id = ANY(${p}::uuid[])`, filter.ids),
    ...any((p) => `e.actor_id = ANY(${p}::uuid[])`, filter.actors),
    ...any((p) => `e.action = ANY(${p}::text[])`, filter.actions),
    ...any((p) => `e.outcome = ANY(${p}::text[])`, filter.outcomes),
    ...add((p) => `e.actor_id = ${p}`, filter.actor),
    ...add((p) => `e.entity_id = ${p}`, filter.entity),
    ...add((p) => `e.outcome = ${p}`, filter.outcome),
    ...add((p) => `e.occurred_at >= ${p}`, filter.from),
    ...add((p) => `e.occurred_at < ${p}`, filter.to),
  ];
}

const where = (list: readonly string[]): string => (list.length === 0 ? '' : `WHERE ${list.join(' AND ')}`);

const ORDER = 'ORDER BY e.occurred_at DESC, e.id DESC';

/**
 * The events that fit, no more than `limit`. Those of patients are what concerns them and what showed them among others: each is one range of an
 * index, so that neither waits for the other; and the lists of the last minute, which are few, are looked through.
 */
function fitting(filter: AuditFilter, list: readonly string[], values: SqlValue[], limit: string, order = ''): string {
  if (filter.patients === undefined) return `SELECT e.* FROM audit_events e ${where(list)} ${order} LIMIT ${limit}`;
  values.push([...filter.patients]);
  const ids = `ANY($${values.length}::uuid[])`;
  const concerning = where([`e.patient_id = ${ids}`, ...list]);
  const ofShown = list.map((one) => one.replaceAll('e.occurred_at', 's.occurred_at'));
  const showing = where([`s.patient_id = ${ids}`, ...ofShown]);
  const listing = where([`s.patients && $${values.length}::uuid[]`, ...ofShown]);
  const shownOrder = order === '' ? '' : 'ORDER BY s.occurred_at DESC, s.event_id DESC';
  return `SELECT e.* FROM audit_events e WHERE e.id IN (
    (SELECT e.id FROM audit_events e ${concerning} ${order} LIMIT ${limit}) UNION
    (SELECT e.id FROM audit_shown s JOIN audit_events e ON e.id = s.event_id ${showing} ${shownOrder} LIMIT ${limit}) UNION
    (SELECT e.id FROM audit_shown_lists s JOIN audit_events e ON e.id = s.event_id ${listing} ${shownOrder} LIMIT ${limit}))
    ${order} LIMIT ${limit}`;
}

/** Puts whom the oldest of the long lists showed where it is found by patient; how many lists those were. */
export const orderShown = async (tx: Tx, most: number): Promise<number> =>
  (await tx.first('SELECT ng_order_shown($1) AS lists', [most], 'audit-order-shown'))?.lists ?? 0;

/** The actions of the journal that are this one or begin with it and a dot: some 150 steps along an index, however many events there are. */
const findActions = async (tx: ReadTx, action: string): Promise<string[]> =>
  (
    await tx.rows(
      `WITH RECURSIVE a AS (SELECT min(action) AS action FROM audit_events
         UNION ALL SELECT (SELECT min(e.action) FROM audit_events e WHERE e.action > a.action) FROM a WHERE a.action IS NOT NULL)
       SELECT action FROM a WHERE action = $1 OR starts_with(action, $1 || '.')`,
      [action],
    )
  ).flatMap(({ action: found }) => found ?? []);

/** The filter with the actions that its word stands for. */
async function resolved(tx: ReadTx, { action, ...filter }: AuditFilter): Promise<AuditFilter> {
  if (action === undefined) return filter;
  const found = await findActions(tx, action);
  return { ...filter, actions: filter.actions === undefined ? found : found.filter((one) => filter.actions?.includes(one)) };
}

/** Events newest first, after the cursor's (time, id). Names are joined here and stand nowhere else. */
export async function findEvents(
  tx: ReadTx,
  asked: AuditFilter,
  after: { at: string; id: string; isIncluded?: boolean } | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const filter = await resolved(tx, asked);
  const values: SqlValue[] = [];
  const list = conditions(filter, values);
  if (after !== undefined) {
    values.push(after.at, after.id);
    list.push(
      `(e.occurred_at, e.id) ${after.isIncluded === true ? '<=' : '<'} ($${values.length - 1}::timestamptz, $${values.length}::uuid)`,
    );
  }
  values.push(limit);
  const found = fitting(filter, list, values, `$${values.length}`, ORDER);
  const rows = await tx.rows(
    composed({ text: EVENTS.replace('audit_events e', `(${found}) e`).concat(` ${ORDER}`), values }, EVENTS),
  );
  return rows.map((row) => ({ ...row, actor_name: row.actor_name === null ? null : oneLine(row.actor_name) }));
}

export async function countEvents(tx: ReadTx, asked: AuditFilter, cap: number): Promise<number> {
  const filter = await resolved(tx, asked);
  const values: SqlValue[] = [];
  const list = conditions(filter, values);
  values.push(cap + 1);
  const text = `SELECT count(*) FROM (${fitting(filter, list, values, `$${values.length}`)}) counted`;
  const row = await tx.first(composed({ text, values }, COUNT));
  return row?.count ?? 0;
}

/** A page, and how many there are in all as far as `cap` and one more. Nothing is counted where the first page has them all: counting few among millions takes as long as finding them. */
export async function findPage(
  tx: ReadTx,
  filter: AuditFilter,
  { after, limit, cap }: { readonly after: Parameters<typeof findEvents>[2]; readonly limit: number; readonly cap: number },
): Promise<{ rows: AuditRow[]; total: number }> {
  const rows = await findEvents(tx, filter, after, limit);
  return { rows, total: after === undefined && rows.length < limit ? rows.length : await countEvents(tx, filter, cap) };
}

/** When images or the record of these patients left, the latest first: to people, and to DICOM nodes and an Orthanc, whose names are in their events. */
export const findExports = (tx: ReadTx, patientIds: readonly string[], limit: number) =>
  tx.rows(
    `SELECT e.id, e.occurred_at, e.action, u.last_name, u.first_name, e.actor,
       (e.details->>'studies')::int AS studies, coalesce(e.details->>'recipient', e.details->>'sentTo') AS recipient
     FROM audit_events e LEFT JOIN users u ON u.id = e.actor_id
     WHERE e.patient_id = ANY($1::uuid[]) AND e.outcome = 'SUCCESS' AND (
       e.action IN ('patient.exported', 'patient.handed-over', 'study.file', 'study.retrieve', 'study.document', 'fhir.everything')
       OR (e.action IN ('study.sent', 'study.send') AND e.details->>'sentTo' IS NOT NULL))
     ORDER BY e.occurred_at DESC, e.id DESC LIMIT $2`,
    [patientIds, limit],
    'audit-exports',
  );

export interface AccountEvents {
  readonly userId: string;
  readonly actions: readonly string[];
  /** Changes of other fields than these are left out. */
  readonly fields: readonly string[];
  readonly after: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** What was done to an account, the latest first, after the cursor's (time, id). */
export const findAccountEvents = (tx: ReadTx, { userId, actions, fields, after, limit }: AccountEvents) =>
  tx.rows(
    `SELECT e.id, e.occurred_at, e.action, e.actor_id, e.actor, e.group_id, e.details,
       u.first_name || ' ' || u.last_name AS person_name
     FROM audit_events e LEFT JOIN users u ON u.id = e.actor_id
     WHERE e.entity_id = $1 AND e.entity_type = 'user' AND e.outcome = 'SUCCESS' AND e.action = ANY($2::text[])
       AND (e.details->'fields' IS NULL OR e.details->'fields' ?| $3::text[])
       AND ($4::timestamptz IS NULL OR (e.occurred_at, e.id) < ($4::timestamptz, $5::uuid))
     ORDER BY e.occurred_at DESC, e.id DESC LIMIT $6`,
    [userId, actions, fields, after?.at ?? null, after?.id ?? null, limit],
    'audit-account',
  );

export interface Touching {
  readonly actions: readonly string[];
  /** Changes of other fields than these are left out. */
  readonly fields: readonly string[];
  readonly since: Date;
  readonly limit: number;
}

/** Patients to whom one of these actions was done from a moment on, the oldest first. */
export const findTouched = (tx: ReadTx, { actions, fields, since, limit }: Touching) =>
  tx.rows(
    `SELECT e.patient_id AS id, e.occurred_at AS at FROM audit_events e
     WHERE e.action = ANY($1::text[]) AND e.occurred_at >= $2 AND e.outcome = 'SUCCESS' AND e.patient_id IS NOT NULL
       AND (e.details->'fields' IS NULL OR e.details->'fields' ?| $3::text[])
     ORDER BY e.occurred_at LIMIT $4`,
    [actions, since, fields, limit],
    'audit-touched',
  );

/** How many events wait to be linked, and since when the oldest does. */
export const findLag = (tx: ReadTx) =>
  tx.first(
    `SELECT (SELECT count(*)::int FROM audit_pending) AS pending,
       (SELECT e.occurred_at FROM audit_pending p JOIN audit_events e ON e.id = p.event_id ORDER BY e.id LIMIT 1) AS oldest`,
  );

export const findHead = (tx: ReadTx): Promise<{ sequence: number; hash: Buffer } | undefined> =>
  tx.first('SELECT sequence, hash FROM audit_chain ORDER BY sequence DESC LIMIT 1');

/** Committed events that no link covers yet, oldest first. */
export const findPending = (tx: ReadTx, limit: number): Promise<ChainedEvent[]> =>
  tx.rows(`SELECT ${COLUMNS} FROM audit_pending p JOIN audit_events e ON e.id = p.event_id ORDER BY e.id LIMIT $1`, [limit]);

export interface Link {
  readonly sequence: number;
  readonly eventId: string;
  readonly segment: string;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
}

export async function insertLinks(tx: Tx, links: readonly Link[]): Promise<void> {
  await tx.run(
    `INSERT INTO audit_chain (sequence, event_id, segment, previous_hash, hash)
     SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[])`,
    [
      links.map((link) => link.sequence),
      links.map((link) => link.eventId),
      links.map((link) => link.segment),
      links.map((link) => link.previousHash),
      links.map((link) => link.hash),
    ],
  );
  await tx.run('DELETE FROM audit_pending WHERE event_id = ANY($1::uuid[])', [links.map((link) => link.eventId)]);
}

export interface StoredLink {
  readonly sequence: number;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
  readonly segment: string;
  /** Null when the event of a link is gone. */
  readonly event: ChainedEvent | null;
}

export async function findLinks(db: Db, after: number, limit: number): Promise<StoredLink[]> {
  const rows = await db.reading(NOTHING, (tx) =>
    tx.rows(
      `SELECT c.sequence, c.previous_hash, c.hash, c.segment, e.id AS found, c.event_id AS id, ${CONTENT}
       FROM audit_chain c LEFT JOIN audit_events e ON e.id = c.event_id WHERE c.sequence > $1 ORDER BY c.sequence LIMIT $2`,
      [after, limit],
    ),
  );
  return rows.map(({ sequence, previous_hash, hash, segment, found, ...event }) => ({
    sequence,
    previous_hash,
    hash,
    segment,
    event: found === null ? null : (event as ChainedEvent), // Of an event that is there every column is as its table has it.
  }));
}

/** Events that should have been chained long ago: hidden from the sequencer, or the sequencer is down. */
/** The hash of one link. */
export const findHashAt = (tx: ReadTx, sequence: number) =>
  tx.first('SELECT hash FROM audit_chain WHERE sequence = $1', [sequence]);

export async function countUnchained(db: Db, before: Date): Promise<{ late: number; pending: number }> {
  const row = await db.reading(NOTHING, (tx) =>
    tx.first(
      `SELECT (SELECT count(*) FROM audit_events e WHERE e.occurred_at < $1 AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.event_id = e.id)) AS late,
              (SELECT count(*) FROM audit_pending) AS pending`,
      [before],
    ),
  );
  return row ?? { late: 0, pending: 0 };
}
