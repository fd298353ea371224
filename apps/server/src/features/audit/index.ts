export { type Audit, type AuditAction, type AuditRecord, createAudit, type StudyUse } from './service.ts';
