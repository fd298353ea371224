import { type Actor, auditName, holderOf, NOTHING } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { Db, ReadTx, Tx } from '../../platform/db/database.ts';
import { statement, type ValuesOf } from '../../platform/db/statements.ts';
import { findExports } from './repository.ts';

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
  readonly groupId?: string | null;
  /** For events that nobody is known of (failed sign-in). */
  readonly ip?: string;
  /** Counts, filter names, changed field names; never typed values, names or other patient data. */
  readonly details?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

export interface StudyUse {
  readonly studyId: string;
  readonly patientId: string;
  readonly groupId: string | null;
  /** `metadata`, `frames`, `retrieve`, `export` …: one durable event for each kind, study and session, renewed after 15 minutes. */
  readonly kind: string;
  /** To which node or server it goes: each is a use of its own. */
  readonly sentTo?: string;
}

export interface Audit {
  /** Writes the event in the transaction of the action itself: both are committed or none. */
  record(tx: Tx, event: AuditRecord): Promise<void>;
  /** The same for many events, by one statement. */
  recordAll(tx: Tx, events: readonly AuditRecord[]): Promise<void>;
  /** Writes the event in a transaction of its own: reads, denials, failures. */
  note(event: AuditRecord): Promise<void>;
  /**
   * As `note`, without waiting for the disk: for searches, which are many and show no image. A crash of the database may lose those of its
   * last half second.
   */
  noteLightly(event: AuditRecord): Promise<void>;
  /** When images of these records left, the latest first: what a patient's own page tells of the journal. */
  exportsOf(tx: ReadTx, patientIds: readonly string[], limit: number): ReturnType<typeof findExports>;
  /** Audits a use of a study before its first byte is sent; later uses within 15 minutes cost nothing. */
  use(actor: Actor, use: StudyUse): Promise<void>;
}

const RENEW_AFTER_MS = 15 * 60_000;
const COLUMNS =
  'id, occurred_at, action, outcome, actor_id, actor, session_id, entity_type, entity_id, patient_id, group_id, ip, details';
const INSERT = `INSERT INTO audit_events (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)` as const;
const INSERT_MANY =
  `INSERT INTO audit_events (${COLUMNS}) SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::uuid[],
  $6::text[], $7::uuid[], $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::text[], $13::jsonb[])` as const;
/** Waiting events that are written at once. */
const MOST_AT_ONCE = 500;

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
    JSON.stringify(event.details ?? {}),
  ];
}

/** The values of many events as an array for each column. */
function columnsOf(rows: readonly ValuesOf<typeof INSERT>[]): ValuesOf<typeof INSERT_MANY> {
  const all = <const N extends keyof ValuesOf<typeof INSERT>>(column: N) => rows.map((row) => row[column]);
  return [all(0), all(1), all(2), all(3), all(4), all(5), all(6), all(7), all(8), all(9), all(10), all(11), all(12)];
}

export function createAudit({ db, clock }: { db: Db; clock: Clock }): Audit {
  const uses = new Map<string, number>();
  const noteLightly = createLightNotes(db, clock);

  const record: Audit['record'] = async (tx, event) => {
    await tx.run(INSERT, valuesOf(event, clock.now()), 'audit-insert');
  };
  const recordAll: Audit['recordAll'] = async (tx, events) => {
    if (events.length === 0) return;
    await tx.run(INSERT_MANY, columnsOf(events.map((event) => valuesOf(event, clock.now()))), 'audit-insert-many');
  };
  const note: Audit['note'] = async (event) => {
    await db.inOneExchange(NOTHING, [statement(INSERT, valuesOf(event, clock.now()), 'audit-insert')]);
  };

  return {
    record,
    recordAll,
    note,
    noteLightly,
    exportsOf: findExports,
    use: async (actor, use) => {
      const key = `${holderOf(actor)} ${use.studyId} ${use.kind} ${use.sentTo ?? ''}`;
      const now = clock.now().getTime();
      const last = uses.get(key);
      if (last !== undefined && now - last < RENEW_AFTER_MS) return;
      await note({
        action: `study.${use.kind}`,
        actor,
        entityType: 'study',
        entityId: use.studyId,
        patientId: use.patientId,
        groupId: use.groupId,
        ...(use.sentTo === undefined ? {} : { details: { sentTo: use.sentTo } }),
      });
      uses.set(key, now);
      if (uses.size > 50_000) for (const [old, at] of uses) if (now - at >= RENEW_AFTER_MS) uses.delete(old);
    },
  };
}

interface Waiting {
  readonly values: ValuesOf<typeof INSERT>;
  resolve(): void;
  reject(error: unknown): void;
}

/** PostgreSQL's classes 22 (data exception) and 23 (integrity). */
const isOfValues = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code);

/** While some events are being written those that come meanwhile wait, and are the next statement together. */
function createLightNotes(db: Db, clock: Clock): Audit['noteLightly'] {
  let waiting: Waiting[] = [];
  let isWriting = false;

  const insert = async (rows: readonly ValuesOf<typeof INSERT>[]): Promise<void> => {
    await db.inOneExchange(NOTHING, [
      statement("SELECT set_config('synchronous_commit', 'off', true)", [], 'audit-lightly'),
      statement(INSERT_MANY, columnsOf(rows), 'audit-insert-many'),
    ]);
  };

  async function write(events: readonly Waiting[]): Promise<void> {
    try {
      await insert(events.map(({ values }) => values));
      for (const event of events) event.resolve();
    } catch (error) {
      // A value that can't be written costs only its own event.
      if (events.length > 1 && isOfValues(error)) for (const event of events) await write([event]);
      else for (const event of events) event.reject(error);
    }
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const events = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await write(events);
    }
    isWriting = false;
  }

  return (event) =>
    new Promise((resolve, reject) => {
      waiting.push({ values: valuesOf(event, clock.now()), resolve, reject });
      if (!isWriting) void writeAll();
    });
}
