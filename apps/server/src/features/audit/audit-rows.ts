import { type Actor, auditName } from '../../access/index.ts';
import { newId } from '../../kernel/ids.ts';
import { type Statement, statement, type ValuesOf } from '../../platform/db/statements.ts';
import { uuidArray } from '../../platform/db/uuid-array.ts';

/** `<what>.<done>`: the vocabulary of the audit, one word pair for each kind of event (PS3.15 A.5.3 where it has one). */
export type AuditAction = `${string}.${string}`;

/** One event. Ids only: names are joined when read, so that erasing a person never touches the chain. */
export interface AuditRecord {
  readonly action: AuditAction;
  readonly outcome?: 'SUCCESS' | 'FAILURE' | 'DENIED';
  readonly actor: Actor | null;
  readonly entityType?: string;
  readonly entityId?: string;
  readonly patientId?: string | null;
  /** Those that a search or a list showed: the event is found from each of them. */
  readonly shown?: readonly string[];
  readonly groupId?: string | null;
  /** For events that nobody is known of (failed sign-in). */
  readonly ip?: string;
  /** Counts, filter names, changed field names; never typed values, names or other patient data. */
  readonly details?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}
const COLUMNS =
  'id, occurred_at, action, outcome, actor_id, actor, session_id, entity_type, entity_id, patient_id, group_id, ip, details';
export const INSERT =
  `INSERT INTO audit_events (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)` as const;
export const INSERT_MANY =
  `INSERT INTO audit_events (${COLUMNS}) SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::uuid[],
  $6::text[], $7::uuid[], $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::text[], $13::jsonb[])` as const;

export const INSERT_SHOWN =
  `INSERT INTO audit_shown (patient_id, occurred_at, event_id) SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[])
  ON CONFLICT DO NOTHING` as const;

/** Those of one event, where they are many: one row while somebody waits for the answer. `orderShown` makes a row for each of them afterwards. */
export const INSERT_SHOWN_LIST =
  `INSERT INTO audit_shown_lists (event_id, occurred_at, patients) VALUES ($1::uuid, $2::timestamptz, $3::uuid[])` as const;

/** From so many on an event's patients are written as one list: fewer are written at once as they are found. */
export const MANY_SHOWN = 64;

/** An event's values, and which patients it showed. */
export interface EventRow {
  readonly values: ValuesOf<typeof INSERT>;
  readonly shown: readonly string[];
}

export const rowOf = (event: AuditRecord, now: Date): EventRow => ({ values: valuesOf(event, now), shown: event.shown ?? [] });

/** What says whom these events showed; nothing where it is nobody. In the order of ids, so that rows of one search come to lie beside each other. */
export function shownBy(rows: readonly EventRow[]): Statement[] {
  const showing = rows.map(({ values: [id, at], shown }) => ({ id, at, shown: [...new Set(shown)] }));
  const lists = showing.filter(({ shown }) => shown.length >= MANY_SHOWN);
  const few = showing
    .filter(({ shown }) => shown.length < MANY_SHOWN)
    .flatMap(({ id, at, shown }) => shown.sort().map((patientId) => ({ patientId, at, id })));
  const columns = [few.map(({ patientId }) => patientId), few.map(({ at }) => at), few.map(({ id }) => id)] as const;
  return [
    ...lists.map(({ id, at, shown }) => statement(INSERT_SHOWN_LIST, [id, at, uuidArray(shown)], 'audit-shown-list')),
    ...(few.length === 0 ? [] : [statement(INSERT_SHOWN, columns, 'audit-shown')]),
  ];
}

/** Behind a link is nobody whom the journal knows: who gave it away and to whom stays with each event, longer than the share. */
const ofLink = (actor: Actor | null): Record<string, string> =>
  actor?.kind === 'link' ? { author: actor.authorId, recipient: actor.recipient } : {};

/** The values of an event in the order of its columns. */
function valuesOf(event: AuditRecord, now: Date): ValuesOf<typeof INSERT> {
  const by = event.actor === null ? undefined : auditName(event.actor);
  return [
    newId(),
    now,
    event.action,
    event.outcome ?? 'SUCCESS',
    by?.userId ?? null,
    by?.actor ?? null,
    by?.sessionId ?? null,
    event.entityType ?? null,
    event.entityId ?? null,
    event.patientId ?? null,
    event.groupId ?? null,
    by?.ip ?? event.ip ?? null,
    JSON.stringify({ ...event.details, ...ofLink(event.actor) }),
  ];
}

/** The values of many events as an array for each column. */
export function columnsOf(rows: readonly ValuesOf<typeof INSERT>[]): ValuesOf<typeof INSERT_MANY> {
  const all = <const N extends keyof ValuesOf<typeof INSERT>>(column: N) => rows.map((row) => row[column]);
  return [all(0), all(1), all(2), all(3), all(4), all(5), all(6), all(7), all(8), all(9), all(10), all(11), all(12)];
}
