import { randomBytes } from 'node:crypto';
import type { BodyOf, createToken, Token } from '@negatoscope/contract';
import { can, type Person, requireSession, scopeOf } from '../../access/index.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import { hashToken, TOKEN_PREFIX } from './authenticate.ts';
import type { IdentityContext } from './context.ts';
import { requireProof } from './step-up.ts';

const MOST_TOKENS = 50;
const DAY_MS = 86_400_000;

type TokenRow = RowOf<typeof OWN>;
const COLUMNS = 'id, name, permissions, created_at, expires_at, last_used_at';
const OWN =
  `SELECT ${COLUMNS} FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id` as const;

const toToken = (row: TokenRow): Token => ({
  id: row.id,
  name: row.name,
  permissions: row.permissions,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});

/**
 * A personal token, which never has more than its person. Permission, of all here: signed in, through a session. The secret is in this
 * answer only. Fails with FORBIDDEN for a permission that the person lacks, CONFLICT over 50 tokens.
 */
export async function create(
  context: IdentityContext,
  actor: Person,
  body: BodyOf<typeof createToken>,
): Promise<Token & { secret: string }> {
  requireSession(actor);
  const permissions = [...new Set(body.permissions)];
  if (!permissions.every((permission) => can(actor, permission))) throw new Failure('FORBIDDEN');
  const secret = TOKEN_PREFIX + randomBytes(32).toString('base64url');
  const row = await context.db.withScope(scopeOf(actor), (tx) => insert(context, tx, actor, { ...body, permissions, secret }));
  return { ...toToken(row), secret };
}

async function insert(
  { audit, clock }: IdentityContext,
  tx: Tx,
  actor: Person,
  { name, permissions, expiresInDays, secret }: BodyOf<typeof createToken> & { readonly secret: string },
): Promise<TokenRow> {
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + expiresInDays * DAY_MS);
  // Waits for whoever is suspending this person or ending their sessions now, and then finds that.
  const active = await tx.first("SELECT id FROM users WHERE id = $1 AND status = 'ACTIVE' FOR UPDATE", [actor.userId]);
  if (active === undefined) throw new Failure('NOT_AUTHENTICATED');
  await requireProof({ clock }, tx, actor);
  await tx.run('DELETE FROM api_tokens WHERE user_id = $1 AND (expires_at < $2 OR revoked_at IS NOT NULL)', [actor.userId, now]);
  const inserted = await tx.first(
    `INSERT INTO api_tokens (id, user_id, name, token_hash, permissions, created_at, expires_at)
     SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT count(*) FROM api_tokens WHERE user_id = $2) < $8 RETURNING ${COLUMNS}`,
    [newId(), actor.userId, name, hashToken(secret), permissions, now, expiresAt, MOST_TOKENS],
  );
  if (inserted === undefined) throw new Failure('CONFLICT');
  const details = { permissions, expiresInDays };
  await audit.record(tx, { action: 'token.created', actor, entityType: 'token', entityId: inserted.id, details });
  return inserted;
}

export async function list({ clock, db }: IdentityContext, actor: Person): Promise<Token[]> {
  requireSession(actor);
  const rows = await db.withScope(scopeOf(actor), (tx) => tx.rows(OWN, [actor.userId, clock.now()]));
  return rows.map(toToken);
}

/** Fails with NOT_FOUND for a token that is not the actor's. */
export async function revoke({ audit, cache, clock, db }: IdentityContext, actor: Person, id: string): Promise<void> {
  requireSession(actor);
  await db.withScope(scopeOf(actor), async (tx) => {
    const revoked = await tx.run('UPDATE api_tokens SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL', [
      id,
      actor.userId,
      clock.now(),
    ]);
    if (revoked === 0) throw notFound();
    await audit.record(tx, { action: 'token.revoked', actor, entityType: 'token', entityId: id });
  });
  cache.forget(actor.userId);
}
