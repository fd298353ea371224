import { type Level, type Permission, permissionsOf, type Role } from '@negatoscope/contract';
import { type Person, person } from '../../access/index.ts';
import { furtherGroups, groupsIn } from '../../archive/records/members.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import { type Emergency, emergenciesOf, HAS_EMERGENCY } from './emergency/standing.ts';

/** A person as one of their sessions or tokens presents them. */
export interface Principal {
  readonly userId: string;
  readonly role: Role;
  readonly level: Level;
  readonly groupId: string | null;
  /** All their groups, the main one first. */
  readonly groupIds: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
  /** Id of the session or token. */
  readonly sessionId: string;
  readonly via: Person['via'];
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  /** Patients opened in an emergency; of a session only, for a token is nobody in a hurry. */
  readonly emergencies: readonly Emergency[];
}

type PrincipalRow = RowOf<typeof BY_SESSION> | TokenRow;

const BY_SESSION = `SELECT u.id AS user_id, u.role, u.level, u.group_id, ${furtherGroups('u')} AS further_groups, s.id,
    least(s.expires_at, s.absolute_expires_at) AS expires_at, s.last_used_at, ${HAS_EMERGENCY} AS has_emergency
  FROM user_sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = $1 AND s.revoked_at IS NULL AND u.status = 'ACTIVE'` as const;
const OF_TOKEN =
  `SELECT u.id AS user_id, u.role, u.level, u.group_id, ${furtherGroups('u')} AS further_groups, t.id, t.expires_at, t.last_used_at, t.permissions
  FROM api_tokens t JOIN users u ON u.id = t.user_id
  WHERE t.revoked_at IS NULL AND u.status = 'ACTIVE'` as const;
const BY_TOKEN_HASH = `${OF_TOKEN} AND t.token_hash = $1` as const;
const BY_TOKEN_ID = `${OF_TOKEN} AND t.id = $1` as const;

function principalOf(
  row: PrincipalRow,
  via: Person['via'],
  permissions: ReadonlySet<Permission>,
  emergencies: readonly Emergency[] = [],
): Principal {
  return {
    emergencies,
    userId: row.user_id,
    role: row.role,
    level: row.level,
    ...groupsIn(row),
    permissions,
    sessionId: row.id,
    via,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

/** The active person of a session that was not ended; its expiry is for the caller to compare. */
export async function findBySession(tx: Tx, sessionId: string): Promise<Principal | undefined> {
  const row = await tx.first(BY_SESSION, [sessionId], 'identity-by-session');
  if (row === undefined) return undefined;
  const permissions = permissionsOf(row.role, row.level);
  const mayHave = row.has_emergency === true && permissions.has('patients.emergency');
  return principalOf(row, 'session', permissions, mayHave ? await emergenciesOf(tx, row.user_id) : []);
}

/** Those of these ids who are active, by their ids, each with all that their role and level allow; no session is theirs. */
export async function findPeople(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, Person>> {
  const rows = await tx.rows(
    `SELECT id, role, level, group_id, ${furtherGroups('users')} AS further_groups FROM users WHERE id = ANY ($1::uuid[]) AND status = 'ACTIVE'`,
    [userIds],
  );
  const personIn = (row: (typeof rows)[number]): Person => {
    const { id, role, level } = row;
    const permissions = permissionsOf(role, level);
    return person({ userId: id, role, level, ...groupsIn(row), permissions, sessionId: id, via: 'session', ip: '' });
  };
  return new Map(rows.map((row) => [row.id, personIn(row)]));
}

/** The active person of this id, as `findPeople` gives them. */
export const findPerson = async (tx: Tx, userId: string): Promise<Person | undefined> =>
  (await findPeople(tx, [userId])).get(userId);

type TokenRow = RowOf<typeof BY_TOKEN_HASH>;

function tokenPrincipal(row: TokenRow): Principal {
  const granted = new Set(row.permissions);
  const both = [...permissionsOf(row.role, row.level)].filter((permission) => granted.has(permission));
  return principalOf(row, 'token', new Set(both));
}

/** The active person of a token that was not revoked, with what both the person and the token may do. */
export async function findByTokenHash(tx: Tx, tokenHash: Buffer): Promise<Principal | undefined> {
  const row = await tx.first(BY_TOKEN_HASH, [tokenHash], 'identity-by-token');
  return row && tokenPrincipal(row);
}

/** The same by the token's id. */
export async function findByToken(tx: Tx, tokenId: string): Promise<Principal | undefined> {
  const row = await tx.first(BY_TOKEN_ID, [tokenId]);
  return row && tokenPrincipal(row);
}

/** Whether a token counts now: not one that was withdrawn or has expired. */
export async function isTokenAlive(tx: Tx, tokenId: string, now: Date): Promise<boolean> {
  const token = await findByToken(tx, tokenId);
  return token !== undefined && token.expiresAt > now;
}

const TOUCH = {
  session: 'UPDATE user_sessions SET last_used_at = $2 WHERE id = $1',
  token: 'UPDATE api_tokens SET last_used_at = $2 WHERE id = $1',
} as const;

/** Notes the last use of a session or token. */
export const touch = (tx: Tx, via: Person['via'], id: string, now: Date): Promise<number> => tx.run(TOUCH[via], [id, now]);
