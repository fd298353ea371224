import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** One patient, open to one person for a time. */
export const EmergencyAccess = z.object({
  id: Uuid,
  patientId: Uuid,
  lastName: z.string(),
  firstName: z.string(),
  recordNumber: z.string(),
  openedAt: Instant,
  expiresAt: Instant,
});
export type EmergencyAccess = z.infer<typeof EmergencyAccess>;

/** The same as administrators see it. */
export const EmergencyEntry = EmergencyAccess.extend({
  /** Both null once that account is deleted. */
  userId: Uuid.nullable(),
  userName: z.string().nullable(),
  reason: z.string(),
  /** Ended before its time, by themselves or an administrator. */
  endedAt: Instant.nullable(),
  isStanding: z.boolean(),
});
export type EmergencyEntry = z.infer<typeof EmergencyEntry>;

export const listOwnEmergencies = defineOperation({
  id: 'listOwnEmergencies',
  method: 'GET',
  path: '/api/emergency-accesses/own',
  tag: 'patients',
  permission: 'signed-in',
  summary: 'What is open to this person in an emergency now; `hours` is null where the site has none',
  responses: { 200: z.object({ hours: z.number().int().nullable(), items: z.array(EmergencyAccess) }) },
});
export const openEmergency = defineOperation({
  id: 'openEmergency',
  method: 'POST',
  path: '/api/emergency-accesses',
  tag: 'patients',
  permission: 'patients.emergency',
  identity: 'always',
  summary:
    'Open patients out of one’s scope for a time, by an exact identifier or record number with the birth date; read only, noted and told. NOT_FOUND where there are none, or the site has none of this',
  body: z.strictObject({
    identifier: z.string().trim().min(1).max(64),
    birthDate: z.iso.date(),
    /** Why, in ten letters or more. */
    reason: z
      .string()
      .trim()
      .max(500)
      .refine((text) => (text.match(/\p{L}/gu) ?? []).length >= 10, 'at least 10 letters'),
  }),
  responses: { 201: z.object({ items: z.array(EmergencyAccess) }) },
  errors: ['NOT_FOUND', 'RATE_LIMITED'],
});
export const endEmergency = defineOperation({
  id: 'endEmergency',
  method: 'POST',
  path: '/api/emergency-accesses/{id}/end',
  tag: 'patients',
  permission: 'signed-in',
  summary: 'End an access before its time: one’s own, or as who manages users anybody’s',
  params: IdParams,
  responses: { 204: null },
});
export const listEmergencies = defineOperation({
  id: 'listEmergencies',
  method: 'GET',
  path: '/api/emergency-accesses',
  tag: 'patients',
  permission: 'users.manage',
  identity: 'always',
  summary: 'Who opened whom in an emergency, why and until when, the latest 200',
  responses: { 200: z.object({ hours: z.number().int().nullable(), items: z.array(EmergencyEntry) }) },
});
export const emergencyOperations = [listOwnEmergencies, openEmergency, endEmergency, listEmergencies] as const;
