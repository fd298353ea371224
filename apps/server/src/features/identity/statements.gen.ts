// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import type { ColumnTypes } from '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // access-ends.ts
    'DELETE FROM account_links WHERE user_id = $1': { values: readonly [string | null] };
    'UPDATE user_sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $3::uuid': { values: readonly [string | null, Date | string | null, string | null] };
    'UPDATE api_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL': { values: readonly [string | null, Date | string | null] };
    'SELECT pg_advisory_xact_lock($1)': { values: readonly [number | bigint | null]; row: { pg_advisory_xact_lock: string | null } };
    'SELECT id FROM users WHERE role = \'ADMIN\' AND level = \'ADMIN\' AND status = \'ACTIVE\' AND id <> $1 LIMIT 1': { values: readonly [string | null]; row: { id: string } };
    // administrator.ts
    'SELECT id FROM users LIMIT 1': { values: readonly []; row: { id: string } };
    'INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, created_at, updated_at, password_is_first)\n     VALUES ($1, $2, $3, \'Admin\', \'Negatoscope\', \'ADMIN\', \'ADMIN\', $4, $4, $5)': { values: readonly [string, string, string | null, Date | string, boolean] };
    'UPDATE users SET password_hash = $2, updated_at = $3, password_is_first = $4 WHERE email_key = lower($1) RETURNING id': { values: readonly [string | null, string | null, Date | string, boolean]; row: { id: string } };
    'UPDATE users SET factor_reset_at = $2 WHERE email_key = lower($1) RETURNING id': { values: readonly [string | null, Date | string | null]; row: { id: string } };
    // factor/factor-rows.ts
    'SELECT f.confirmed_at, (SELECT count(*)::int FROM recovery_codes r WHERE r.user_id = f.user_id) AS codes\n     FROM second_factors f WHERE f.user_id = $1': { values: readonly [string | null]; row: { confirmed_at: Date; codes: number } };
    'SELECT secret, last_step FROM second_factors WHERE user_id = $1 FOR UPDATE': { values: readonly [string | null]; row: { secret: Buffer; last_step: number } };
    'UPDATE second_factors SET last_step = $2 WHERE user_id = $1': { values: readonly [string | null, number | bigint] };
    'DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2': { values: readonly [string | null, Buffer | null] };
    'DELETE FROM recovery_codes WHERE user_id = $1': { values: readonly [string | null] };
    'INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, hash FROM unnest($2::bytea[]) AS c (hash)': { values: readonly [string, readonly Buffer[]] };
    'INSERT INTO second_factors (user_id, secret, last_step, confirmed_at) VALUES ($1, $2, $3, $4)\n     ON CONFLICT (user_id) DO UPDATE\n       SET secret = excluded.secret, last_step = excluded.last_step, confirmed_at = excluded.confirmed_at': { values: readonly [string, Buffer, number | bigint, Date | string] };
    'UPDATE users SET factor_reset_at = NULL WHERE id = $1': { values: readonly [string | null] };
    'DELETE FROM second_factors WHERE user_id = $1': { values: readonly [string | null] };
    // factor/own-factor.ts
    'SELECT id, email, password_hash, factor_reset_at FROM users WHERE id = $1': { values: readonly [string | null]; row: { id: string; email: string; password_hash: string | null; factor_reset_at: Date | null } };
    'UPDATE user_sessions SET proven_at = $2 WHERE id = $1': { values: readonly [string | null, Date | string | null] };
    'SELECT id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at FROM users WHERE id = $1 FOR UPDATE': { values: readonly [string | null]; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date } };
    'UPDATE users SET factor_reset_at = $2 WHERE id = $1': { values: readonly [string | null, Date | string | null] };
    // factor/second-step.ts
    'SELECT id, email, password_hash, password_is_first FROM users WHERE id = $1 AND status = \'ACTIVE\'': { values: readonly [string | null]; row: { id: string; email: string; password_hash: string | null; password_is_first: boolean } };
    // groups.ts
    'SELECT g.id, g.name, g.name_key, g.created_at,\n  (SELECT count(*)::int FROM users u WHERE u.group_id = g.id) AS user_count,\n  (SELECT count(*)::int FROM patients p WHERE p.group_id = g.id AND p.deleted_at IS NULL) AS patient_count FROM groups g WHERE g.id = $1 AND NOT g.is_personal': { values: readonly [string | null]; row: { id: string; name: string; name_key: string; created_at: Date; user_count: number; patient_count: number } };
    'SELECT ng_normalize($1) AS key': { values: readonly [string | null]; row: { key: string | null } };
    'SELECT count(*)::int AS total FROM groups g WHERE NOT g.is_personal AND ($1::uuid IS NULL OR g.id = $1)\n  AND ($2::text IS NULL OR g.name_key LIKE \'%\' || ng_normalize($2) || \'%\')': { values: readonly [string | null, string | null]; row: { total: number } };
    'SELECT g.id, g.name, g.name_key, g.created_at,\n  (SELECT count(*)::int FROM users u WHERE u.group_id = g.id) AS user_count,\n  (SELECT count(*)::int FROM patients p WHERE p.group_id = g.id AND p.deleted_at IS NULL) AS patient_count FROM groups g WHERE NOT g.is_personal AND ($1::uuid IS NULL OR g.id = $1)\n  AND ($2::text IS NULL OR g.name_key LIKE \'%\' || ng_normalize($2) || \'%\') AND ($3::text IS NULL OR g.name_key > $3) ORDER BY g.name_key LIMIT $4': { values: readonly [string | null, string | null, string | null, number | bigint]; row: { id: string; name: string; name_key: string; created_at: Date; user_count: number; patient_count: number } };
    'INSERT INTO groups (id, name, created_at) VALUES ($1, $2, $3)': { values: readonly [string, string, Date | string] };
    'UPDATE groups SET name = $2 WHERE id = $1 AND NOT is_personal': { values: readonly [string | null, string] };
    'SELECT id FROM groups WHERE id = $1 AND NOT is_personal FOR UPDATE': { values: readonly [string | null]; row: { id: string } };
    'UPDATE groups o SET home_id = NULL WHERE home_id = $1 AND NOT EXISTS (SELECT FROM patients p WHERE p.group_id = o.id AND p.merged_into IS NULL)': { values: readonly [string | null] };
    'UPDATE users SET group_id = NULL, updated_at = $2 WHERE group_id = $1 RETURNING id, role, level, status': { values: readonly [string | null, Date | string]; row: { id: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED' } };
    'DELETE FROM groups WHERE id = $1': { values: readonly [string | null] };
    // history.ts
    'SELECT id FROM users WHERE id = $1': { values: readonly [string | null]; row: { id: string } };
    // join.ts
    'SELECT id FROM users WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE': { values: readonly [readonly string[]]; row: { id: string } };
    'UPDATE user_identities SET user_id = $3, linked_at = $4 WHERE issuer = $1 AND subject = $2': { values: readonly [string | null, string | null, string, Date | string] };
    'DELETE FROM users WHERE id = $1': { values: readonly [string | null] };
    // links/link-rows.ts
    'INSERT INTO account_links (user_id, kind, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)\n     ON CONFLICT (user_id, kind) DO UPDATE\n       SET token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at': { values: readonly [string, 'INVITATION' | 'RESET', Buffer, Date | string, Date | string] };
    'SELECT l.user_id, l.kind, u.email, u.locale FROM account_links l JOIN users u ON u.id = l.user_id\n     WHERE l.token_hash = $1 AND l.expires_at > $2 AND u.status = \'ACTIVE\'': { values: readonly [Buffer | null, Date | string | null]; row: { user_id: string; kind: 'INVITATION' | 'RESET'; email: string; locale: 'fr' | 'en' } };
    'SELECT id FROM users WHERE id = $1 AND status = \'ACTIVE\' FOR UPDATE': { values: readonly [string | null]; row: { id: string } };
    'DELETE FROM account_links WHERE token_hash = $1 AND user_id = $2 AND expires_at > $3 RETURNING kind': { values: readonly [Buffer | null, string | null, Date | string | null]; row: { kind: 'INVITATION' | 'RESET' } };
    // links/links.ts
    'SELECT id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at, email_key FROM users WHERE id = $1 FOR UPDATE': { values: readonly [string | null]; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date; email_key: string } };
    'UPDATE users SET password_hash = NULL, password_is_first = false, updated_at = $2 WHERE id = $1': { values: readonly [string | null, Date | string] };
    'SELECT id, email, email_key, locale FROM users u WHERE email_key = lower($1) AND status = \'ACTIVE\'\n         AND (password_hash IS NOT NULL OR NOT EXISTS (SELECT FROM user_identities i WHERE i.user_id = u.id))': { values: readonly [string | null]; row: { id: string; email: string; email_key: string; locale: 'fr' | 'en' } };
    // managed-users.ts
    'SELECT user_id, issuer, subject, linked_at FROM user_identities WHERE user_id = ANY($1::uuid[]) ORDER BY linked_at, issuer, subject': { values: readonly [readonly string[]]; row: { user_id: string; issuer: string; subject: string; linked_at: Date } };
    'SELECT id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at, password_hash IS NOT NULL AS has_password,\n  EXISTS (SELECT FROM second_factors f WHERE f.user_id = users.id) AS has_factor FROM users WHERE id = $1': { values: readonly [string | null]; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date; has_password: boolean; has_factor: boolean } };
    // opened-session.ts
    'UPDATE users SET last_login_at = $2 WHERE id = $1 AND status = \'ACTIVE\' RETURNING id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at': { values: readonly [string | null, Date | string | null]; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date } };
    'DELETE FROM user_sessions WHERE user_id = $1 AND (expires_at < $2 OR absolute_expires_at < $2)': { values: readonly [string | null, Date | string | null] };
    'INSERT INTO user_sessions\n       (id, user_id, rotated_at, user_agent, ip, created_at, last_used_at, expires_at, absolute_expires_at, provider, proven_at)\n     VALUES ($1, $2, $3, $4, $5, $3, $3, $6, $7, $8, $3)': { values: readonly [string, string, Date | string, string, string, Date | string, Date | string, string | null] };
    'UPDATE user_sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING user_id': { values: readonly [string | null, Date | string | null]; row: { user_id: string } };
    'SELECT * FROM user_sessions WHERE id = $1 FOR UPDATE': { values: readonly [string | null]; row: { id: string; user_id: string; generation: number; rotated_at: Date; user_agent: string; ip: string; created_at: Date; last_used_at: Date; expires_at: Date; absolute_expires_at: Date; revoked_at: Date | null; provider: string | null; proven_at: Date | null } };
    'SELECT id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at FROM users WHERE id = $1 AND status = \'ACTIVE\'': { values: readonly [string | null]; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date } };
    'UPDATE user_sessions SET generation = $2, rotated_at = $3, last_used_at = $3, expires_at = $4, ip = $5 WHERE id = $1': { values: readonly [string | null, number, Date | string, Date | string, string] };
    'UPDATE user_sessions SET revoked_at = $2 WHERE id = $1': { values: readonly [string | null, Date | string | null] };
    // own-sessions.ts
    'SELECT id, user_agent, ip, created_at, last_used_at FROM user_sessions\n       WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND absolute_expires_at > $2\n       ORDER BY last_used_at DESC, id': { values: readonly [string | null, Date | string | null]; row: { id: string; user_agent: string; ip: string; created_at: Date; last_used_at: Date } };
    'UPDATE user_sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3': { values: readonly [string | null, string | null, Date | string | null] };
    'UPDATE user_sessions SET revoked_at = $3 WHERE user_id = $2 AND id <> $1 AND revoked_at IS NULL RETURNING id': { values: readonly [string | null, string | null, Date | string | null]; row: { id: string } };
    // places.ts
    'SELECT w.place,\n         EXISTS (SELECT FROM sign_in_places p JOIN users u ON u.id = p.user_id\n                 WHERE u.email_key = lower($1) AND p.place = w.place AND p.last_seen > $3) AS own,\n         EXISTS (SELECT FROM sign_in_places p WHERE p.place = w.place AND p.last_seen > $3) AS house\n       FROM unnest($2::text[]) AS w (place)': { values: readonly [string | null, readonly string[], Date | string | null]; row: { place: string; own: boolean; house: boolean } };
    'SELECT place FROM sign_in_places WHERE place = $1 AND last_seen > $2 LIMIT 1': { values: readonly [string | null, Date | string | null]; row: { place: string } };
    'INSERT INTO sign_in_places (user_id, place, last_seen) SELECT $1, place, $3 FROM unnest($2::text[]) AS w (place)\n     ON CONFLICT (user_id, place) DO UPDATE SET last_seen = excluded.last_seen': { values: readonly [string, readonly string[], Date | string] };
    'DELETE FROM sign_in_places WHERE user_id = $1 AND (last_seen <= $2 OR place IN\n       (SELECT place FROM sign_in_places WHERE user_id = $1 ORDER BY last_seen DESC, place OFFSET 50))': { values: readonly [string | null, Date | string | null] };
    // principals.ts
    'SELECT u.id AS user_id, u.role, u.level, u.group_id, s.id,\n    least(s.expires_at, s.absolute_expires_at) AS expires_at, s.last_used_at\n  FROM user_sessions s JOIN users u ON u.id = s.user_id\n  WHERE s.id = $1 AND s.revoked_at IS NULL AND u.status = \'ACTIVE\'': { values: readonly [string | null]; row: { user_id: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; group_id: string | null; id: string; expires_at: Date; last_used_at: Date } };
    'SELECT role, level, group_id FROM users WHERE id = $1 AND status = \'ACTIVE\'': { values: readonly [string | null]; row: { role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; group_id: string | null } };
    'SELECT u.id AS user_id, u.role, u.level, u.group_id, t.id, t.expires_at, t.last_used_at, t.permissions\n  FROM api_tokens t JOIN users u ON u.id = t.user_id\n  WHERE t.revoked_at IS NULL AND u.status = \'ACTIVE\' AND t.token_hash = $1': { values: readonly [Buffer | null]; row: { user_id: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; group_id: string | null; id: string; expires_at: Date; last_used_at: Date | null; permissions: ColumnTypes['api_tokens.permissions'] } };
    'SELECT u.id AS user_id, u.role, u.level, u.group_id, t.id, t.expires_at, t.last_used_at, t.permissions\n  FROM api_tokens t JOIN users u ON u.id = t.user_id\n  WHERE t.revoked_at IS NULL AND u.status = \'ACTIVE\' AND t.id = $1': { values: readonly [string | null]; row: { user_id: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; group_id: string | null; id: string; expires_at: Date; last_used_at: Date | null; permissions: ColumnTypes['api_tokens.permissions'] } };
    'UPDATE api_tokens SET last_used_at = $2 WHERE id = $1': { values: readonly [string | null, Date | string | null] };
    'UPDATE user_sessions SET last_used_at = $2 WHERE id = $1': { values: readonly [string | null, Date | string] };
    // profile.ts
    'SELECT provider FROM user_sessions WHERE id = $1': { values: readonly [string | null]; row: { provider: string | null } };
    'SELECT id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at, password_hash FROM users WHERE id = $1': { values: readonly [string | null]; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date; password_hash: string | null } };
    'SELECT id FROM users WHERE id = $1 AND password_hash IS NOT DISTINCT FROM $2::text FOR UPDATE': { values: readonly [string | null, string | null]; row: { id: string } };
    // providers/arrive.ts
    'SELECT user_id FROM user_identities WHERE issuer = $1 AND subject = $2': { values: readonly [string | null, string | null]; row: { user_id: string } };
    'SELECT id, email_key FROM users WHERE email_key = lower($1)': { values: readonly [string | null]; row: { id: string; email_key: string } };
    'SELECT status FROM users WHERE id = $1': { values: readonly [string | null]; row: { status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED' } };
    'SELECT id FROM groups WHERE name = $1 AND NOT is_personal': { values: readonly [string | null]; row: { id: string } };
    'INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, status, group_id, created_at, updated_at)\n     VALUES ($1, $2, NULL, $3, $4, $5, $6, \'INACTIVE\', $7, $8, $8)': { values: readonly [string, string, string, string, 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER', 'READ' | 'WRITE' | 'ADMIN', string | null, Date | string] };
    'INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4)': { values: readonly [string, string, string, Date | string] };
    'SELECT role, level, group_id, status FROM users WHERE id = $1 FOR UPDATE': { values: readonly [string | null]; row: { role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; group_id: string | null; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED' } };
    'UPDATE users SET role = $2, level = $3, group_id = $4, updated_at = $5 WHERE id = $1': { values: readonly [string | null, 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER', 'READ' | 'WRITE' | 'ADMIN', string | null, Date | string] };
    'INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING': { values: readonly [string, string, string, Date | string] };
    // providers/attempt.ts
    'DELETE FROM provider_returns WHERE expires_at < $1': { values: readonly [Date | string | null] };
    'INSERT INTO provider_returns (state_hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING': { values: readonly [Buffer, Date | string] };
    // sign-in.ts
    'SELECT id FROM users WHERE id = $1 AND password_hash = $2 FOR UPDATE': { values: readonly [string | null, string | null]; row: { id: string } };
    'UPDATE users SET password_hash = $2, password_is_first = false, updated_at = $3 WHERE id = $1': { values: readonly [string | null, string | null, Date | string] };
    'SELECT id, email, role, password_hash, status, email_key, password_is_first,\n         EXISTS (SELECT FROM second_factors f WHERE f.user_id = u.id) AS has_factor\n       FROM users u WHERE email_key = lower($1)': { values: readonly [string | null]; row: { id: string; email: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; password_hash: string | null; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; email_key: string; password_is_first: boolean; has_factor: boolean } };
    'UPDATE user_sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL': { values: readonly [string | null, Date | string | null] };
    // step-up.ts
    'SELECT proven_at FROM user_sessions WHERE id = $1': { values: readonly [string | null]; row: { proven_at: Date | null } };
    // tokens.ts
    'DELETE FROM api_tokens WHERE user_id = $1 AND (expires_at < $2 OR revoked_at IS NOT NULL)': { values: readonly [string | null, Date | string | null] };
    'INSERT INTO api_tokens (id, user_id, name, token_hash, permissions, created_at, expires_at)\n     SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT count(*) FROM api_tokens WHERE user_id = $2) < $8 RETURNING id, name, permissions, created_at, expires_at, last_used_at': { values: readonly [string, string, string, Buffer, readonly string[], Date | string, Date | string, number | bigint | null]; row: { id: string; name: string; permissions: ColumnTypes['api_tokens.permissions']; created_at: Date; expires_at: Date; last_used_at: Date | null } };
    'SELECT id, name, permissions, created_at, expires_at, last_used_at FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id': { values: readonly [string | null, Date | string | null]; row: { id: string; name: string; permissions: ColumnTypes['api_tokens.permissions']; created_at: Date; expires_at: Date; last_used_at: Date | null } };
    'UPDATE api_tokens SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL': { values: readonly [string | null, string | null, Date | string | null] };
    // user-list.ts
    'SELECT count(*)::int AS total FROM users': { values: readonly []; row: { total: number } };
    'SELECT id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at, password_hash IS NOT NULL AS has_password,\n  EXISTS (SELECT FROM second_factors f WHERE f.user_id = users.id) AS has_factor, email_key AS sort_key FROM users': { values: readonly []; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date; has_password: boolean; has_factor: boolean; sort_key: string } };
    'SELECT id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at, password_hash IS NOT NULL AS has_password,\n  EXISTS (SELECT FROM second_factors f WHERE f.user_id = users.id) AS has_factor, 0::bigint AS sort_key FROM users': { values: readonly []; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date; has_password: boolean; has_factor: boolean; sort_key: number } };
    // user-rows.ts
    'SELECT locale FROM users WHERE id = $1': { values: readonly [string | null]; row: { locale: 'fr' | 'en' } };
    'SELECT id FROM users WHERE role = \'ADMIN\' AND status = \'ACTIVE\' ORDER BY created_at LIMIT 1': { values: readonly []; row: { id: string } };
    // users.ts
    'SELECT id FROM groups WHERE id = $1 AND is_personal': { values: readonly [string | null]; row: { id: string } };
    'SELECT id, email, first_name, last_name, role, level, status, group_id, locale, last_login_at, created_at FROM users WHERE id = $1': { values: readonly [string | null]; row: { id: string; email: string; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date } };
    'SELECT id FROM users WHERE email_key = lower($1)': { values: readonly [string | null]; row: { id: string } };
    'INSERT INTO users\n       (id, email, password_hash, first_name, last_name, role, level, group_id, locale, created_at, updated_at, password_is_first)\n     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)': { values: readonly [string, string, string | null, string, string, 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER', 'READ' | 'WRITE' | 'ADMIN', string | null, 'fr' | 'en', Date | string, boolean] };
    'SELECT email FROM users WHERE id = $1': { values: readonly [string | null]; row: { email: string } };
  }
}
