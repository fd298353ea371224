import { z } from 'zod';
import { IdParams } from './common.ts';
import { defineOperation } from './operation.ts';
import { Locale, Me, PermissionName, Session, SignedIn, Token, User } from './signed-in.ts';

export const Email = z.email().max(254);
export const Password = z.string().min(1).max(500);
const PersonName = z.string().trim().min(1).max(100);

export const login = defineOperation({
  id: 'login',
  method: 'POST',
  path: '/api/auth/login',
  tag: 'auth',
  permission: 'public',
  summary: 'Sign in',
  body: z.strictObject({
    email: z.string().min(1).max(254),
    password: Password,
    newPassword: Password.optional(),
  }),
  responses: { 200: SignedIn },
  errors: [
    'INVALID_CREDENTIALS',
    'RATE_LIMITED',
    'SECOND_FACTOR_REQUIRED',
    'SECOND_FACTOR_SETUP_REQUIRED',
    'PASSWORD_CHANGE_REQUIRED',
    'WEAK_PASSWORD',
    'PASSWORD_TOO_LONG',
  ],
});
export const refresh = defineOperation({
  id: 'refresh',
  method: 'POST',
  path: '/api/auth/refresh',
  tag: 'auth',
  permission: 'public',
  summary: 'Rotate the refresh token and renew the access token',
  responses: { 200: SignedIn },
  errors: ['SESSION_EXPIRED', 'REFRESH_REUSED', 'RATE_LIMITED'],
});
export const logout = defineOperation({
  id: 'logout',
  method: 'POST',
  path: '/api/auth/logout',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'End this session at once',
  responses: { 204: null },
});
export const me = defineOperation({
  id: 'me',
  method: 'GET',
  path: '/api/auth/me',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'The signed-in person',
  responses: { 200: Me },
});
export const listSessions = defineOperation({
  id: 'listSessions',
  method: 'GET',
  path: '/api/auth/sessions',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'One’s devices',
  responses: { 200: z.object({ items: z.array(Session) }) },
});
export const endSession = defineOperation({
  id: 'endSession',
  method: 'DELETE',
  path: '/api/auth/sessions/{id}',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Sign a device out',
  params: IdParams,
  responses: { 204: null },
});
export const nameSession = defineOperation({
  id: 'nameSession',
  method: 'PATCH',
  path: '/api/auth/sessions/{id}',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Name a device, for later sessions of this browser too; null: as the browser says',
  params: IdParams,
  body: z.strictObject({ name: z.string().trim().min(1).max(60).nullable() }),
  responses: { 204: null },
});
export const endOtherSessions = defineOperation({
  id: 'endOtherSessions',
  method: 'DELETE',
  path: '/api/auth/sessions',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Sign every other device out',
  responses: { 204: null },
});
export const createToken = defineOperation({
  id: 'createToken',
  method: 'POST',
  path: '/api/tokens',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Make a personal token; its secret is shown once',
  body: z.strictObject({
    name: z.string().trim().min(1).max(100),
    permissions: z.array(PermissionName).min(1),
    expiresInDays: z.number().int().min(1).max(366).default(90),
  }),
  responses: { 201: Token.extend({ secret: z.string() }) },
  errors: ['FORBIDDEN', 'PROOF_REQUIRED'],
});
export const listTokens = defineOperation({
  id: 'listTokens',
  method: 'GET',
  path: '/api/tokens',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'One’s personal tokens',
  responses: { 200: z.object({ items: z.array(Token) }) },
});
export const revokeToken = defineOperation({
  id: 'revokeToken',
  method: 'DELETE',
  path: '/api/tokens/{id}',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Revoke a personal token',
  params: IdParams,
  responses: { 204: null },
});
export const updateProfile = defineOperation({
  id: 'updateProfile',
  method: 'PUT',
  path: '/api/users/me/profile',
  tag: 'users',
  permission: 'signed-in',
  summary: 'Change one’s own profile; e-mail and password need the current password',
  body: z.strictObject({
    firstName: PersonName.optional(),
    lastName: PersonName.optional(),
    email: Email.optional(),
    locale: Locale.optional(),
    currentPassword: Password.optional(),
    newPassword: Password.optional(),
  }),
  responses: { 200: User },
  errors: ['WRONG_CURRENT_PASSWORD', 'WEAK_PASSWORD', 'PASSWORD_TOO_LONG', 'EMAIL_TAKEN'],
});
export const authOperations = [
  login,
  refresh,
  logout,
  me,
  listSessions,
  endSession,
  nameSession,
  endOtherSessions,
  createToken,
  listTokens,
  revokeToken,
  updateProfile,
] as const;
