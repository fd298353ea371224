import type { User } from '@negatoscope/contract';
import type { Tx } from '../../platform/db/database.ts';
import type { RowOf } from '../../platform/db/statements.ts';

export type UserRow = RowOf<`SELECT ${typeof USER_COLUMNS} FROM users WHERE id = $1`>;

export const USER_COLUMNS = 'id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at';

export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  firstName: row.first_name,
  lastName: row.last_name,
  role: row.role,
  level: row.level,
  status: row.status,
  groupId: row.group_id,
  locale: row.locale,
  lastLoginAt: row.last_login_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
});

/** Whoever else changes this account waits until the transaction ends. */
export const holdUser = (tx: Tx, id: string) => tx.first('SELECT id FROM users WHERE id = $1 FOR UPDATE', [id]);

export const findLocale = async (tx: Tx, id: string): Promise<User['locale'] | undefined> =>
  (await tx.first('SELECT locale FROM users WHERE id = $1', [id]))?.locale;

export const findOldestAdministrator = async (tx: Tx): Promise<string | undefined> =>
  (await tx.first("SELECT id FROM users WHERE role = 'ADMIN' AND status = 'ACTIVE' ORDER BY created_at LIMIT 1"))?.id;

export const findActive = (tx: Tx) => tx.rows("SELECT email, role, level, locale FROM users WHERE status = 'ACTIVE'");
