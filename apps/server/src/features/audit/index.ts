export { type AuditRoutePorts, registerAudit } from './routes.ts';
export { createSequencer, type Sequencer } from './sequencer.ts';
export { type Audit, type AuditAction, type AuditRecord, createAudit, type StudyUse } from './service.ts';
