import { z } from 'zod';
import { Instant, ListQuery, listOf, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const health = defineOperation({
  id: 'health',
  method: 'GET',
  path: '/api/health',
  tag: 'system',
  permission: 'public',
  summary: 'Whether each part answers',
  responses: {
    200: z.object({
      /** `READ_ONLY`: everything that is stored is read, and nothing new is taken until there is room on the disk. */
      status: z.enum(['OK', 'READ_ONLY']),
      database: z.string(),
      /** `FULL`: there is no room for more. */
      objects: z.enum(['OK', 'FULL']),
      queue: z.string(),
      /** Stored objects that are known to be damaged. */
      damagedObjects: z.number().int(),
      /** Stored objects that have no file of their own yet, for want of room: they are read from the journal that they were written to. */
      waitingObjects: z.number().int(),
      version: z.string(),
    }),
  },
  errors: ['UNAVAILABLE'],
});
export const ObjectCare = z.object({
  damaged: z.number().int(),
  /** The newest hundred. */
  items: z.array(
    z.object({
      id: Uuid,
      kind: z.enum(['INSTANCE', 'VERSION', 'CONFLICT', 'METADATA', 'DERIVED']),
      reason: z.enum(['MISSING', 'SIZE', 'HASH', 'UNREADABLE']),
      foundAt: Instant,
      studyInstanceUid: z.string().nullable(),
    }),
  ),
  /** Every object is to be read within so many days. */
  days: z.number().int(),
  /** The reading that is under way; null before the first. */
  current: z
    .object({
      startedAt: Instant,
      objects: z.number().int(),
      totalObjects: z.number().int(),
      /** Share of a core while it reads, 0 to 1. */
      share: z.number(),
      isLate: z.boolean(),
    })
    .nullable(),
  /** The last whole reading. */
  last: z
    .object({ startedAt: Instant, finishedAt: Instant, objects: z.number().int(), bytes: z.number().int(), share: z.number() })
    .nullable(),
});
export type ObjectCare = z.infer<typeof ObjectCare>;
export const objectCare = defineOperation({
  id: 'objectCare',
  method: 'GET',
  path: '/api/system/objects',
  tag: 'system',
  permission: 'system.manage',
  summary: 'How far the reading of all stored objects is, and which are damaged',
  responses: { 200: ObjectCare },
});
/** What the server does by itself. */
export const JobName = z.enum([
  'pack-series',
  'map-series',
  'read-spool',
  'find-nameless',
  'remove-orphans',
  'purge-trash',
  'end-readings',
  'attach-films',
  'tell-commitments',
  'predict',
  'check-model',
  'keep-result',
  'tidy-predictions',
  'run-transfers',
  'tidy-node-log',
  'scrub',
  'load-demo',
  'audit-sequencer',
  'orthanc-feed',
  'orthanc-send',
]);
export type JobName = z.infer<typeof JobName>;
export const JobCare = z.object({
  items: z.array(
    z.object({
      name: JobName,
      /** When it is sent by itself, as cron says it, in UTC. */
      schedule: z.string().nullable(),
      /** What follows its runs. */
      followedBy: z.array(JobName),
      waiting: z.number().int(),
      running: z.number().int(),
      /** Since when runs are counted; null before the first. */
      since: Instant.nullable(),
      runs: z.number().int(),
      failures: z.number().int(),
      totalMs: z.number().int(),
      longestMs: z.number().int(),
      lastMs: z.number().int().nullable(),
      lastRunAt: Instant.nullable(),
      lastFailedAt: Instant.nullable(),
      /** A code, or the kind of the error. */
      lastFailure: z.string().nullable(),
    }),
  ),
});
export type JobCare = z.infer<typeof JobCare>;
export const jobCare = defineOperation({
  id: 'jobCare',
  method: 'GET',
  path: '/api/system/jobs',
  tag: 'system',
  permission: 'system.manage',
  summary: 'What the server does by itself: how often, how long, and what failed',
  responses: { 200: JobCare },
});
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
export const Overview = z.object({
  patients: z.number().int(),
  studies: z.number().int(),
  instances: z.number().int(),
  sizeBytes: z.number().int(),
  toRead: z.number().int(),
  inProgress: z.number().int(),
  openConflicts: z.number().int(),
  identityReviews: z.number().int(),
  receivedToday: z.number().int(),
});
export type Overview = z.infer<typeof Overview>;
export const overview = defineOperation({
  id: 'overview',
  method: 'GET',
  path: '/api/stats/overview',
  tag: 'system',
  permission: 'patients.read',
  summary: 'Counts for the dashboard, in the actor’s scope',
  responses: { 200: Overview },
});

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
export const listAudit = defineOperation({
  id: 'listAudit',
  method: 'GET',
  path: '/api/audit',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'Audit events, newest first',
  query: ListQuery.extend({
    actor: Uuid.optional(),
    action: z.string().max(60).optional(),
    entity: z.string().max(64).optional(),
    from: Instant.optional(),
    to: Instant.optional(),
  }),
  responses: { 200: listOf(AuditEvent) },
});
export const exportAudit = defineOperation({
  id: 'exportAudit',
  method: 'GET',
  path: '/api/audit/export',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'Audit events as CSV',
  query: z.strictObject({
    actor: Uuid.optional(),
    action: z.string().max(60).optional(),
    entity: z.string().max(64).optional(),
    from: Instant.optional(),
    to: Instant.optional(),
  }),
  responses: { 200: { stream: 'text/csv' } },
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
export const systemOperations = [
  health,
  objectCare,
  jobCare,
  openapi,
  apiDocs,
  loadDemo,
  overview,
  listAudit,
  exportAudit,
  verifyAudit,
] as const;
