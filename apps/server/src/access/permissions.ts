import type { Permission } from '@negatoscope/contract';
import { Failure } from '../kernel/failure.ts';
import { type Actor, type Person, scopeOf } from './actor.ts';
import { hasArm, idsOf } from './scope.ts';

export const can = (actor: Actor, permission: Permission): boolean => actor.permissions.has(permission);

/** Fails with FORBIDDEN when the actor lacks the permission. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!can(actor, permission)) throw new Failure('FORBIDDEN');
}

/**
 * Whether what is of a group (or of none) exists for an actor by the arm of studies alone: what was opened to a person in an emergency is neither changed nor taken along. Every answer with a patient or study
 * says so of it (`onlyReads`), so that the page offers nothing of what is refused.
 */
export function isForReading(actor: Actor, groupId: string | null): boolean {
  if (actor.kind !== 'person' || actor.opened === undefined) return false;
  const scope = scopeOf(actor);
  if (!hasArm(scope, 'studies') || hasArm(scope, 'all')) return false;
  return !(groupId === null ? hasArm(scope, 'ungrouped') : [...idsOf(scope, 'group'), ...idsOf(scope, 'own')].includes(groupId));
}

/** Fails with OPEN_FOR_READING by the same rule. */
export function requireMoreThanReading(actor: Actor, groupId: string | null): void {
  if (isForReading(actor, groupId)) throw new Failure('OPEN_FOR_READING');
}

/** A personal token does what it was made for; it manages neither devices nor tokens, and changes none of what a person has set for themselves. */
export function requireSession(actor: Person): void {
  if (actor.via !== 'session') throw new Failure('FORBIDDEN', { detail: 'A personal token does not allow this.' });
}

/** Whether names, birth dates and identifiers may be shown; otherwise pseudonyms stand in their place. */
export const seesIdentity = (actor: Actor): boolean => can(actor, 'patients.identity');

/**
 * Whether settings of one's own, or those of a site, are this person's to change. A site's are for who manages groups, by a token too; one's own are a setting of
 * the person, which a token that only reads studies leaves alone. Fails with FORBIDDEN.
 */
export function requireSetting(actor: Person, level: 'OWN' | 'SITE'): void {
  if (level === 'SITE') requirePermission(actor, 'groups.manage');
  else requireSession(actor);
}
