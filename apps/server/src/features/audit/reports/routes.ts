import { type AuditReport, auditReportCsv, auditReportPdf, listAuditReports } from '@negatoscope/contract';
import { type Actor, NOTHING } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import { notFound } from '../../../kernel/failure.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Audit } from '../service.ts';
import { named } from './named.ts';
import { csvOf, type Named, pdfOf } from './paper.ts';
import * as repository from './repository.ts';

interface ReportRoutePorts {
  readonly db: Db;
  readonly audit: Pick<Audit, 'note'>;
  readonly installation: string;
}

/** A year of days and ten years of months. */
const LISTED = 520;

async function listed(db: Pick<Db, 'reading'>): Promise<AuditReport[]> {
  const rows = await db.reading(NOTHING, (tx) => repository.findReports(tx, LISTED));
  return rows.map(({ id, period, begins, made_at: madeAt, events, warnings }) => ({
    id,
    period: period as AuditReport['period'], // The table's own check holds it to these.
    begins,
    madeAt: madeAt.toISOString(),
    ...{ events: events ?? 0, warnings: warnings ?? 0 },
  }));
}

/** What was made of days and months, for who may read the journal. */
export function registerReports(router: Router, { db, audit, installation }: ReportRoutePorts): void {
  router.handle(listAuditReports, async () => ({ items: await listed(db) }));
  const read = async (actor: Actor, id: string, form: string): Promise<Named> => {
    const found = await db.reading(NOTHING, async (tx) => {
      const row = await repository.findReport(tx, id);
      return row && (await named(tx, row));
    });
    if (found === undefined) throw notFound();
    await audit.note({ action: 'audit.report-read', actor, entityType: 'audit-report', entityId: id, details: { form } });
    return found.report;
  };
  const nameOf = ({ begins }: Named, end: string): string => `attachment; filename="audit-${begins}.${end}"`;
  router.handle(auditReportPdf, async ({ actor, params, query, reply }) => {
    const report = await read(actor, params.id, 'pdf');
    const pdf = await pdfOf(report, query.locale, installation);
    return reply
      .type('application/pdf')
      .header('content-disposition', nameOf(report, 'pdf'))
      .header('cache-control', 'no-store')
      .send(pdf);
  });
  router.handle(auditReportCsv, async ({ actor, params, reply }) => {
    const report = await read(actor, params.id, 'csv');
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', nameOf(report, 'csv'))
      .header('cache-control', 'no-store')
      .send(csvOf(report));
  });
}
