import { furtherGroups } from '../../../archive/records/members.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import type { RowOf } from '../../../platform/db/statements.ts';

const PEOPLE =
  `SELECT u.id, u.first_name, u.last_name, u.email, u.role, u.level, u.status, u.group_id, ${furtherGroups('u')} AS further_groups, u.created_at, u.last_login_at,
    (SELECT max(s.last_used_at) FROM user_sessions s WHERE s.user_id = u.id) AS session_used_at,
    (SELECT max(t.last_used_at) FROM api_tokens t WHERE t.user_id = u.id) AS token_used_at,
    (SELECT max(l.expires_at) FROM account_links l WHERE l.user_id = u.id AND l.expires_at > $1) AS link_until
  FROM users u ORDER BY u.last_name, u.first_name, u.id LIMIT $2` as const;
export type PersonRow = RowOf<typeof PEOPLE>;
const TOKENS = `SELECT id, user_id, name, permissions, created_at, expires_at, last_used_at FROM api_tokens
  WHERE revoked_at IS NULL AND expires_at > $1 ORDER BY created_at, id` as const;
export type TokenRow = RowOf<typeof TOKENS>;

/** People with their groups and the last signs of them. */
export const findPeople = (tx: ReadTx, now: Date, most: number) => tx.rows(PEOPLE, [now, most]);

/** Personal tokens that count now. */
export const findTokens = (tx: ReadTx, now: Date) => tx.rows(TOKENS, [now]);

export const findGroupNames = (tx: ReadTx) => tx.rows('SELECT id, name FROM groups WHERE NOT is_personal');
