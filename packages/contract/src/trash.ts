import { z } from 'zod';
import { IdParams, Instant, ListQuery, listOf, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const TrashEntry = z.object({
  id: Uuid,
  kind: z.enum(['patient', 'study']),
  /** Whose it is, and of a study what; the record number alone for who sees no identities. */
  label: z.string(),
  /** Of a study. */
  studyDate: z.string().nullable(),
  deletedAt: Instant,
  purgeAt: Instant,
});
export const listTrash = defineOperation({
  id: 'listTrash',
  method: 'GET',
  path: '/api/trash',
  tag: 'patients',
  permission: 'trash.move',
  summary: 'What is in the trash',
  query: ListQuery,
  responses: { 200: listOf(TrashEntry) },
});
export const restoreTrash = defineOperation({
  id: 'restoreTrash',
  method: 'POST',
  path: '/api/trash/{id}/restore',
  tag: 'patients',
  permission: 'trash.move',
  summary: 'Take a patient or study back from the trash',
  params: IdParams,
  responses: { 204: null },
});
