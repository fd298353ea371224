import { createHash } from 'node:crypto';
import { permissionsOf, type User } from '@negatoscope/contract';
import { type Person, person } from '../../access/index.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { IdentityContext } from './context.ts';
import { toUser, USER_COLUMNS, type UserRow } from './user-rows.ts';

const DAY_MS = 86_400_000;
const SLIDING_MS = 7 * DAY_MS;
const ABSOLUTE_MS = 30 * DAY_MS;
/** For answers that were lost on their way: the old token still gives the same successor. */
const GRACE_MS = 10_000;

/** Where a request to sign in comes from. */
export interface Device {
  readonly ip: string;
  readonly userAgent: string;
}

/** Where a person signs in: with what this browser shows of an earlier time. */
export interface SignInDevice extends Device {
  readonly device: string | undefined;
}

/** A session as its cookies will hold it. */
export interface OpenSession {
  readonly user: User;
  readonly sessionId: string;
  readonly access: string;
  readonly accessExpiresAt: Date;
  readonly refresh: string;
  readonly csrf: string;
  readonly secondsLeft: number;
}

export interface NewSession extends OpenSession {
  /** What the browser is known by the next time. */
  readonly device: string;
}

/** How somebody came in: by password, with a second factor where there is one, by a passkey alone, or by the identity provider of this id. */
export type WayIn =
  | { readonly by: 'password'; readonly factor?: 'TOTP' | 'RECOVERY_CODE' | 'PASSKEY' }
  | { readonly by: 'passkey' }
  | { readonly by: 'provider'; readonly provider: string };

/**
 * The one place where sessions are made, whatever the way in; the caller has found out who it is in this transaction. Undefined when the account
 * may not sign in.
 */
export async function openSession(
  context: IdentityContext,
  tx: Tx,
  { userId, way }: { readonly userId: string; readonly way: WayIn },
  device: SignInDevice,
): Promise<NewSession | undefined> {
  const now = context.clock.now();
  const row = await tx.first(
    `UPDATE users SET last_login_at = $2 WHERE id = $1 AND status = 'ACTIVE' RETURNING ${USER_COLUMNS}`,
    [userId, now],
  );
  if (row === undefined) return undefined;
  const id = newId();
  const expiresAt = new Date(now.getTime() + SLIDING_MS);
  const known = await context.places.remember(tx, row.id, device);
  await insertSession(tx, { id, userId: row.id, now, expiresAt, way, device: { ...device, device: known } });
  const actor = actorOf(row, id, device.ip);
  await context.audit.record(tx, { action: 'auth.login', actor, entityType: 'session', entityId: id, details: way });
  return { ...(await present(context, toUser(row), { id, generation: 0, expiresAt })), device: known };
}

interface Inserted {
  readonly id: string;
  readonly userId: string;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly way: WayIn;
  readonly device: Device & { readonly device: string };
}

/** The row, in place of those that are over; what its owner has called this browser stays its name. */
async function insertSession(tx: Tx, { id, userId, now, expiresAt, way, device }: Inserted): Promise<void> {
  await tx.run(
    `INSERT INTO user_sessions
       (id, user_id, rotated_at, user_agent, ip, created_at, last_used_at, expires_at, absolute_expires_at, provider, proven_at,
        by_passkey, browser, name)
     VALUES ($1, $2, $3, $4, $5, $3, $3, $6, $7, $8, $3, $9, $10,
       (SELECT s.name FROM user_sessions s WHERE s.user_id = $2 AND s.browser = $10 ORDER BY s.created_at DESC LIMIT 1))`,
    [
      id,
      userId,
      now,
      device.userAgent.slice(0, 300),
      device.ip,
      expiresAt,
      new Date(now.getTime() + ABSOLUTE_MS),
      way.by === 'provider' ? way.provider : null,
      way.by === 'passkey',
      createHash('sha256').update(device.device).digest(),
    ],
  );
  await tx.run('DELETE FROM user_sessions WHERE user_id = $1 AND (expires_at < $2 OR absolute_expires_at < $2)', [userId, now]);
}

export async function endPrevious(
  { cache, clock, db, refreshTokens }: IdentityContext,
  previous: string | undefined,
): Promise<void> {
  const session = refreshTokens.parse(previous ?? '');
  if (session === undefined) return;
  const ended = await db.withSystem((tx) =>
    tx.first('UPDATE user_sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING user_id', [
      session.sessionId,
      clock.now(),
    ]),
  );
  if (ended !== undefined) cache.forget(ended.user_id);
}

export async function rotate(
  { audit, clock }: IdentityContext,
  tx: Tx,
  given: { readonly sessionId: string; readonly generation: number },
  device: Device,
) {
  const now = clock.now();
  const session = await tx.first('SELECT * FROM user_sessions WHERE id = $1 FOR UPDATE', [given.sessionId]);
  const isOver = session === undefined || session.revoked_at !== null;
  if (isOver || session.expires_at <= now || session.absolute_expires_at <= now) return 'SESSION_EXPIRED' as const;
  // A later generation than the stored one is the token of a database that was restored since.
  if (given.generation > session.generation) return 'SESSION_EXPIRED' as const;
  const row = await tx.first(`SELECT ${USER_COLUMNS} FROM users WHERE id = $1 AND status = 'ACTIVE'`, [session.user_id]);
  if (row === undefined) return 'SESSION_EXPIRED' as const;
  const user = toUser(row);
  if (given.generation === session.generation) {
    const generation = session.generation + 1;
    const expiresAt = new Date(Math.min(now.getTime() + SLIDING_MS, session.absolute_expires_at.getTime()));
    await tx.run(
      'UPDATE user_sessions SET generation = $2, rotated_at = $3, last_used_at = $3, expires_at = $4, ip = $5 WHERE id = $1',
      [session.id, generation, now, expiresAt, device.ip],
    );
    return { user, generation, expiresAt };
  }
  const isGrace = given.generation === session.generation - 1 && now.getTime() - session.rotated_at.getTime() <= GRACE_MS;
  if (isGrace) return { user, generation: session.generation, expiresAt: session.expires_at };
  await tx.run('UPDATE user_sessions SET revoked_at = $2 WHERE id = $1', [session.id, now]);
  const [actor, entityId] = [actorOf(row, session.id, device.ip), session.id];
  await audit.record(tx, { action: 'auth.refresh-reused', outcome: 'FAILURE', actor, entityType: 'session', entityId });
  return { reusedBy: session.user_id };
}

export async function present(
  { accessTokens, clock, csrfTokens, refreshTokens }: IdentityContext,
  user: User,
  session: { readonly id: string; readonly generation: number; readonly expiresAt: Date },
): Promise<OpenSession> {
  const { token, expiresAt: accessExpiresAt } = await accessTokens.sign(user.id, session.id);
  return {
    user,
    sessionId: session.id,
    access: token,
    accessExpiresAt,
    refresh: refreshTokens.encode(session.id, session.generation),
    csrf: csrfTokens.of(session.id),
    secondsLeft: (session.expiresAt.getTime() - clock.now().getTime()) / 1000,
  };
}

const actorOf = (row: UserRow, sessionId: string, ip: string): Person => {
  const { groupId, groupIds } = toUser(row);
  return person({
    userId: row.id,
    role: row.role,
    level: row.level,
    groupId,
    groupIds,
    permissions: permissionsOf(row.role, row.level),
    sessionId,
    via: 'session',
    ip,
  });
};
