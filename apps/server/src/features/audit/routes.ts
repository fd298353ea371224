import { Readable } from 'node:stream';
import { exportAudit, listAudit, printAudit, type QueryOf, verifyAudit } from '@negatoscope/contract';
import { type Actor, NOTHING, scopeOf } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor, TOTAL_CAP } from '../../kernel/list.ts';
import { csvLines } from '../../platform/csv.ts';
import type { Db, ReadTx } from '../../platform/db/database.ts';
import { registerChainCare } from './check/care.ts';
import { CSV_HEADER, cellsOf } from './csv.ts';
import { isTimeZone, MOST_PRINTED, type PrintedPatient, printed } from './print.ts';
import { registerReports } from './reports/routes.ts';
import { type AuditFilter, type AuditRow, findEvents, findPage } from './repository.ts';
import type { Audit } from './service.ts';
import { verifyChain } from './verify.ts';
import { registerWarnings } from './warnings/routes.ts';

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
  yield* csvRows(db, filter);
}

/** Events as lines of CSV without their header, page by page. */
export async function* csvRows(db: Pick<Db, 'reading'>, filter: AuditFilter): AsyncGenerator<string> {
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
  /** What stands above a printed log. */
  readonly installation: string;
  /** A patient's record and those merged into it, by their ids; none where there is no such record any more. */
  readonly recordsOf: (tx: ReadTx, actor: Actor, patientId: string) => Promise<readonly string[]>;
  readonly patientOf: (tx: ReadTx, actor: Actor, patientId: string) => Promise<PrintedPatient | undefined>;
}

/** The filter as it is asked of the journal: of a patient's survivor everything that was merged into her; of an erased one what names her id. */
async function filterOf(
  { db, recordsOf }: Pick<AuditRoutePorts, 'db' | 'recordsOf'>,
  actor: Actor,
  { patient, ...filter }: QueryOf<typeof exportAudit>,
): Promise<AuditFilter> {
  if (patient === undefined) return filter;
  const records = await db.reading(scopeOf(actor), (tx) => recordsOf(tx, actor, patient));
  return { ...filter, patients: records.length === 0 ? [patient] : records };
}

const about = (patientId: string | undefined) =>
  patientId === undefined ? {} : { entityType: 'patient', entityId: patientId, patientId };

function registerPrint(router: Router, ports: AuditRoutePorts): void {
  const { db, audit, clock, installation } = ports;
  router.handle(printAudit, async ({ actor, query, reply }) => {
    const { locale, timeZone, ...asked } = query;
    if (!isTimeZone(timeZone)) throw new Failure('BAD_REQUEST', { detail: 'No such time zone.' });
    const filter = await filterOf(ports, actor, asked);
    const { patient: id } = asked;
    const patient = id === undefined ? undefined : await db.reading(scopeOf(actor), (tx) => ports.patientOf(tx, actor, id));
    const rows = await db.reading(NOTHING, (tx) => findEvents(tx, filter, undefined, MOST_PRINTED + 1));
    await audit.note({ action: 'audit.print', actor, ...about(id), details: { filters: Object.keys(asked) } });
    const pdf = await printed(rows, { ...{ locale, timeZone, installation, patient, patientId: id }, madeAt: clock.now() });
    return reply
      .type('application/pdf')
      .header('content-disposition', 'attachment; filename="audit.pdf"')
      .header('cache-control', 'no-store')
      .send(pdf);
  });
}

function registerList(router: Router, ports: AuditRoutePorts): void {
  const { db, audit } = ports;
  router.handle(listAudit, async ({ actor, query }) => {
    const { limit, cursor, q: _q, sort: _sort, ...asked } = query;
    const filter = await filterOf(ports, actor, asked);
    const after = cursorOf(cursor);
    const page = { after, limit: limit + 1, cap: TOTAL_CAP };
    const { rows, total } = await db.reading(NOTHING, (tx) => findPage(tx, filter, page));
    if (cursor === undefined)
      await audit.note({
        action: 'audit.read',
        actor,
        ...about(asked.patient),
        details: { filters: Object.keys(asked), results: Math.min(rows.length, limit) },
      });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor([last.occurred_at.toISOString(), last.id]) : null;
    return { items: items.map(toEvent), nextCursor, total: Math.min(total, TOTAL_CAP), totalIsExact: total <= TOTAL_CAP };
  });
}

/** The audit, read and verified by administrators; reading it leaves an event too. */
export function registerAudit(router: Router, ports: AuditRoutePorts): void {
  const { db, audit } = ports;
  registerList(router, ports);
  registerChainCare(router, ports);
  registerWarnings(router, ports);
  registerReports(router, ports);
  router.handle(exportAudit, async ({ actor, query, reply }) => {
    const filter = await filterOf(ports, actor, query);
    await audit.note({ action: 'audit.export', actor, ...about(query.patient), details: { filters: Object.keys(query) } });
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="audit.csv"')
      .send(Readable.from(exported(db, filter)));
  });
  registerPrint(router, ports);
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
