import {
  agreementStatistics,
  exportAgreementStatistics,
  exportScreeningStatistics,
  monthlyTable,
  monthlyTableCsv,
  monthlyTablePdf,
  previewThreshold,
  scoreDrift,
  screeningStatistics,
} from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import type { Person } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import type { Audit } from '../../audit/index.ts';
import { agreement, agreementCsv } from './agreement.ts';
import { monthlyCsv, screeningCsv } from './csv.ts';
import { monthlyPdf } from './monthly-pdf.ts';
import * as statistics from './service.ts';

interface Parts extends statistics.StatisticsDeps {
  readonly audit: Pick<Audit, 'note' | 'noteLightly'>;
  /** What stands above a printed table. */
  readonly installation: string;
}

const asFile = (reply: FastifyReply, type: string, name: string): FastifyReply =>
  reply.type(type).header('content-disposition', `attachment; filename="${name}"`).header('cache-control', 'no-store');

/** What was asked for is a read like another; what leaves as a file is noted before its first byte. */
const about = (actor: Person, what: string, query: object) => ({ actor, details: { what, filters: Object.keys(query) } });

export function registerStatistics(router: Router, parts: Parts): void {
  registerScreening(router, parts);
  registerAgreement(router, parts);
  registerMonthly(router, parts);
}

/** Figures of the screening, whether its scores have changed, and what another threshold would have called. */
function registerScreening(router: Router, parts: Parts): void {
  const { audit } = parts;
  router.handle(screeningStatistics, async ({ actor, query }) => {
    await audit.noteLightly({ action: 'statistics.read', ...about(actor, 'screening', query) });
    return statistics.screening(parts, actor, query);
  });
  router.handle(exportScreeningStatistics, async ({ actor, query, reply }) => {
    const found = await statistics.screening(parts, actor, query);
    await audit.note({ action: 'statistics.export', ...about(actor, 'screening', query) });
    return asFile(reply, 'text/csv; charset=utf-8', `screening-${found.from}-${found.to}.csv`).send(screeningCsv(found));
  });
  router.handle(scoreDrift, async ({ actor, query }) => {
    await audit.noteLightly({ action: 'statistics.read', ...about(actor, 'drift', query) });
    return statistics.drift(parts, actor, query);
  });
  router.handle(previewThreshold, async ({ actor, query }) => {
    await audit.noteLightly({ action: 'statistics.read', ...about(actor, 'threshold', query) });
    return statistics.preview(parts, actor, query);
  });
}

/** Predictions against what physicians decided. */
function registerAgreement(router: Router, parts: Parts): void {
  const { audit } = parts;
  router.handle(agreementStatistics, async ({ actor, query }) => {
    await audit.noteLightly({ action: 'statistics.read', ...about(actor, 'agreement', query) });
    return agreement(parts, actor, query);
  });
  router.handle(exportAgreementStatistics, async ({ actor, query, reply }) => {
    const found = await agreement(parts, actor, query);
    await audit.note({ action: 'statistics.export', ...about(actor, 'agreement', query) });
    return asFile(reply, 'text/csv; charset=utf-8', `agreement-${found.from}-${found.to}.csv`).send(agreementCsv(found));
  });
}

/** What a programme is told each month. */
function registerMonthly(router: Router, parts: Parts): void {
  const { audit, installation } = parts;
  router.handle(monthlyTable, async ({ actor, query }) => {
    await audit.noteLightly({ action: 'statistics.read', ...about(actor, 'monthly', query) });
    return statistics.monthly(parts, actor, query);
  });
  router.handle(monthlyTableCsv, async ({ actor, query, reply }) => {
    const table = await statistics.monthly(parts, actor, query);
    await audit.note({ action: 'statistics.export', ...about(actor, 'monthly', query) });
    return asFile(reply, 'text/csv; charset=utf-8', `monthly-${query.month}.csv`).send(monthlyCsv(table, query.locale));
  });
  router.handle(monthlyTablePdf, async ({ actor, query, reply }) => {
    const table = await statistics.monthly(parts, actor, query);
    await audit.note({ action: 'statistics.export', ...about(actor, 'monthly', query) });
    const pdf = await monthlyPdf(table, { locale: query.locale, installation, timeZone: query.timeZone });
    return asFile(reply, 'application/pdf', `monthly-${query.month}.pdf`).send(pdf);
  });
}
