import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** Options of PS3.15 Table E.1-1 that a project may have. Dates are a choice of their own, and nobody masks pixels here: their options are not claimed. */
export const DEID_PROJECT_OPTIONS = [
  'cleanDescriptors',
  'cleanStructuredContent',
  'retainPatientCharacteristics',
  'retainDeviceIdentity',
  'retainInstitutionIdentity',
  'retainSafePrivate',
  'retainUids',
] as const;
export type DeidProjectOption = (typeof DEID_PROJECT_OPTIONS)[number];
/** Removed, or moved back by a number of days that each patient has in the project. */
export const DEID_DATES = ['REMOVED', 'SHIFTED'] as const;

const Chosen = {
  name: z.string().trim().min(2).max(120),
  note: z.string().trim().max(2000),
  options: z.array(z.enum(DEID_PROJECT_OPTIONS)).max(DEID_PROJECT_OPTIONS.length),
  dates: z.enum(DEID_DATES),
};
export const DeidProject = z.object({
  id: Uuid,
  ...Chosen,
  /** Who may use it: members of the group, or everybody but researchers where there is none. */
  groupId: Uuid.nullable(),
  by: z.object({ id: Uuid, name: z.string() }).nullable(),
  createdAt: Instant,
  /** False where its key can't be read any more: nothing leaves into it. */
  hasKey: z.boolean(),
});
export type DeidProject = z.infer<typeof DeidProject>;

export const listDeidProjects = defineOperation({
  id: 'listDeidProjects',
  method: 'GET',
  path: '/api/deid/projects',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary: 'Projects into which files leave without identity, the newest first',
  responses: { 200: z.object({ items: z.array(DeidProject) }) },
});
export const createDeidProject = defineOperation({
  id: 'createDeidProject',
  method: 'POST',
  path: '/api/deid/projects',
  tag: 'patients',
  permission: 'exports.anonymised',
  identity: 'always',
  summary:
    'A project of de-identification: pseudonyms, UIDs and dates of a patient agree in all that leaves into it, and with no other',
  body: z.strictObject({ ...Chosen, note: Chosen.note.default(''), options: Chosen.options.default([]) }),
  responses: { 201: DeidProject },
  errors: ['UNPROCESSABLE'],
});
export const askDeidPseudonym = defineOperation({
  id: 'askDeidPseudonym',
  method: 'POST',
  path: '/api/deid/projects/{id}/who',
  tag: 'patients',
  permission: 'audit.read',
  identity: 'always',
  summary: 'Whose pseudonym of a project this is, with a reason, which the journal keeps',
  params: IdParams,
  body: z.strictObject({
    pseudonym: z
      .string()
      .trim()
      .regex(/^P-[2-9A-Z]{10}$/),
    reason: z.string().trim().min(5).max(500),
  }),
  responses: { 200: z.object({ patientId: Uuid, recordNumber: z.string() }) },
  errors: ['PROJECT_KEY_LOST'],
});
export const deidProjectOperations = [listDeidProjects, createDeidProject, askDeidPseudonym] as const;
