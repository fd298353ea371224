import type { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { Actor } from '../access/index.ts';

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
  /** For events without an actor (failed sign-in). */
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
}

export interface Audit {
  /** Writes the event in the transaction of the action itself: both are committed or none. */
  record(tx: Tx, event: AuditRecord): Promise<void>;
  /** Writes the event in a transaction of its own: reads, denials, failures. */
  note(event: AuditRecord): Promise<void>;
  /**
   * As `note`, without waiting for the disk: for searches, which are many and show no image. A crash of the database may lose those of its
   * last half second.
   */
  noteLightly(event: AuditRecord): Promise<void>;
  /** Audits a use of a study before its first byte is sent; later uses within 15 minutes cost nothing. */
  use(actor: Actor, use: StudyUse): Promise<void>;
}

const RENEW_AFTER_MS = 15 * 60_000;
const INSERT = `INSERT INTO audit_events (id, occurred_at, action, outcome, actor_id, session_id, entity_type, entity_id, patient_id, group_id, ip, details)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

export function createAudit({ db, clock }: { db: Db; clock: Clock }): Audit {
  const uses = new Map<string, number>();

  const record: Audit['record'] = async (tx, event) => {
    const { actor } = event;
    await tx.run(
      INSERT,
      [
        newId(),
        clock.now(),
        event.action,
        event.outcome ?? 'SUCCESS',
        actor?.userId ?? null,
        actor?.sessionId ?? null,
        event.entityType ?? null,
        event.entityId ?? null,
        event.patientId ?? null,
        event.groupId ?? null,
        actor?.ip ?? event.ip ?? null,
        JSON.stringify(event.details ?? {}),
      ],
      'audit-insert',
    );
  };
  const note: Audit['note'] = (event) => db.withSystem((tx) => record(tx, event));

  const noteLightly: Audit['noteLightly'] = (event) =>
    db.withSystem(async (tx) => {
      await tx.run("SELECT set_config('synchronous_commit', 'off', true)", [], 'audit-lightly');
      await record(tx, event);
    });

  return {
    record,
    note,
    noteLightly,
    use: async (actor, use) => {
      const key = `${actor.sessionId} ${use.studyId} ${use.kind}`;
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
      });
      uses.set(key, now);
      if (uses.size > 50_000) for (const [old, at] of uses) if (now - at >= RENEW_AFTER_MS) uses.delete(old);
    },
  };
}
