import { z } from 'zod';
import { Email, Password } from './auth.ts';
import { IdParams, Instant } from './common.ts';
import { defineOperation } from './operation.ts';
import { Locale } from './signed-in.ts';

/** Why somebody has a link: an administrator gave it, or they forgot their password. */
export const LINK_KINDS = ['INVITATION', 'RESET'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

const LinkToken = z.string().min(1).max(100);

export const inviteUser = defineOperation({
  id: 'inviteUser',
  method: 'POST',
  path: '/api/users/{id}/invitation',
  tag: 'users',
  permission: 'users.manage',
  summary: 'A link by which a person sets their password: used once, within 72 hours; an earlier one ends',
  params: IdParams,
  body: z.strictObject({
    by: z.enum(['MAIL', 'LINK']),
    /** The present password and every passkey count no longer, and sessions and tokens end at once: for one that somebody else may know. */
    endsPassword: z.boolean().optional(),
  }),
  responses: {
    /** `link` is null where it was sent; a mail that could not be sent leaves the link. */
    200: z.object({ link: z.string().nullable(), expiresAt: Instant }),
  },
  errors: ['PROOF_REQUIRED', 'CONFLICT', 'PASSWORDS_OFF'],
});
export const askForPassword = defineOperation({
  id: 'askForPassword',
  method: 'POST',
  path: '/api/auth/password/forgotten',
  tag: 'auth',
  permission: 'public',
  summary: 'Ask for a link to a new password; the answer is the same whether the address is known or not',
  body: z.strictObject({ email: Email }),
  responses: { 204: null },
  errors: ['RATE_LIMITED'],
});
export const readAccountLink = defineOperation({
  id: 'readAccountLink',
  method: 'POST',
  path: '/api/auth/password/link',
  tag: 'auth',
  permission: 'public',
  summary: 'Whose link this is, while it is valid',
  body: z.strictObject({ token: LinkToken }),
  responses: { 200: z.object({ kind: z.enum(LINK_KINDS), email: z.string(), locale: Locale }) },
  errors: ['LINK_OVER', 'RATE_LIMITED'],
});
export const setPassword = defineOperation({
  id: 'setPassword',
  method: 'POST',
  path: '/api/auth/password',
  tag: 'auth',
  permission: 'public',
  summary: 'Set one’s password by a link, which is used up; every session of the account ends',
  body: z.strictObject({ token: LinkToken, password: Password }),
  responses: { 204: null },
  errors: ['LINK_OVER', 'WEAK_PASSWORD', 'PASSWORD_TOO_LONG', 'RATE_LIMITED'],
});
export const accountLinkOperations = [inviteUser, askForPassword, readAccountLink, setPassword] as const;
