import { type AuditWarning, acknowledgeAuditWarning, listAuditWarnings } from '@negatoscope/contract';
import { NOTHING, scopeOf, userOf } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor } from '../../../kernel/list.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Audit } from '../service.ts';
import * as repository from './repository.ts';

interface WarningPorts {
  readonly db: Db;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
}

const toWarning = (row: repository.WarningRow): AuditWarning => ({
  id: row.id,
  rule: row.rule as AuditWarning['rule'], // The table's own check holds it to these.
  raisedAt: row.raised_at.toISOString(),
  firstAt: row.first_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  amount: row.amount,
  actorId: row.actor_id,
  actorName: row.actor_name,
  patientId: row.patient_id,
  acknowledged:
    row.acknowledged_at === null
      ? null
      : { at: row.acknowledged_at.toISOString(), byName: row.acknowledged_name, reason: row.reason ?? '' },
});

/** What the journal warns of, read and acknowledged by who may read the journal. */
export function registerWarnings(router: Router, { db, clock, audit }: WarningPorts): void {
  router.handle(listAuditWarnings, async ({ query: { limit, cursor, state } }) => {
    const after = cursor === undefined ? undefined : decodeCursor<[string, string]>(cursor, anInstant, aUuid);
    const { rows, open } = await db.reading(NOTHING, async (tx) => ({
      rows: await repository.findWarnings(tx, { isOpen: state === 'open', after, limit: limit + 1 }),
      open: (await repository.countOpen(tx))?.open ?? 0,
    }));
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor([last.raised_at.toISOString(), last.id]) : null;
    return { items: items.map(toWarning), nextCursor, open };
  });
  router.handle(acknowledgeAuditWarning, async ({ actor, params: { id }, body: { reason } }) => {
    await db.withScope(scopeOf(actor), async (tx) => {
      const done = await repository.acknowledge(tx, id, { userId: userOf(actor) ?? id, reason, at: clock.now() });
      if (done === undefined) throw notFound();
      if (!done.isDone) throw new Failure('ALREADY_DECIDED');
      const entity = { entityType: 'audit-warning', entityId: id, patientId: done.patientId };
      await audit.record(tx, { action: 'audit.warning-acknowledged', actor, ...entity });
    });
    return undefined;
  });
}
