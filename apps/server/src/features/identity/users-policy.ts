import { type Level, permissionsOf, type Role, type User } from '@negatoscope/contract';
import type { Person } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';

export interface Rights {
  readonly role: Role;
  readonly level: Level;
}

export const isAdministrator = (user: Rights & Pick<User, 'status'>): boolean =>
  user.role === 'ADMIN' && user.level === 'ADMIN' && user.status === 'ACTIVE';

/**
 * Whether an actor may make, or act on, a person with these rights. Through a token: only where the person's rights hold nothing
 * that the token's owner has and the token has not, or a narrow token would be the key to a wide account.
 */
export function mayManage(actor: Person, { role, level }: Rights): boolean {
  const owners = permissionsOf(actor.role, actor.level);
  return [...permissionsOf(role, level)].every((permission) => actor.permissions.has(permission) || !owners.has(permission));
}

/** What an administrator may not do to their own account here: gain a permission, or set a password without the current one. */
export function checkOwnChange(current: Rights, next: Rights, changed: readonly string[]): void {
  if (changed.includes('password') || changed.includes('email')) {
    throw new Failure('FORBIDDEN', { detail: 'Change your own address and password in your profile.' });
  }
  const had = permissionsOf(current.role, current.level);
  if ([...permissionsOf(next.role, next.level)].some((permission) => !had.has(permission))) {
    throw new Failure('FORBIDDEN', { detail: 'Nobody widens their own rights.' });
  }
}
