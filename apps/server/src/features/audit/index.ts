export { registerAudit } from './routes.ts';
export { createSequencer } from './sequencer.ts';
export { type Audit, type AuditRecord, createAudit } from './service.ts';
