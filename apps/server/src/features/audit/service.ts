import { type Actor, NOTHING } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, ReadTx, Tx } from '../../platform/db/database.ts';
import { statement } from '../../platform/db/statements.ts';
import { findActivity } from './activity.ts';
import { type AuditRecord, columnsOf, type EventRow, INSERT, INSERT_MANY, rowOf, shownBy } from './audit-rows.ts';
import { findAccountEvents, findExports, findTouched } from './repository.ts';
import { createSightings, type Sighting } from './sightings.ts';
import { createUses, type StudyUse } from './uses.ts';

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
  /** Audits whom a page of a list or a search shows, before it is answered; who was shown within 15 minutes costs nothing. */
  show(actor: Actor, sighting: Sighting): Promise<void>;
  /** When images of these records left, the latest first: what a patient's own page tells of the journal. */
  exportsOf(tx: ReadTx, patientIds: readonly string[], limit: number): ReturnType<typeof findExports>;
  /** What was done to an account, of these actions, the latest first: what its page tells of the journal. */
  accountEventsOf: typeof findAccountEvents;
  /** To whom something of these actions was done: who is looked for among patients that were changed. */
  touchedOf: typeof findTouched;
  /** What each person did in a time: what the statistics tell of the journal. */
  activityOf: typeof findActivity;
  /** Audits a use of a study before its first byte is sent; later uses within 15 minutes cost nothing. */
  use(actor: Actor, use: StudyUse): Promise<void>;
}

/** Waiting events that are written at once. */
const MOST_AT_ONCE = 500;

async function runShown(tx: Tx, rows: readonly EventRow[]): Promise<void> {
  for (const shown of shownBy(rows)) await tx.run(shown);
}

export function createAudit({ db, clock }: { db: Db; clock: Clock }): Audit {
  const record: Audit['record'] = async (tx, event) => {
    const row = rowOf(event, clock.now());
    await tx.run(INSERT, row.values, 'audit-insert');
    await runShown(tx, [row]);
  };
  const recordAll: Audit['recordAll'] = async (tx, events) => {
    if (events.length === 0) return;
    const rows = events.map((event) => rowOf(event, clock.now()));
    await tx.run(INSERT_MANY, columnsOf(rows.map(({ values }) => values)), 'audit-insert-many');
    await runShown(tx, rows);
  };
  const note: Audit['note'] = async (event) => {
    const row = rowOf(event, clock.now());
    await db.inOneExchange(NOTHING, [statement(INSERT, row.values, 'audit-insert'), ...shownBy([row])]);
  };
  const noteLightly = createLightNotes(db, clock);
  return {
    ...{ record, recordAll, note, noteLightly },
    show: createSightings(noteLightly, clock),
    exportsOf: findExports,
    accountEventsOf: findAccountEvents,
    touchedOf: findTouched,
    activityOf: findActivity,
    use: createUses(note, clock),
  };
}

interface Waiting {
  readonly row: EventRow;
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

  const insert = async (rows: readonly EventRow[]): Promise<void> => {
    await db.inOneExchange(NOTHING, [
      statement("SELECT set_config('synchronous_commit', 'off', true)", [], 'audit-lightly'),
      statement(INSERT_MANY, columnsOf(rows.map(({ values }) => values)), 'audit-insert-many'),
      ...shownBy(rows),
    ]);
  };

  async function write(events: readonly Waiting[]): Promise<void> {
    try {
      await insert(events.map(({ row }) => row));
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
      waiting.push({ row: rowOf(event, clock.now()), resolve, reject });
      if (!isWriting) void writeAll();
    });
}
