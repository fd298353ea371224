import type { Session } from '@negatoscope/contract';
import { type Person, requireSession, scopeOf } from '../../access/index.ts';
import { notFound } from '../../kernel/failure.ts';
import type { IdentityContext } from './context.ts';

/** One's devices. Permission, of all here: signed in, through a session. */
export async function list({ clock, db }: IdentityContext, actor: Person): Promise<Session[]> {
  requireSession(actor);
  const rows = await db.withScope(scopeOf(actor), (tx) =>
    tx.rows(
      `SELECT id, name, user_agent, ip, created_at, last_used_at, provider, by_passkey FROM user_sessions
       WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND absolute_expires_at > $2
       ORDER BY last_used_at DESC, id`,
      [actor.userId, clock.now()],
    ),
  );
  return rows.map((row) => ({
    id: row.id,
    current: row.id === actor.sessionId,
    name: row.name,
    wayIn: wayIn(row),
    userAgent: row.user_agent,
    ip: row.ip,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
  }));
}

const wayIn = ({ provider, by_passkey: byPasskey }: { provider: string | null; by_passkey: boolean }): Session['wayIn'] => {
  if (provider !== null) return 'PROVIDER';
  return byPasskey ? 'PASSKEY' : 'PASSWORD';
};

/** Names a device: this session and others of its browser. Fails with NOT_FOUND as `end`. */
export async function name(
  { audit, clock, db }: IdentityContext,
  actor: Person,
  id: string,
  given: string | null,
): Promise<void> {
  requireSession(actor);
  await db.withScope(scopeOf(actor), async (tx) => {
    const named = await tx.run(
      `UPDATE user_sessions s SET name = $3 FROM user_sessions n
       WHERE n.id = $1 AND n.user_id = $2 AND n.revoked_at IS NULL AND n.expires_at > $4
         AND s.user_id = $2 AND (s.id = n.id OR s.browser = n.browser)`,
      [id, actor.userId, given, clock.now()],
    );
    if (named === 0) throw notFound();
    await audit.record(tx, { action: 'auth.session-named', actor, entityType: 'session', entityId: id });
  });
}

/** Fails with NOT_FOUND for a session that is not the actor's or has ended. */
export async function end({ audit, cache, clock, db }: IdentityContext, actor: Person, id: string): Promise<void> {
  requireSession(actor);
  await db.withScope(scopeOf(actor), async (tx) => {
    const ended = await tx.run(
      'UPDATE user_sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3',
      [id, actor.userId, clock.now()],
    );
    if (ended === 0) throw notFound();
    await audit.record(tx, { action: 'auth.session-ended', actor, entityType: 'session', entityId: id });
  });
  cache.forget(actor.userId);
}

/** Ends every session of the actor but the one that asks. */
export async function endOthers({ audit, cache, clock, db }: IdentityContext, actor: Person): Promise<void> {
  requireSession(actor);
  await db.withScope(scopeOf(actor), async (tx) => {
    const ended = await tx.rows(
      'UPDATE user_sessions SET revoked_at = $3 WHERE user_id = $2 AND id <> $1 AND revoked_at IS NULL RETURNING id',
      [actor.sessionId, actor.userId, clock.now()],
    );
    await audit.recordAll(
      tx,
      ended.map(({ id }) => ({ action: 'auth.session-ended', actor, entityType: 'session', entityId: id })),
    );
  });
  cache.forget(actor.userId);
}
