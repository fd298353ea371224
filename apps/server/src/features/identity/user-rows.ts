import type { User } from '@negatoscope/contract';
import { furtherGroups, groupsIn } from '../../archive/records/members.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { RowOf } from '../../platform/db/statements.ts';

export type UserRow = RowOf<`SELECT ${typeof USER_COLUMNS} FROM users WHERE id = $1`>;

export const USER_COLUMNS =
  `id, email, first_name, last_name, role, level, status, group_id, ${furtherGroups('users')} AS further_groups, locale, last_login_at, created_at` as const;

export function toUser(row: UserRow): User {
  const { groupId, groupIds } = groupsIn(row);
  return {
    id: row.id,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    role: row.role,
    level: row.level,
    status: row.status,
    groupId,
    groupIds: [...groupIds],
    locale: row.locale,
    lastLoginAt: row.last_login_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}

/** Whoever else changes this account waits until the transaction ends. */
export const holdUser = (tx: Tx, id: string) => tx.first('SELECT id FROM users WHERE id = $1 FOR UPDATE', [id]);

export const findLocale = async (tx: Tx, id: string): Promise<User['locale'] | undefined> =>
  (await tx.first('SELECT locale FROM users WHERE id = $1', [id]))?.locale;

export const findOldestAdministrator = async (tx: Tx): Promise<string | undefined> =>
  (await tx.first("SELECT id FROM users WHERE role = 'ADMIN' AND status = 'ACTIVE' ORDER BY created_at LIMIT 1"))?.id;

export const findActive = (tx: Tx) => tx.rows("SELECT email, role, level, locale FROM users WHERE status = 'ACTIVE'");
