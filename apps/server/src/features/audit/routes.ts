import { Readable } from 'node:stream';
import { exportAudit, listAudit, verifyAudit } from '@negatoscope/contract';
import { NOTHING } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { Clock } from '../../kernel/clock.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor, TOTAL_CAP } from '../../kernel/list.ts';
import { csvLines } from '../../platform/csv.ts';
import type { Db } from '../../platform/db/database.ts';
import { CSV_HEADER, cellsOf } from './csv.ts';
import { type AuditFilter, type AuditRow, countEvents, findEvents } from './repository.ts';
import type { Audit } from './service.ts';
import { verifyChain } from './verify.ts';

const PAGE = 1000;

const toEvent = (row: AuditRow) => ({
  id: row.id,
  occurredAt: row.occurred_at.toISOString(),
  sequence: row.sequence,
  action: row.action,
  outcome: row.outcome as 'SUCCESS' | 'FAILURE' | 'DENIED', // The table's own check holds it to these.
  actorId: row.actor_id,
  actorName: row.actor_name,
  entityType: row.entity_type,
  entityId: row.entity_id,
  patientId: row.patient_id,
  groupId: row.group_id,
  ip: row.ip,
  details: { ...row.details },
});

function cursorOf(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [at, id] = decodeCursor(cursor, anInstant, aUuid);
  return { at, id };
}

async function* exported(db: Db, filter: AuditFilter): AsyncGenerator<string> {
  yield csvLines([CSV_HEADER]);
  let after: { at: string; id: string } | undefined;
  for (;;) {
    const position = after;
    const rows: AuditRow[] = await db.reading(NOTHING, (tx) => findEvents(tx, filter, position, PAGE));
    yield csvLines(rows.map(cellsOf));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { at: last.occurred_at.toISOString(), id: last.id };
  }
}

export interface AuditRoutePorts {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly key: Buffer;
  readonly anchorFolder: string;
}

/** The audit, read and verified by administrators; reading it leaves an event too. */
export function registerAudit(router: Router, ports: AuditRoutePorts): void {
  const { db, audit } = ports;
  router.handle(listAudit, async ({ actor, query }) => {
    const { limit, cursor, q: _q, sort: _sort, ...filter } = query;
    const after = cursorOf(cursor);
    const { rows, total } = await db.reading(NOTHING, async (tx) => ({
      rows: await findEvents(tx, filter, after, limit + 1),
      total: await countEvents(tx, filter, TOTAL_CAP),
    }));
    if (cursor === undefined)
      await audit.note({
        action: 'audit.read',
        actor,
        details: { filters: Object.keys(filter), results: Math.min(rows.length, limit) },
      });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor([last.occurred_at.toISOString(), last.id]) : null;
    return { items: items.map(toEvent), nextCursor, total: Math.min(total, TOTAL_CAP), totalIsExact: total <= TOTAL_CAP };
  });
  router.handle(exportAudit, async ({ actor, query, reply }) => {
    await audit.note({ action: 'audit.export', actor, details: { filters: Object.keys(query) } });
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="audit.csv"')
      .send(Readable.from(exported(db, query)));
  });
  router.handle(verifyAudit, async ({ actor }) => {
    const result = await verifyChain(ports);
    await audit.note({
      action: 'audit.verify',
      outcome: result.valid ? 'SUCCESS' : 'FAILURE',
      actor,
      details: { events: result.events },
    });
    return result;
  });
}
