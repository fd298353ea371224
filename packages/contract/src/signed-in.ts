import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
import { LEVELS, PERMISSIONS, type Permission, ROLES } from './permissions.ts';

export const UserStatus = z.enum(['ACTIVE', 'INACTIVE', 'SUSPENDED']);
export const Locale = z.enum(['fr', 'en']);
export const User = z.object({
  id: Uuid,
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role: z.enum(ROLES),
  level: z.enum(LEVELS),
  status: UserStatus,
  /** The main one of their groups. */
  groupId: Uuid.nullable(),
  /** All of them, the main one first. */
  groupIds: z.array(Uuid),
  locale: Locale,
  lastLoginAt: Instant.nullable(),
  createdAt: Instant,
});
export type User = z.infer<typeof User>;

export const PermissionName = z.enum(PERMISSIONS as [Permission, ...Permission[]]);
export const SignedIn = z.object({ user: User, csrfToken: z.string(), expiresAt: Instant });
export type SignedIn = z.infer<typeof SignedIn>;
export const Me = z.object({
  user: User,
  permissions: z.array(PermissionName),
  csrfToken: z.string(),
  expiresAt: Instant.nullable(),
  /** The identity provider by which this session was begun, where it still is one here: signing out goes on there. */
  provider: z.string().nullable(),
});
export type Me = z.infer<typeof Me>;
/** How a session was begun: by password (with what else was asked), by a passkey alone, or at an identity provider. */
export const WAYS_IN = ['PASSWORD', 'PASSKEY', 'PROVIDER'] as const;
export const Session = z.object({
  id: Uuid,
  current: z.boolean(),
  /** What its owner calls it; null: what the browser says of itself. */
  name: z.string().nullable(),
  wayIn: z.enum(WAYS_IN),
  userAgent: z.string(),
  ip: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant,
});
export type Session = z.infer<typeof Session>;
export const Token = z.object({
  id: Uuid,
  name: z.string(),
  permissions: z.array(PermissionName),
  createdAt: Instant,
  expiresAt: Instant,
  lastUsedAt: Instant.nullable(),
});
export type Token = z.infer<typeof Token>;
