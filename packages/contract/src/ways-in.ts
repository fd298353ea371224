import { z } from 'zod';
import { Password } from './auth.ts';
import { defineOperation } from './operation.ts';
import { PasskeyAssertion, PasskeyRequest } from './passkeys.ts';
import { SignedIn } from './signed-in.ts';

const ProviderParams = z.object({ provider: z.string().max(32) });

/** Why somebody who came by an identity provider is not signed in; the page has a text for each. */
export const PROVIDER_REFUSALS = [
  'PROVIDER_UNKNOWN',
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_CANCELLED',
  'PROVIDER_ATTEMPT_OVER',
  'PROVIDER_ANSWER_REFUSED',
  'PROVIDER_EMAIL_UNVERIFIED',
  'PROVIDER_DOMAIN_REFUSED',
  'PROVIDER_RATE_LIMITED',
  'ACCOUNT_INACTIVE',
  'ACCOUNT_SUSPENDED',
  'ACCOUNT_NOT_LINKED',
] as const;
export type ProviderRefusal = (typeof PROVIDER_REFUSALS)[number];

export const WaysIn = z.object({
  /** False: one emergency account alone signs in by password. */
  passwords: z.boolean(),
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Whether this server sends mail: a forgotten password has a link. */
  mail: z.boolean(),
  /** Whether this server’s address lets passkeys count: a name, by https. */
  passkeys: z.boolean(),
});
export type WaysIn = z.infer<typeof WaysIn>;

export const waysIn = defineOperation({
  id: 'waysIn',
  method: 'GET',
  path: '/api/auth/ways',
  tag: 'auth',
  permission: 'public',
  summary: 'How one may sign in: by password, by which identity providers',
  responses: { 200: WaysIn },
});
export const startAtProvider = defineOperation({
  id: 'startAtProvider',
  method: 'GET',
  path: '/api/auth/oidc/{provider}/start',
  tag: 'auth',
  permission: 'public',
  summary: 'Go to an identity provider (OpenID Connect, code with PKCE); `next` is the address here to come back to',
  params: ProviderParams,
  query: z.object({ next: z.string().max(1000).optional() }),
  responses: { 302: null },
});
export const returnFromProvider = defineOperation({
  id: 'returnFromProvider',
  method: 'GET',
  path: '/api/auth/oidc/{provider}/callback',
  tag: 'auth',
  permission: 'public',
  summary: 'Come back from an identity provider: signed in, or at a page that says why not',
  params: ProviderParams,
  responses: { 302: null },
});
export const leaveProvider = defineOperation({
  id: 'leaveProvider',
  method: 'GET',
  path: '/api/auth/oidc/{provider}/sign-out',
  tag: 'auth',
  permission: 'public',
  summary: 'Sign out at an identity provider that has a page for it',
  params: ProviderParams,
  responses: { 302: null },
});
export const linkProvider = defineOperation({
  id: 'linkProvider',
  method: 'POST',
  path: '/api/auth/oidc/link',
  tag: 'auth',
  permission: 'public',
  summary:
    'Join the account of one’s address to the identity provider that one has just come from, by the account’s password or passkey',
  body: z.union([
    z.strictObject({ password: Password, code: z.string().max(40).optional() }),
    z.strictObject({ passkey: PasskeyAssertion }),
  ]),
  responses: { 200: SignedIn },
  errors: [
    'INVALID_CREDENTIALS',
    'RATE_LIMITED',
    'PROVIDER_LINK_OVER',
    'SECOND_FACTOR_REQUIRED',
    'SECOND_FACTOR_WRONG',
    'SECOND_FACTOR_LOST',
    'PASSWORD_CHANGE_REQUIRED',
    'PASSKEY_REFUSED',
    'PASSKEY_OVER',
    'PASSKEYS_UNAVAILABLE',
  ],
});
export const beginLinkPasskey = defineOperation({
  id: 'beginLinkPasskey',
  method: 'POST',
  path: '/api/auth/oidc/link/passkey',
  tag: 'auth',
  permission: 'public',
  summary: 'Having come from an identity provider: begin to show a passkey of the account of one’s address',
  responses: { 200: PasskeyRequest },
  errors: ['PROVIDER_LINK_OVER', 'PASSKEYS_UNAVAILABLE'],
});
export const wayInOperations = [
  waysIn,
  startAtProvider,
  returnFromProvider,
  leaveProvider,
  linkProvider,
  beginLinkPasskey,
] as const;
