import type { Session } from '@negatoscope/contract';
import { type Person, requireSession, scopeOf } from '../../access/index.ts';
import { notFound } from '../../kernel/failure.ts';
import type { IdentityContext } from './context.ts';

/** One's devices. Permission, of both here: signed in, through a session. */
export async function list({ clock, db }: IdentityContext, actor: Person): Promise<Session[]> {
  requireSession(actor);
  const rows = await db.withScope(scopeOf(actor), (tx) =>
    tx.rows(
      `SELECT id, user_agent, ip, created_at, last_used_at FROM user_sessions
       WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND absolute_expires_at > $2
       ORDER BY last_used_at DESC, id`,
      [actor.userId, clock.now()],
    ),
  );
  return rows.map((row) => ({
    id: row.id,
    current: row.id === actor.sessionId,
    userAgent: row.user_agent,
    ip: row.ip,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
  }));
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
