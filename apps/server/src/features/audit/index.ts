export { cutAnchors } from './anchor.ts';
export type { AuditRecord } from './audit-rows.ts';
export { auditLag } from './lag.ts';
export { patientLog } from './patient-log.ts';
export { findHashAt, findHead } from './repository.ts';
export { type AuditRoutePorts, registerAudit } from './routes.ts';
export { createSequencer } from './sequencer.ts';
export { type Audit, createAudit } from './service.ts';
export { verifyChain } from './verify.ts';
