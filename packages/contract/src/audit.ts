import { z } from 'zod';
import { Instant, ListQuery, listOf, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const AuditEvent = z.object({
  id: Uuid,
  occurredAt: Instant,
  sequence: z.number().int().nullable(),
  action: z.string(),
  outcome: z.enum(['SUCCESS', 'FAILURE', 'DENIED']),
  actorId: Uuid.nullable(),
  actorName: z.string().nullable(),
  entityType: z.string().nullable(),
  entityId: z.string().nullable(),
  patientId: Uuid.nullable(),
  groupId: Uuid.nullable(),
  ip: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
/** Which events are told. */
/** What no event has is known before a file of many is begun. */
const word = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !text.includes('\0'));
const AuditFilter = z.strictObject({
  actor: Uuid.optional(),
  action: word(60).optional(),
  entity: word(64).optional(),
  /** What concerns this patient, and what showed her among others: also of records merged into hers. */
  patient: Uuid.optional(),
  outcome: z.enum(['SUCCESS', 'FAILURE', 'DENIED']).optional(),
  from: Instant.optional(),
  to: Instant.optional(),
});
export const listAudit = defineOperation({
  id: 'listAudit',
  method: 'GET',
  path: '/api/audit',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'Audit events, newest first',
  query: ListQuery.extend(AuditFilter.shape),
  responses: { 200: listOf(AuditEvent) },
});
export const exportAudit = defineOperation({
  id: 'exportAudit',
  method: 'GET',
  path: '/api/audit/export',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'Audit events as CSV',
  query: AuditFilter,
  responses: { 200: { stream: 'text/csv' } },
});
export const printAudit = defineOperation({
  id: 'printAudit',
  method: 'GET',
  path: '/api/audit/print',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'Audit events as PDF, each in a sentence, in French or English; with `patient`, the access log of one patient',
  query: AuditFilter.extend({ locale: z.enum(['fr', 'en']).default('fr'), timeZone: z.string().max(60).default('UTC') }),
  responses: { 200: { stream: 'application/pdf' } },
});
export const verifyAudit = defineOperation({
  id: 'verifyAudit',
  method: 'GET',
  path: '/api/audit/verify',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'Checks the hash chain',
  responses: {
    200: z.object({
      valid: z.boolean(),
      events: z.number().int(),
      pending: z.number().int(),
      firstBadSequence: z.number().int().nullable(),
      problem: z.string().nullable(),
      checkedAt: Instant,
    }),
  },
});

export const AuditCare = z.object({
  /** When what is new was last checked; null before the first time. */
  checkedAt: Instant.nullable(),
  checkedEvents: z.number().int(),
  /** When the whole chain was last read from its beginning. */
  wholeAt: Instant.nullable(),
  /** The first event that does not hold; without a sequence where it is none in particular. */
  bad: z
    .object({ sequence: z.number().int().nullable(), eventId: Uuid.nullable(), problem: z.string(), foundAt: Instant.nullable() })
    .nullable(),
});
export type AuditCare = z.infer<typeof AuditCare>;
export const auditCare = defineOperation({
  id: 'auditCare',
  method: 'GET',
  path: '/api/system/audit',
  tag: 'system',
  permission: 'system.manage',
  summary: 'How far the chain of the journal was checked, and the first event that does not hold',
  responses: { 200: AuditCare },
});
