import { z } from 'zod';
import { exportAudit, listAudit, verifyAudit } from './audit.ts';
import { jobCare, objectCare } from './care.ts';
import { Uuid } from './common.ts';
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
