import { z } from 'zod';
import { booleanQuery, IdParams, Instant, ListQuery, LocalDate, listOf, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { MOST_SHARED_STUDIES } from './share-limits.ts';
import { UNSEEN } from './unseen.ts';

/** With names as they stand, or under the pseudonyms that who sees no identities gets (docs/decisions/0119-pseudonym-is-a-profile.md). */
export const SHARE_PROFILES = ['IDENTIFIED', 'PSEUDONYM'] as const;
export const ShareProfile = z.enum(SHARE_PROFILES);
export type ShareProfile = z.infer<typeof ShareProfile>;
/** `CLOSED`: by too many wrong codes. `LOST`: its author may share no more, or sees none of its studies; it may come back to OPEN. */
export const SHARE_STATES = ['OPEN', 'WITHDRAWN', 'EXPIRED', 'USED_UP', 'CLOSED', 'LOST'] as const;
export const ShareState = z.enum(SHARE_STATES);
export type ShareState = z.infer<typeof ShareState>;
export const SHARE_DAYS = 14;
/** So many wrong codes close a share for good. */
export const MOST_WRONG_CODES = 10;

export const Share = z.object({
  id: Uuid,
  /** Null once the account is gone. */
  author: z.object({ id: Uuid, name: z.string() }).nullable(),
  /** For whom it is, as the author wrote it. */
  recipient: z.string(),
  note: z.string().nullable(),
  profile: ShareProfile,
  withCode: z.boolean(),
  mayDownload: z.boolean(),
  createdAt: Instant,
  expiresAt: Instant,
  /** Null for as often as one likes until it ends. */
  maxOpenings: z.int().nullable(),
  openings: z.int(),
  lastOpenedAt: Instant.nullable(),
  state: ShareState,
  /** When it was withdrawn or closed. */
  endedAt: Instant.nullable(),
  /** How many were shared; those that who asks no longer sees are not among `studies`. */
  studyCount: z.int(),
  studies: z.array(
    z.object({
      id: Uuid,
      studyInstanceUid: z.string(),
      patientId: Uuid,
      /** The record number for who sees no identities. */
      patientName: z.string(),
      description: z.string().nullable(),
      studyDate: LocalDate.nullable(),
      modalities: z.array(z.string()),
    }),
  ),
});
export type Share = z.infer<typeof Share>;

/** `REFUSED`: the link was right and could not be opened: over, used up, its author may share no more. */
export const SHARE_OUTCOMES = ['OPENED', 'CODE_WRONG', 'REFUSED', 'DOWNLOADED', 'ENDED'] as const;
export const ShareAccess = z.object({ at: Instant, ip: z.string().nullable(), outcome: z.enum(SHARE_OUTCOMES) });
export type ShareAccess = z.infer<typeof ShareAccess>;
/** The latest accesses first, at most 500. */
export const ShareDetails = Share.extend({ accesses: z.array(ShareAccess) });
export type ShareDetails = z.infer<typeof ShareDetails>;

/** What stands in the journal is one line, and as it is read: no ends of lines, no turned text, nothing unseen, no halves of characters. */
const HIDDEN = new RegExp(`[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}${UNSEEN}]`, 'u');
const Recipient = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !HIDDEN.test(text));
const Note = z
  .string()
  .trim()
  .max(500)
  .refine((text) => !/\0|\p{Cs}/u.test(text));

export const createShare = defineOperation({
  id: 'createShare',
  method: 'POST',
  path: '/api/shares',
  tag: 'studies',
  permission: 'studies.share',
  summary: 'Share studies by a link, which is said once; who sees pseudonyms shares under pseudonyms only',
  body: z.strictObject({
    studyIds: z.array(Uuid).min(1).max(MOST_SHARED_STUDIES),
    /** Taken as PSEUDONYM for who sees no identities, whatever it says. */
    profile: ShareProfile,
    expiresAt: Instant.optional().describe('At most 90 days from now; 14 without it'),
    maxOpenings: z.int().min(1).max(1000).optional(),
    withCode: z.boolean().default(false),
    mayDownload: z.boolean().default(false),
    recipient: Recipient,
    note: Note.optional(),
  }),
  responses: {
    201: z.object({
      share: Share,
      /** The path with the secret in its fragment, `/s#…`: said now and never again. */
      address: z.string(),
      /** Eight digits, to be given by another way; null for one without. */
      code: z.string().nullable(),
    }),
  },
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID'],
});
export const listShares = defineOperation({
  id: 'listShares',
  method: 'GET',
  path: '/api/shares',
  tag: 'studies',
  permission: 'studies.share',
  summary: 'One’s own shares, the newest first; all of them for who manages people',
  query: ListQuery.pick({ limit: true, cursor: true }).extend({
    open: booleanQuery.optional().describe('Only those that are neither over nor withdrawn, or only the others'),
  }),
  responses: { 200: listOf(Share) },
  errors: ['BAD_CURSOR'],
});
export const getShare = defineOperation({
  id: 'getShare',
  method: 'GET',
  path: '/api/shares/{id}',
  tag: 'studies',
  permission: 'studies.share',
  summary: 'A share with when it was opened, and from where',
  params: IdParams,
  responses: { 200: ShareDetails },
});
export const withdrawShare = defineOperation({
  id: 'withdrawShare',
  method: 'DELETE',
  path: '/api/shares/{id}',
  tag: 'studies',
  permission: 'studies.share',
  summary: 'Withdraw a share for good; who looks at it is cut off, and a second time changes nothing',
  params: IdParams,
  responses: { 204: null },
});

/** What can be shown: a picture of each frame, a document (PDF), or nothing; `HELD_BACK` for what may name somebody, under pseudonyms. */
export const SHARED_KINDS = ['IMAGE', 'DOCUMENT', 'OTHER', 'HELD_BACK'] as const;
export const SharedInstance = z.object({ sopInstanceUid: z.string(), kind: z.enum(SHARED_KINDS), frames: z.int() });
export type SharedInstance = z.infer<typeof SharedInstance>;
export const SharedSeries = z.object({
  id: Uuid,
  seriesInstanceUid: z.string(),
  modality: z.string(),
  seriesNumber: z.int().nullable(),
  /** Null under pseudonyms. */
  description: z.string().nullable(),
  instanceCount: z.int(),
});
export type SharedSeries = z.infer<typeof SharedSeries>;
export const SharedStudy = z.object({
  id: Uuid,
  studyInstanceUid: z.string(),
  /** The record number under pseudonyms; then birth date and description are null. */
  patientName: z.string(),
  birthDate: LocalDate.nullable(),
  studyDate: LocalDate.nullable(),
  description: z.string().nullable(),
  modalities: z.array(z.string()),
  series: z.array(SharedSeries),
});
export type SharedStudy = z.infer<typeof SharedStudy>;
export const SharedView = z.object({
  /** Whose the installation is. */
  site: z.string(),
  recipient: z.string(),
  profile: ShareProfile,
  mayDownload: z.boolean(),
  /** When the share ends. */
  expiresAt: Instant,
  /** When this visit ends at the latest. */
  visitEndsAt: Instant,
  /** Goes as `X-CSRF-Token` with `endShared`. */
  csrfToken: z.string(),
  studies: z.array(SharedStudy),
});
export type SharedView = z.infer<typeof SharedView>;

/** The visit's cookie goes with each of these and with `/dicom-web`; nobody who opens a link has an account. */
const OPENED = { tag: 'studies', permission: 'public' } as const;
const VISITOR = { ...OPENED, visitor: true } as const;
export const openShared = defineOperation({
  ...OPENED,
  id: 'openShared',
  method: 'POST',
  path: '/api/shared/open',
  summary: 'Open a link; whatever it can’t be opened for is answered alike',
  body: z.strictObject({
    /** What stands after the `#` of the address. */
    secret: z.string().min(1).max(100),
    code: z.string().max(20).optional(),
  }),
  responses: {
    201: z.object({
      /** Goes as `X-CSRF-Token` with `endShared`. */
      csrfToken: z.string(),
      visitEndsAt: Instant,
    }),
  },
  errors: ['SHARE_UNKNOWN', 'SHARE_CODE_NEEDED', 'SHARE_CODE_WRONG', 'RATE_LIMITED', 'ORIGIN_REFUSED'],
});
export const getShared = defineOperation({
  ...VISITOR,
  id: 'getShared',
  method: 'GET',
  path: '/api/shared',
  summary: 'What the link of this visit shows',
  responses: { 200: SharedView },
  errors: ['SHARE_VISIT_OVER'],
});
export const getSharedSeries = defineOperation({
  ...VISITOR,
  id: 'getSharedSeries',
  method: 'GET',
  path: '/api/shared/series/{id}',
  summary: 'The instances of a series in their order, and what of each can be shown; pictures come by DICOMweb',
  params: IdParams,
  responses: { 200: z.object({ instances: z.array(SharedInstance) }) },
  errors: ['SHARE_VISIT_OVER'],
});
export const downloadShared = defineOperation({
  ...VISITOR,
  id: 'downloadShared',
  method: 'GET',
  path: '/api/shared/studies/{id}/archive',
  summary: 'A ZIP of one study, where the share allows it; without identity under pseudonyms',
  params: IdParams,
  responses: { 200: { stream: 'application/zip' } },
  errors: ['SHARE_VISIT_OVER', 'FORBIDDEN', 'OBJECT_DAMAGED'],
});
export const endShared = defineOperation({
  ...OPENED,
  id: 'endShared',
  method: 'DELETE',
  path: '/api/shared',
  summary: 'End this visit; without one nothing happens',
  responses: { 204: null },
  errors: ['CSRF_REQUIRED'],
});
export const shareOperations = [
  ...[createShare, listShares, getShare, withdrawShare],
  ...[openShared, getShared, getSharedSeries, downloadShared, endShared],
] as const;
