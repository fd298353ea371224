import { z } from 'zod';
import { Email, Password } from './auth.ts';
import { IdParams, Instant, ListQuery, listOf, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { ManagedUser } from './people.ts';
import { LEVELS, ROLES } from './permissions.ts';
import { Locale, UserStatus } from './signed-in.ts';
import { LAST_SEEN, WAYS } from './user-filters.ts';

const Name = z.string().trim().min(1).max(100);
/** Without `groupIds` the only group; with them the main one, which is one of them. */
const MainGroup = Uuid.nullable();
/** All groups of a person. The first is the main one unless `groupId` names another of them. */
const Groups = z.array(Uuid).max(50);
export const listUsers = defineOperation({
  id: 'listUsers',
  method: 'GET',
  path: '/api/users',
  tag: 'users',
  permission: 'users.manage',
  summary: 'Users',
  query: ListQuery.extend({
    role: z.enum(ROLES).optional(),
    status: UserStatus.optional(),
    /** Of a group, as the main one or beside it; `none`: of no group. */
    groupId: Partition.optional(),
    way: z.enum(WAYS).optional(),
    lastSeen: z.enum(LAST_SEEN).optional(),
  }),
  responses: { 200: listOf(ManagedUser) },
});
export const createUser = defineOperation({
  id: 'createUser',
  method: 'POST',
  path: '/api/users',
  tag: 'users',
  permission: 'users.manage',
  summary: 'Create a user',
  body: z.strictObject({
    email: Email,
    /** Without one, the person sets it by an invitation, or comes by an identity provider. */
    password: Password.optional(),
    /** They choose another before anything else. */
    mustChangePassword: z.boolean().default(false),
    firstName: Name,
    lastName: Name,
    role: z.enum(ROLES),
    level: z.enum(LEVELS).optional(),
    groupId: MainGroup.optional(),
    groupIds: Groups.optional(),
    locale: Locale.default('fr'),
  }),
  responses: { 201: ManagedUser },
  errors: ['PROOF_REQUIRED', 'EMAIL_TAKEN', 'WEAK_PASSWORD', 'PASSWORD_TOO_LONG'],
});
export const getUser = defineOperation({
  id: 'getUser',
  method: 'GET',
  path: '/api/users/{id}',
  tag: 'users',
  permission: 'users.manage',
  summary: 'One user',
  params: IdParams,
  responses: { 200: ManagedUser },
});
export const updateUser = defineOperation({
  id: 'updateUser',
  method: 'PATCH',
  path: '/api/users/{id}',
  tag: 'users',
  permission: 'users.manage',
  summary: 'Change a user; suspending ends their sessions at once',
  params: IdParams,
  body: z.strictObject({
    email: Email.optional(),
    password: Password.optional(),
    firstName: Name.optional(),
    lastName: Name.optional(),
    role: z.enum(ROLES).optional(),
    level: z.enum(LEVELS).optional(),
    status: UserStatus.optional(),
    groupId: MainGroup.optional(),
    groupIds: Groups.optional(),
    locale: Locale.optional(),
  }),
  responses: { 200: ManagedUser },
  errors: ['PROOF_REQUIRED', 'EMAIL_TAKEN', 'LAST_ADMIN', 'WEAK_PASSWORD', 'PASSWORD_TOO_LONG'],
});
export const deleteUser = defineOperation({
  id: 'deleteUser',
  method: 'DELETE',
  path: '/api/users/{id}',
  tag: 'users',
  permission: 'users.manage',
  summary: 'Delete a user; their sessions and tokens end at once',
  params: IdParams,
  responses: { 204: null },
  errors: ['PROOF_REQUIRED', 'LAST_ADMIN'],
});

export const Group = z.object({
  id: Uuid,
  name: z.string(),
  userCount: z.number().int(),
  patientCount: z.number().int(),
  createdAt: Instant,
});
export type Group = z.infer<typeof Group>;
const GroupBody = z.strictObject({ name: z.string().trim().min(1).max(100) });
export const listGroups = defineOperation({
  id: 'listGroups',
  method: 'GET',
  path: '/api/groups',
  tag: 'groups',
  permission: 'signed-in',
  summary: 'Groups: all for administrators, one’s own for others',
  query: ListQuery,
  responses: { 200: listOf(Group) },
});
export const createGroup = defineOperation({
  id: 'createGroup',
  method: 'POST',
  path: '/api/groups',
  tag: 'groups',
  permission: 'groups.manage',
  summary: 'Create a group',
  body: GroupBody,
  responses: { 201: Group },
  errors: ['NAME_TAKEN'],
});
export const updateGroup = defineOperation({
  id: 'updateGroup',
  method: 'PATCH',
  path: '/api/groups/{id}',
  tag: 'groups',
  permission: 'groups.manage',
  summary: 'Rename a group',
  params: IdParams,
  body: GroupBody,
  responses: { 200: Group },
  errors: ['NAME_TAKEN'],
});
export const deleteGroup = defineOperation({
  id: 'deleteGroup',
  method: 'DELETE',
  path: '/api/groups/{id}',
  tag: 'groups',
  permission: 'groups.manage',
  summary: 'Delete a group without patients',
  params: IdParams,
  responses: { 204: null },
  errors: ['GROUP_HAS_PATIENTS'],
});
export const userOperations = [
  listUsers,
  createUser,
  getUser,
  updateUser,
  deleteUser,
  listGroups,
  createGroup,
  updateGroup,
  deleteGroup,
] as const;
