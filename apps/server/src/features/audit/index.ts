export type { AuditRecord } from './audit-rows.ts';
export { registerAudit } from './routes.ts';
export { createSequencer } from './sequencer.ts';
export { type Audit, createAudit } from './service.ts';
