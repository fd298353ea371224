import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const AuditReport = z.object({
  id: Uuid,
  period: z.enum(['DAY', 'MONTH']),
  /** The first day, `YYYY-MM-DD`, in the site's time zone. */
  begins: z.string(),
  madeAt: Instant,
  events: z.number().int(),
  /** Warnings that were raised in it. */
  warnings: z.number().int(),
});
export type AuditReport = z.infer<typeof AuditReport>;

export const listAuditReports = defineOperation({
  id: 'listAuditReports',
  method: 'GET',
  path: '/api/audit/reports',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'Reports of the journal by days and months, the latest first',
  responses: { 200: z.object({ items: z.array(AuditReport) }) },
});

export const auditReportPdf = defineOperation({
  id: 'auditReportPdf',
  method: 'GET',
  path: '/api/audit/reports/{id}/pdf',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'One of them as PDF, in French or English',
  params: IdParams,
  query: z.strictObject({ locale: z.enum(['fr', 'en']).default('fr') }),
  responses: { 200: { stream: 'application/pdf' } },
});

export const auditReportCsv = defineOperation({
  id: 'auditReportCsv',
  method: 'GET',
  path: '/api/audit/reports/{id}/csv',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'One of them as CSV: how often each did what, by outcome',
  params: IdParams,
  responses: { 200: { stream: 'text/csv' } },
});
