import type { BodyOf, inviteUser, LinkKind, ResultOf, readAccountLink } from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../../access/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { endAccess } from '../access-ends.ts';
import type { IdentityContext } from '../context.ts';
import { dropPasskeys } from '../factor/factor-rows.ts';
import { networkOf } from '../network.ts';
import type { Device } from '../opened-session.ts';
import { checkNewPassword } from '../password-policy.ts';
import { mayUsePassword, setOwnPassword } from '../sign-in.ts';
import { requireProof } from '../step-up.ts';
import { toUser, USER_COLUMNS } from '../user-rows.ts';
import { mayManage } from '../users-policy.ts';
import { findLink, makeLink, takeLink } from './link-rows.ts';
import { mailOf } from './mail-texts.ts';

interface Addressee {
  readonly email: string;
  readonly locale: 'fr' | 'en';
}

/** The token stands in the fragment, which browsers send to nobody: it is in no log and no Referer. */
const addressOf = ({ publicUrl }: IdentityContext, token: string): string =>
  `${new URL('/login', publicUrl).href}#password=${token}`;

/** Whether the mail server took it. */
async function sendLink(context: IdentityContext, { email, locale }: Addressee, kind: LinkKind, link: string): Promise<boolean> {
  const { log, mailer, site } = context;
  if (mailer === undefined) return false;
  try {
    await mailer.send(mailOf(kind, { email, locale, link, site }));
    return true;
  } catch (error) {
    // No address and no text of it: what is logged is read by others.
    log.warn({ code: error instanceof Error && 'code' in error ? error.code : undefined }, 'mail was not sent');
    return false;
  }
}

/**
 * A link for somebody to set their password. Permission: `users.manage`; one's own password is changed in the profile. Fails with CONFLICT for who may
 * not sign in, PASSWORDS_OFF, FORBIDDEN through a narrow token.
 */
export async function invite(
  context: IdentityContext,
  actor: Person,
  id: string,
  wish: BodyOf<typeof inviteUser>,
): Promise<ResultOf<typeof inviteUser>> {
  requirePermission(actor, 'users.manage');
  const { user, token, expiresAt } = await context.db.withScope(scopeOf(actor), (tx) =>
    inviteIn(context, tx, actor, { id, ...wish }),
  );
  if (wish.endsPassword === true) context.cache.forget(id);
  const link = addressOf(context, token);
  const isSent = wish.by === 'MAIL' && (await sendLink(context, user, 'INVITATION', link));
  return { link: isSent ? null : link, expiresAt: expiresAt.toISOString() };
}

async function inviteIn(
  context: IdentityContext,
  tx: Tx,
  actor: Person,
  { id, by, endsPassword = false }: BodyOf<typeof inviteUser> & { readonly id: string },
) {
  const row = await tx.first(`SELECT ${USER_COLUMNS}, email_key FROM users WHERE id = $1 FOR UPDATE`, [id]);
  if (row === undefined) throw notFound();
  const user = toUser(row);
  if (id === actor.userId || !mayManage(actor, user)) throw new Failure('FORBIDDEN');
  await requireProof(context, tx, actor);
  if (user.status !== 'ACTIVE') throw new Failure('CONFLICT');
  if (!mayUsePassword(context, row.email_key)) throw new Failure('PASSWORDS_OFF');
  const now = context.clock.now();
  if (endsPassword) await endPassword(context, tx, actor, id);
  const { token, expiresAt } = await makeLink(tx, id, 'INVITATION', now);
  const details = { by, endsPassword };
  await context.audit.record(tx, {
    ...{ action: 'user.invited', actor, entityType: 'user', entityId: id, groupId: user.groupId, details },
  });
  return { user, token, expiresAt };
}

/** Whoever knew it may have registered a passkey by it. */
async function endPassword(context: IdentityContext, tx: Tx, actor: Person, id: string): Promise<void> {
  const now = context.clock.now();
  await tx.run('UPDATE users SET password_hash = NULL, password_is_first = false, updated_at = $2 WHERE id = $1', [id, now]);
  await endAccess(context, tx, id, { actor, because: 'PASSWORD' });
  await dropPasskeys(tx, id, now);
}

/** Counts a request of a network; gives what takes it back. Fails with RATE_LIMITED when a network asks too often; it is the same for whatever it asks. */
async function brake({ linkLimits: { byNetwork } }: IdentityContext, ip: string): Promise<() => Promise<void>> {
  const network = networkOf(ip);
  const waitMs = await byNetwork.take(network);
  if (waitMs > 0) throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  return () => byNetwork.giveBack(network);
}

/**
 * Sends a link to whoever has this address, if it may have one. The answer waits for nothing that depends on that, and is the same.
 */
export async function askForPassword(context: IdentityContext, email: string, device: Device): Promise<void> {
  await brake(context, device.ip);
  const hasRoom = (await context.linkLimits.byAddress.take(email.toLowerCase())) === 0;
  if (!hasRoom) return;
  remind(context, email, device).catch((error: unknown) =>
    context.log.warn({ error: error instanceof Error ? error.name : 'error' }, 'a link for a new password was not made'),
  );
}

async function remind(context: IdentityContext, email: string, { ip }: Device): Promise<void> {
  if (context.mailer === undefined) return;
  const made = await context.db.withSystem(async (tx) => {
    // Who comes by an identity provider alone gets no second way in that outlasts it.
    const user = await tx.first(
      `SELECT id, email, email_key, locale FROM users u WHERE email_key = lower($1) AND status = 'ACTIVE'
         AND (password_hash IS NOT NULL OR NOT EXISTS (SELECT FROM user_identities i WHERE i.user_id = u.id))`,
      [email],
    );
    if (user === undefined || !mayUsePassword(context, user.email_key)) return undefined;
    const { token } = await makeLink(tx, user.id, 'RESET', context.clock.now());
    await context.audit.record(tx, {
      ...{ action: 'user.password-forgotten', actor: null, ip, entityType: 'user', entityId: user.id },
    });
    return { user, token };
  });
  if (made !== undefined) await sendLink(context, made.user, 'RESET', addressOf(context, made.token));
}

/** Fails with LINK_OVER, RATE_LIMITED. */
export async function read(context: IdentityContext, token: string, { ip }: Device): Promise<ResultOf<typeof readAccountLink>> {
  const giveBack = await brake(context, ip);
  const { kind, email, locale } = await valid(context, token);
  await giveBack();
  return { kind, email, locale };
}

async function valid({ clock, db }: IdentityContext, token: string) {
  const found = await db.withSystem((tx) => findLink(tx, token, clock.now()));
  if (found === undefined) throw new Failure('LINK_OVER');
  return found;
}

/**
 * Sets a password by a link, once; sessions, tokens and other links of the account end. No session is opened: a second factor stays what it is. Fails with
 * LINK_OVER, WEAK_PASSWORD, PASSWORD_TOO_LONG, RATE_LIMITED.
 */
export async function setPassword(
  context: IdentityContext,
  { token, password }: { readonly token: string; readonly password: string },
  { ip }: Device,
): Promise<void> {
  const giveBack = await brake(context, ip);
  const { user_id: userId, email } = await valid(context, token);
  // Who has a link is no guesser, however many stand behind one address.
  await giveBack();
  checkNewPassword(password, email);
  const hash = await context.passwords.hash(password);
  const now = context.clock.now();
  await context.db.withSystem(async (tx) => {
    const kind = await takeLink(tx, token, userId, now);
    if (kind === undefined) throw new Failure('LINK_OVER');
    await setOwnPassword(context, tx, { id: userId, hash, by: kind, ip });
  });
  context.cache.forget(userId);
}
