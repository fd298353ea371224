import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const NOTICE_KINDS = [
  'IMPORT_DONE',
  'EXPORT_DONE',
  'PREDICTION_DONE',
  'PREDICTION_FAILED',
  'REPORT_SIGNED',
  'STUDY_ASSIGNED',
  'EMERGENCY_ACCESS',
  'SHARE_CLOSED',
] as const;
export const NoticeKind = z.enum(NOTICE_KINDS);
/** Something that a person is told of. What it is about is null where it is out of their scope by now. */
export const Notice = z.object({
  id: Uuid,
  kind: NoticeKind,
  entityId: Uuid.nullable(),
  study: z
    .object({
      id: Uuid,
      studyInstanceUid: z.string(),
      groupId: Uuid.nullable(),
      patientId: Uuid,
      /** The record number for who sees no identities. */
      patientName: z.string(),
      description: z.string().nullable(),
    })
    .nullable(),
  at: Instant,
  readAt: Instant.nullable(),
});
export type Notice = z.infer<typeof Notice>;
export const listNotices = defineOperation({
  id: 'listNotices',
  method: 'GET',
  path: '/api/notices',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'What this person is told of, the latest first, at most 50, and how many they have not read',
  query: z.strictObject({ kind: NoticeKind.optional() }),
  responses: { 200: z.object({ items: z.array(Notice), unread: z.number().int() }) },
});
export const readNotices = defineOperation({
  id: 'readNotices',
  method: 'POST',
  path: '/api/notices/read',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Mark some of one’s notices as read, or all',
  body: z.strictObject({ ids: z.array(Uuid).max(200).optional() }),
  responses: { 200: z.object({ unread: z.number().int() }) },
});
export const noticeEvents = defineOperation({
  id: 'noticeEvents',
  method: 'GET',
  path: '/api/notices/events',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Server-sent events `notices` with how many this person has not read, when that changes, and `alive`',
  responses: { 200: { stream: 'text/event-stream' } },
});
export const noticeOperations = [listNotices, readNotices, noticeEvents] as const;
