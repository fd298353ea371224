import { z } from 'zod';
import { defineOperation } from './operation.ts';

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
