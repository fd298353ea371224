import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { DEID_DATES, DEID_PROJECT_OPTIONS, DEID_PSEUDONYM } from './deid-choices.ts';
import { defineOperation } from './operation.ts';

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
  body: z.strictObject({
    ...Chosen,
    note: Chosen.note.default(''),
    options: Chosen.options.default([]),
    /** One of one's own; without it the main one. */
    groupId: Uuid.optional(),
  }),
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
    pseudonym: z.string().trim().regex(DEID_PSEUDONYM),
    reason: z.string().trim().min(5).max(500),
  }),
  responses: { 200: z.object({ patientId: Uuid, recordNumber: z.string() }) },
  errors: ['PROJECT_KEY_LOST'],
});
export const deidProjectOperations = [listDeidProjects, createDeidProject, askDeidPseudonym] as const;
