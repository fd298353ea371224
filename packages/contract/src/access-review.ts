import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { LEVELS, PERMISSIONS, ROLES } from './permissions.ts';
import { UserStatus } from './signed-in.ts';

const ReviewedToken = z.object({
  id: Uuid,
  name: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  expiresAt: Instant,
  lastUsedAt: Instant.nullable(),
  isUnused: z.boolean(),
});

/** A person with what they can reach, and when they last did. */
export const ReviewedPerson = z.object({
  id: Uuid,
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  level: z.enum(LEVELS),
  status: UserStatus,
  /** The main one first. */
  groups: z.array(z.object({ id: Uuid, name: z.string() })),
  createdAt: Instant,
  lastLoginAt: Instant.nullable(),
  /** The last of the sign-in and of what their sessions and tokens were used for; null where there was none. */
  lastActiveAt: Instant.nullable(),
  /** When they last opened, found or changed anything of a patient; null where their latest 5,000 acts hold none. */
  lastPatientUseAt: Instant.nullable(),
  /** Patients in their scope, those in the trash left out. */
  patients: z.number().int(),
  /** Neither came nor was used for 90 days, and is no younger than that. */
  isUnused: z.boolean(),
  tokens: z.array(ReviewedToken),
  /** Until when a link to choose a password opens this account; null without one. */
  linkUntil: Instant.nullable(),
});
export type ReviewedPerson = z.infer<typeof ReviewedPerson>;

/** What a DICOM node may do with the patients of its group. */
export const NODE_RIGHTS = ['STORE', 'QUERY', 'RETRIEVE', 'WORKLIST', 'IS_ASKED', 'IS_SENT'] as const;
export const ReviewedNode = z.object({
  id: Uuid,
  name: z.string(),
  aeTitle: z.string(),
  /** Null: what is of no group. */
  group: z.object({ id: Uuid, name: z.string() }).nullable(),
  rights: z.array(z.enum(NODE_RIGHTS)),
  lastSeenAt: Instant.nullable(),
  patients: z.number().int(),
  isUnused: z.boolean(),
});
export type ReviewedNode = z.infer<typeof ReviewedNode>;

export const AccessReview = z.object({
  reviewedAt: Instant,
  people: z.array(ReviewedPerson),
  nodes: z.array(ReviewedNode),
  /** There are more people than are told. */
  isCut: z.boolean(),
});
export type AccessReview = z.infer<typeof AccessReview>;

export const readAccessReview = defineOperation({
  id: 'readAccessReview',
  method: 'GET',
  path: '/api/access-review',
  tag: 'users',
  permission: 'users.manage',
  summary: 'Who and what reaches patients, how many, and what was not used for 90 days; at most 5,000 people',
  responses: { 200: AccessReview },
});
export const exportAccessReview = defineOperation({
  id: 'exportAccessReview',
  method: 'GET',
  path: '/api/access-review/export',
  tag: 'users',
  permission: 'users.manage',
  summary: 'The review of access as CSV: a line for each person, personal token and DICOM node',
  responses: { 200: { stream: 'text/csv' } },
});
export const accessReviewOperations = [readAccessReview, exportAccessReview] as const;
