import type { Level, Permission, Role } from '@negatoscope/contract';
import { Failure } from '../kernel/failure.ts';
import type { RowScope } from '../platform/db/database.ts';

/** Who acts: a person through a browser session or a personal token. */
export interface Actor {
  readonly userId: string;
  readonly role: Role;
  readonly level: Level;
  readonly groupId: string | null;
  /** Of the person, cut to the token's own where a token is used. */
  readonly permissions: ReadonlySet<Permission>;
  /** Names the session or token: what caches and the audit of uses are keyed by. */
  readonly sessionId: string;
  readonly via: 'session' | 'token';
  readonly ip: string;
}

/**
 * Which rows exist for an actor. Administrators see all; a patient with a group is visible to its members, one without to every
 * role but RESEARCHER.
 */
export function scopeOf(actor: Actor): RowScope {
  return { actorId: actor.userId, all: actor.role === 'ADMIN', groupId: actor.groupId, ungrouped: actor.role !== 'RESEARCHER' };
}

export const can = (actor: Actor, permission: Permission): boolean => actor.permissions.has(permission);

/** Fails with FORBIDDEN when the actor lacks the permission. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!can(actor, permission)) throw new Failure('FORBIDDEN');
}

/** What a code string looks like (PS3.5 Table 6.2-1, CS). */
export const CODE_STRING = /^[A-Z0-9_ ]{1,16}$/;

/**
 * Whether a text is a code string. Files may have anything where a code belongs, a name too: who sees pseudonyms sees
 * codes only when they are some.
 */
export const isCodeString = (text: string): boolean => CODE_STRING.test(text);

/** Whether names, birth dates and identifiers may be shown; otherwise pseudonyms stand in their place. */
export const seesIdentity = (actor: Actor): boolean => can(actor, 'patients.identity');
