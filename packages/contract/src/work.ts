import { z } from 'zod';
import { IdParams, Instant, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { ReadingStatus } from './patients.ts';
import { Study } from './study-shapes.ts';
import { LabelColor, StudyLabel, Urgency } from './work-shapes.ts';

/** Studies that are changed by one request at most. */
export const MOST_CHANGED = 200;

/** What one study is given. `version` is its `workVersion` as the person saw it: who assigns, or says how soon, upon an older one is told who did before. */
export const WorkChange = z.strictObject({
  id: Uuid,
  version: z.number().int().min(0).optional(),
  status: ReadingStatus.optional(),
  urgency: Urgency.optional(),
  /** Null takes it away from whoever had it. */
  assigneeId: Uuid.nullable().optional(),
  /** Older images that nobody is to read: such a study is archived, and to be read again when it is none any more. */
  isPrior: z.boolean().optional(),
  addLabels: z.array(Uuid).max(20).optional(),
  removeLabels: z.array(Uuid).max(20).optional(),
});
export type WorkChange = z.infer<typeof WorkChange>;

/** `STALE`: somebody else has decided since; `BUSY`: it moves at this moment; `NO_SUCH_PERSON`: nobody who may read it; `NO_SUCH_LABEL`: none of its group. */
export const WORK_OUTCOMES = [
  'CHANGED',
  'SAME',
  'STALE',
  'NOT_FOUND',
  'FORBIDDEN',
  'BUSY',
  'NO_SUCH_PERSON',
  'NO_SUCH_LABEL',
] as const;
export const changeWork = defineOperation({
  id: 'changeWork',
  method: 'POST',
  path: '/api/studies/work',
  tag: 'studies',
  permission: 'studies.write',
  summary: 'Who reads studies, how soon, how far they are and their labels; each is changed, or says why not, by itself',
  body: z.strictObject({ items: z.array(WorkChange).min(1).max(MOST_CHANGED) }),
  responses: {
    200: z.object({
      /** In the order of the request; `study` as it is now, where it is in scope. */
      items: z.array(z.object({ id: Uuid, outcome: z.enum(WORK_OUTCOMES), study: Study.nullable() })),
    }),
  },
});
export const listReaders = defineOperation({
  id: 'listReaders',
  method: 'GET',
  path: '/api/studies/readers',
  tag: 'studies',
  permission: 'studies.write',
  summary: 'Who may be given studies of a group to read, by name',
  query: z.strictObject({ groupId: Partition.optional() }),
  responses: { 200: z.object({ items: z.array(z.object({ id: Uuid, name: z.string() })) }) },
});
export const studyEvents = defineOperation({
  id: 'studyEvents',
  method: 'GET',
  path: '/api/studies/events',
  tag: 'studies',
  permission: 'studies.read',
  summary:
    'Server-sent events `changed` with the studies in scope that came or changed and the ids of those that went, `missed` where some may have been missed, and `alive`',
  responses: { 200: { stream: 'text/event-stream' } },
});

/** A label of a group, or of the whole installation where `groupId` is null. */
export const Label = StudyLabel.extend({ groupId: Uuid.nullable(), changedAt: Instant });
export type Label = z.infer<typeof Label>;
const LabelFields = z.strictObject({
  name: z.string().trim().min(1).max(40),
  color: LabelColor,
});
export const listLabels = defineOperation({
  id: 'listLabels',
  method: 'GET',
  path: '/api/labels',
  tag: 'studies',
  permission: 'studies.read',
  identity: 'always',
  summary: 'The labels of the installation and of the groups in scope',
  responses: { 200: z.object({ items: z.array(Label) }) },
});
export const createLabel = defineOperation({
  id: 'createLabel',
  method: 'POST',
  path: '/api/labels',
  tag: 'studies',
  permission: 'studies.write',
  identity: 'always',
  summary: 'Make a label for one’s own group with studies.validate; for any, or the installation, with groups.manage',
  body: LabelFields.extend({ groupId: Uuid.nullable() }),
  responses: { 200: Label },
  errors: ['CONFLICT', 'FORBIDDEN', 'UNPROCESSABLE'],
});
export const updateLabel = defineOperation({
  id: 'updateLabel',
  method: 'PATCH',
  path: '/api/labels/{id}',
  tag: 'studies',
  permission: 'studies.write',
  identity: 'always',
  summary: 'Change a label’s name or colour, wherever it is',
  params: IdParams,
  body: LabelFields.partial(),
  responses: { 200: Label },
  errors: ['CONFLICT', 'FORBIDDEN'],
});
export const deleteLabel = defineOperation({
  id: 'deleteLabel',
  method: 'DELETE',
  path: '/api/labels/{id}',
  tag: 'studies',
  permission: 'studies.write',
  identity: 'always',
  summary: 'Take a label away, from every study too',
  params: IdParams,
  responses: { 204: null },
  errors: ['FORBIDDEN'],
});
export const workOperations = [changeWork, listReaders, studyEvents, listLabels, createLabel, updateLabel, deleteLabel] as const;
