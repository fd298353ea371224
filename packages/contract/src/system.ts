import { z } from 'zod';
import { auditCare, exportAudit, listAudit, printAudit, verifyAudit } from './audit.ts';
import { auditReportCsv, auditReportPdf, listAuditReports } from './audit-reports.ts';
import { acknowledgeAuditWarning, listAuditWarnings } from './audit-warnings.ts';
import { backupCare } from './backup-care.ts';
import { objectCare } from './care.ts';
import { Uuid } from './common.ts';
import { health } from './health.ts';
import { jobCare } from './job-care.ts';
import { keyCare } from './key-care.ts';
import { defineOperation } from './operation.ts';
import { overview } from './overview.ts';

export const openapi = defineOperation({
  id: 'openapi',
  method: 'GET',
  path: '/api/openapi.json',
  tag: 'system',
  permission: 'public',
  summary: 'This API as OpenAPI 3.1',
  responses: { 200: { stream: 'application/json' } },
});
export const apiDocs = defineOperation({
  id: 'apiDocs',
  method: 'GET',
  path: '/api/docs',
  tag: 'system',
  permission: 'public',
  summary: 'This API as a page',
  responses: { 200: { stream: 'text/html' } },
});
export const loadDemo = defineOperation({
  id: 'loadDemo',
  method: 'POST',
  path: '/api/system/demo',
  tag: 'system',
  permission: 'system.manage',
  summary: 'Fill an empty server with generated demonstration studies',
  responses: { 202: z.object({ importId: Uuid }) },
  errors: ['CONFLICT'],
});
export const systemOperations = [
  health,
  objectCare,
  jobCare,
  backupCare,
  keyCare,
  openapi,
  apiDocs,
  loadDemo,
  overview,
  listAudit,
  exportAudit,
  printAudit,
  verifyAudit,
  auditCare,
  listAuditWarnings,
  acknowledgeAuditWarning,
  listAuditReports,
  auditReportPdf,
  auditReportCsv,
] as const;
