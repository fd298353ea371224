import { z } from 'zod';
import { DicomUid, Instant, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { ReadingStatus } from './patients.ts';

/** For how long a reading counts after its last sign of life, ms: browsers let a page in the background speak once a minute. */
export const READING_LASTS_MS = 180_000;

/** Somebody who reads a study now. `name` is null for who may see no identities, unless it is themselves. */
export const Reader = z.object({ userId: Uuid, name: z.string().nullable(), since: Instant, isSelf: z.boolean() });
export type Reader = z.infer<typeof Reader>;

/** How far the reading of a study is, and who reads it now, who began first before the others. */
export const Reading = z.object({
  status: ReadingStatus,
  firstOpenedAt: Instant.nullable(),
  readAt: Instant.nullable(),
  validatedAt: Instant.nullable(),
  readers: z.array(Reader),
});
export type Reading = z.infer<typeof Reading>;

const StudyParams = z.strictObject({ studyInstanceUid: DicomUid });
const ReadingParams = StudyParams.extend({ id: Uuid });
const GroupQuery = z.strictObject({ groupId: Partition.optional() });

export const getReading = defineOperation({
  id: 'getReading',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/readings',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'How far the reading of a study is, and who reads it now',
  params: StudyParams,
  query: GroupQuery,
  responses: { 200: Reading },
  errors: ['AMBIGUOUS_UID'],
});
export const keepReading = defineOperation({
  id: 'keepReading',
  method: 'PUT',
  path: '/api/studies/{studyInstanceUid}/readings/{id}',
  tag: 'studies',
  permission: 'studies.validate',
  summary:
    'Begin a reading under an id of the client’s, which marks a study to be read as in progress, or go on with it; it ends by itself three minutes after the last such request. Of a validated or archived study none begins',
  params: ReadingParams,
  query: GroupQuery,
  responses: { 200: Reading },
  errors: ['AMBIGUOUS_UID', 'OPEN_FOR_READING', 'CONFLICT', 'UNPROCESSABLE'],
});
export const endReading = defineOperation({
  id: 'endReading',
  method: 'DELETE',
  path: '/api/studies/{studyInstanceUid}/readings/{id}',
  tag: 'studies',
  permission: 'studies.validate',
  summary: 'End a reading; a study that was marked by it and is read by nobody else is to be read again',
  params: ReadingParams,
  query: GroupQuery,
  responses: { 204: null },
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID', 'CONFLICT'],
});

export const readingOperations = [getReading, keepReading, endReading] as const;
