import { randomBytes } from 'node:crypto';
import type { LinkKind } from '@negatoscope/contract';
import type { Tx } from '../../../platform/db/database.ts';
import { hashToken } from '../authenticate.ts';

const HOUR_MS = 3_600_000;
/** An invitation waits for somebody to come to work; who forgot their password is at the mailbox now. */
const LASTS_MS: Readonly<Record<LinkKind, number>> = { INVITATION: 72 * HOUR_MS, RESET: HOUR_MS };

/** A new link of a person, in place of an earlier one of its kind. The token is in this answer only; the row has its hash. */
export async function makeLink(
  tx: Tx,
  userId: string,
  kind: LinkKind,
  now: Date,
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + LASTS_MS[kind]);
  await tx.run(
    `INSERT INTO account_links (user_id, kind, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (user_id, kind) DO UPDATE
       SET token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [userId, kind, hashToken(token), now, expiresAt],
  );
  return { token, expiresAt };
}

/** Whose link it is; undefined for one that is over, was used, or whose person may not sign in. */
export const findLink = (tx: Tx, token: string, now: Date) =>
  tx.first(
    `SELECT l.user_id, l.kind, u.email, u.locale FROM account_links l JOIN users u ON u.id = l.user_id
     WHERE l.token_hash = $1 AND l.expires_at > $2 AND u.status = 'ACTIVE'`,
    [hashToken(token), now],
  );

/** Uses a link up. Undefined when somebody else was first, or it has ended meanwhile; the person is held. */
export async function takeLink(tx: Tx, token: string, userId: string, now: Date): Promise<LinkKind | undefined> {
  const held = await tx.first("SELECT id FROM users WHERE id = $1 AND status = 'ACTIVE' FOR UPDATE", [userId]);
  if (held === undefined) return undefined;
  const taken = await tx.first(
    'DELETE FROM account_links WHERE token_hash = $1 AND user_id = $2 AND expires_at > $3 RETURNING kind',
    [hashToken(token), userId, now],
  );
  return taken?.kind;
}
