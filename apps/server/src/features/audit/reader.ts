import { auditActor, auditSentence } from '@negatoscope/contract';
import { type Actor, NOTHING, scopeOf } from '../../access/index.ts';
import type { Between, Slice, Sliced } from '../../kernel/list.ts';
import { TOTAL_CAP } from '../../kernel/list.ts';
import type { Db, ReadTx } from '../../platform/db/database.ts';
import { type AuditFilter, type AuditRow, countEvents, findEvents } from './repository.ts';
import { type StandardEvent, standardOf } from './standard-codes.ts';

export interface AuditWish {
  readonly ids: readonly string[] | null;
  readonly patientIds: readonly string[] | null;
  readonly actorIds: readonly string[] | null;
  readonly actions: readonly string[] | null;
  readonly outcomes: readonly string[] | null;
  readonly when: Between;
  readonly language: 'fr' | 'en';
}

/** An event as another interface tells it. */
export interface AuditOf {
  readonly id: string;
  readonly occurredAt: string;
  readonly action: string;
  /** What the action says, in the reader's language. */
  readonly sentence: string;
  readonly standard: StandardEvent;
  readonly outcome: 'SUCCESS' | 'FAILURE' | 'DENIED';
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly entityType: string | null;
  readonly entityId: string | null;
  readonly patientId: string | null;
  readonly groupId: string | null;
  readonly ip: string | null;
}

/** What the journal tells who may read it, the latest first. The caller has asked for the permission. */
export interface AuditReader {
  events(actor: Actor, wish: AuditWish, slice: Slice): Promise<Sliced<AuditOf>>;
}

interface ReaderPorts {
  readonly db: Db;
  /** A patient's record and those merged into it; none where there is no such record. */
  readonly recordsOf: (tx: ReadTx, actor: Actor, patientId: string) => Promise<readonly string[]>;
}

const tell = (row: AuditRow, language: 'fr' | 'en'): AuditOf => ({
  id: row.id,
  occurredAt: row.occurred_at.toISOString(),
  action: row.action,
  sentence: auditSentence(row.action, language, row.details),
  standard: standardOf(row.action),
  outcome: row.outcome as AuditOf['outcome'], // The table's own check holds it to these.
  ...{ actorId: row.actor_id, actorName: row.actor_name === null ? null : auditActor(row.actor_name, language) },
  ...{ entityType: row.entity_type, entityId: row.entity_id, patientId: row.patient_id, groupId: row.group_id, ip: row.ip },
});

export const createAuditReader = ({ db, recordsOf }: ReaderPorts): AuditReader => ({
  events: async (actor, { ids, patientIds, actorIds, actions, outcomes, when, language }, { from, limit, isCounted }) => {
    const patients =
      patientIds === null
        ? undefined
        : await db.reading(scopeOf(actor), async (tx) => {
            const records = await Promise.all(patientIds.map((id) => recordsOf(tx, actor, id)));
            return [...new Set([...patientIds, ...records.flat()])];
          });
    const filter: AuditFilter = {
      ...{ ids: ids ?? undefined, actors: actorIds ?? undefined, actions: actions ?? undefined, outcomes: outcomes ?? undefined },
      ...{ patients, from: when.from ?? undefined, to: when.to ?? undefined },
    };
    return db.reading(NOTHING, async (tx) => {
      const total = isCounted ? await countEvents(tx, filter, TOTAL_CAP) : null;
      const first = from === null ? undefined : await findEvents(tx, { ids: [from] }, undefined, 1);
      const place = first?.[0];
      // Where a page begins its own event is in it.
      const at = place && { at: place.occurred_at.toISOString(), id: place.id, isIncluded: true };
      const rows = from !== null && at === undefined ? [] : await findEvents(tx, filter, at, limit);
      return { items: rows.map((row) => tell(row, language)), total };
    });
  },
});
