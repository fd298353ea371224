import { z } from 'zod';
import { IdParams, Instant, ListQuery, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { User } from './signed-in.ts';
import { EVENT_KINDS, RIGHTS } from './user-filters.ts';

/** Who somebody is at an identity provider: known by issuer and subject, never by an address. */
export const ProviderIdentity = z.object({
  issuer: z.string(),
  subject: z.string(),
  /** As this server names the provider; null where it has it no more. */
  provider: z.string().nullable(),
  linkedAt: Instant,
});
export type ProviderIdentity = z.infer<typeof ProviderIdentity>;

/** A user as administrators see one: with the ways in. */
export const ManagedUser = User.extend({
  /** False: they have set none yet, or come by an identity provider. */
  hasPassword: z.boolean(),
  /** An application's codes, or a passkey. */
  hasSecondFactor: z.boolean(),
  passkeys: z.number().int(),
  identities: z.array(ProviderIdentity),
});
export type ManagedUser = z.infer<typeof ManagedUser>;

/** One thing that was done to somebody's account: to their rights, or to their ways in. */
export const UserEvent = z.object({
  id: Uuid,
  at: Instant,
  kind: z.enum(EVENT_KINDS),
  /** Who did it; both null where nobody was signed in: by a provider, by a link, by the command line. */
  actorId: Uuid.nullable(),
  /** Null once that account is deleted. */
  actorName: z.string().nullable(),
  /** The identity provider by whose word, or through which, it was done. */
  provider: z.string().nullable(),
  /** Words of the contract, and ids of groups; of several, all of them behind one another with a space between, the main one first. */
  changes: z.array(
    z.object({
      field: z.enum(RIGHTS),
      /** Null: there was nothing before, as at the beginning, or no group. */
      from: z.string().nullable(),
      to: z.string().nullable(),
      /** False for an event of an earlier version, which told only that it changed. */
      isTold: z.boolean(),
    }),
  ),
});
export type UserEvent = z.infer<typeof UserEvent>;
export const listUserEvents = defineOperation({
  id: 'listUserEvents',
  method: 'GET',
  path: '/api/users/{id}/history',
  tag: 'users',
  permission: 'users.manage',
  summary: 'What was done to a person’s rights and ways in, by whom and when, newest first',
  params: IdParams,
  query: ListQuery.pick({ limit: true, cursor: true }),
  responses: { 200: z.object({ items: z.array(UserEvent), nextCursor: z.string().nullable() }) },
});
export const joinUser = defineOperation({
  id: 'joinUser',
  method: 'POST',
  path: '/api/users/{id}/join',
  tag: 'users',
  permission: 'users.manage',
  summary:
    'Join who waits, having come by an identity provider, to the account that they have already; the waiting account is gone',
  params: IdParams,
  /** The identity that was looked at, so that no other is joined, and the account that it opens from now on. */
  body: z.strictObject({ issuer: z.string().max(2000), subject: z.string().max(255), into: Uuid }),
  responses: { 200: ManagedUser },
  errors: ['PROOF_REQUIRED', 'ACCOUNT_NOT_WAITING', 'ACCOUNT_NOT_OPEN'],
});
export const peopleOperations = [listUserEvents, joinUser] as const;
