import type { Level, Permission, Role } from '@negatoscope/contract';
import { ALL, type Arm, ofGroups, ownOf, type Scope, theseStudies, UNGROUPED } from './scope.ts';

interface Acting {
  readonly permissions: ReadonlySet<Permission>;
}

/** Somebody with an account, through a browser session or a personal token. */
export interface Person extends Acting {
  readonly kind: 'person';
  readonly userId: string;
  readonly role: Role;
  readonly level: Level;
  /** Of all their groups the main one: where what they bring goes, unless they name another of theirs. Null for who is in none. */
  readonly groupId: string | null;
  /** All their groups, the main one first. */
  readonly groupIds: readonly string[];
  /** Of the person, cut to the token's own where a token is used. */
  readonly permissions: ReadonlySet<Permission>;
  /** Names the session or token: what caches and the audit of uses are keyed by. */
  readonly sessionId: string;
  readonly via: 'session' | 'token';
  readonly ip: string;
  /** Ids of studies that are open to them for a time, in an emergency, of whatever group: asked anew each time, since it ends by itself. */
  readonly opened?: () => readonly string[];
  /** When the first of that ends: no answer that was begun with it goes on beyond. */
  readonly openedUntil?: Date;
}

/** Part of the server that acts by itself: a job, a DIMSE node, a feed. It sees all rows and may do what its permissions name, no more. */
export interface Service extends Acting {
  readonly kind: 'service';
  /** As the audit names it: of a job the name of its kind. */
  readonly name: string;
}

/** Whoever holds a link to some studies: there is no account behind it. */
export interface Link extends Acting {
  readonly kind: 'link';
  readonly linkId: string;
  /** Whose rights it stands on, by the account's id. */
  readonly authorId: string;
  /** For whom it is, as the author wrote it. */
  readonly recipient: string;
  /** Ids of what the link is to. */
  readonly studyIds: readonly string[];
  /** Names one visit by the link. */
  readonly sessionId: string;
  /** When the visit ends by itself. */
  readonly until: Date;
  readonly ip: string;
}

/** Who is answered: a person, or whoever has a link. */
export type Reader = Person | Link;

/** Who acts. */
export type Actor = Reader | Service;

/** Without `groupIds` the main group is the only one. */
export const person = (of: Omit<Person, 'kind' | 'groupIds'> & Partial<Pick<Person, 'groupIds'>>): Person => ({
  kind: 'person',
  groupIds: of.groupId === null ? [] : [of.groupId],
  ...of,
});
export const service = (name: string, permissions: readonly Permission[]): Service => ({
  kind: 'service',
  name,
  permissions: new Set(permissions),
});
export const link = (of: Omit<Link, 'kind'>): Link => ({ kind: 'link', ...of });

/** Whether somebody belongs to a group; nobody belongs to what is in none. */
export const isMemberOf = ({ groupIds }: Pick<Person, 'groupIds'>, groupId: string | null): boolean =>
  groupId !== null && groupIds.includes(groupId);

/** Whether what somebody brings may go there by their own standing: into one of their groups, or into none for who is in none. */
export const mayFill = (actor: Person, groupId: string | null): boolean =>
  groupId === actor.groupId || isMemberOf(actor, groupId);

/** A patient with a group is visible to its members, one without to every role but RESEARCHER, and administrators see all. */
export function armsOf({ userId, role, groupIds, opened }: Pick<Person, 'userId' | 'role' | 'groupIds' | 'opened'>): Scope {
  const arms: Arm[] = role === 'ADMIN' ? [ALL] : [];
  arms.push(ownOf(userId));
  if (groupIds.length > 0) arms.push(ofGroups(groupIds));
  if (role !== 'RESEARCHER') arms.push(UNGROUPED);
  const studies = opened?.() ?? [];
  if (studies.length > 0) arms.push(theseStudies(studies));
  return arms;
}

/** Which rows exist for an actor. */
export function scopeOf(actor: Actor): Scope {
  switch (actor.kind) {
    case 'person':
      return armsOf(actor);
    case 'service':
      return [ALL];
    case 'link':
      return [theseStudies(actor.studyIds)];
  }
}

/** How the audit names an actor. People are named by their id in a column of its own, for their names are joined when read. */
export interface AuditName {
  readonly userId: string | null;
  /** `service:purge-trash`, `link:<id>`; null for a person. */
  readonly actor: string | null;
  readonly sessionId: string | null;
  readonly ip: string | null;
}

export function auditName(actor: Actor): AuditName {
  switch (actor.kind) {
    case 'person':
      return { userId: actor.userId, actor: null, sessionId: actor.sessionId, ip: actor.ip };
    case 'service':
      return { userId: null, actor: `service:${actor.name}`, sessionId: null, ip: null };
    case 'link':
      return { userId: null, actor: `link:${actor.linkId}`, sessionId: actor.sessionId, ip: actor.ip };
  }
}

/** The account behind an actor; null where there is none. */
export const userOf = (actor: Actor): string | null => (actor.kind === 'person' ? actor.userId : null);

/** Who keeps a decision or a use that was noted: a session, a token, a visit, or a service. */
export const holderOf = (actor: Actor): string => (actor.kind === 'service' ? `service:${actor.name}` : actor.sessionId);

/** Who has a share of what people take together: a person has one, in however many sessions. */
export const sharerOf = (actor: Actor): string => userOf(actor) ?? holderOf(actor);
