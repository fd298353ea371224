import { createHash } from 'node:crypto';
import type { LinkKind, Role } from '@negatoscope/contract';
import type { Person } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import { endAccess } from './access-ends.ts';
import type { IdentityContext } from './context.ts';
import { giveBack } from './login-limits.ts';
import { networkOf } from './network.ts';
import {
  type Device,
  endPrevious,
  type NewSession,
  type OpenSession,
  openSession,
  present,
  rotate,
  type SignInDevice,
  type WayIn,
} from './opened-session.ts';
import { checkNewPassword } from './password-policy.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** In place of a password that somebody else knows. */
  readonly newPassword?: string | undefined;
}

/** Somebody whose password was right, where more is asked before anything is opened: a code, or that they set up what gives one. */
export interface HalfWay {
  readonly userId: string;
  readonly print: string;
  readonly step: 'PROVE' | 'SET_UP';
}

/**
 * Opens a new session, and one that the same browser had before ends; or says what is asked besides. No permission: who may sign in is what this decides. Fails with
 * INVALID_CREDENTIALS for every wrong combination, in the same time, and with RATE_LIMITED before the password is looked at; with
 * PASSWORD_CHANGE_REQUIRED, WEAK_PASSWORD or PASSWORD_TOO_LONG where the right password is a first one.
 */
export async function login(
  context: IdentityContext,
  given: Credentials,
  device: SignInDevice,
  previous?: string,
): Promise<NewSession | HalfWay> {
  const { attempt, found, isRight } = await tryPassword(context, { ...given, email: given.email.trim() }, device);
  const isOpen = isRight && found !== undefined && found.status === 'ACTIVE' && mayUsePassword(context, found.email_key);
  if (!isOpen) return openFailure(context, found?.id, device);
  const step = stepAfter(context, found);
  if (step !== undefined) {
    await attempt.giveBack();
    return { userId: found.id, print: printOf(found.password_hash), step };
  }
  const newHash = await newHashOf(context, found, given.newPassword).catch(giveBack(attempt));
  const way = { by: 'password' } as const;
  const session = await context.db.withSystem((tx) => openByPassword(context, tx, { ...found, newHash }, way, device));
  if (session === undefined) return openFailure(context, found.id, device);
  await attempt.giveBack();
  await endPrevious(context, previous);
  return session;
}

function stepAfter(
  { factorRoles }: IdentityContext,
  { has_factor: hasFactor, role }: { readonly has_factor: boolean | null; readonly role: Role },
): HalfWay['step'] | undefined {
  if (hasFactor === true) return 'PROVE';
  return factorRoles.has(role) ? 'SET_UP' : undefined;
}

/** Tells whether a password is still the one that was compared, without being of use to compare others. */
export const printOf = (hash: string | null): string =>
  createHash('sha256')
    .update(hash ?? '')
    .digest('base64url');

/** The hash of what a first password is changed to, before a session is opened by it; undefined where there is nothing to change. */
export async function newHashOf(
  { passwords }: IdentityContext,
  account: { readonly email: string; readonly password_hash: string | null; readonly password_is_first: boolean },
  newPassword: string | undefined,
): Promise<string | undefined> {
  if (!account.password_is_first) return undefined;
  if (newPassword === undefined) throw new Failure('PASSWORD_CHANGE_REQUIRED');
  checkNewPassword(newPassword, account.email);
  const isSame = await passwords.verify(newPassword, account.password_hash ?? undefined, {
    lane: 'known',
    source: 'new passwords',
  });
  if (isSame) throw new Failure('WEAK_PASSWORD');
  return passwords.hash(newPassword);
}

/** Where a site has turned passwords off, that of its emergency account still counts, for whatever a password opens; others cost the same and are never right. */
export const mayUsePassword = ({ onlyPasswordOf }: Pick<IdentityContext, 'onlyPasswordOf'>, emailKey: string | null): boolean =>
  onlyPasswordOf === undefined || onlyPasswordOf === emailKey;

/** The one answer to every wrong combination. */
export async function openFailure(context: IdentityContext, userId: string | undefined, { ip }: Device): Promise<never> {
  const entity = userId === undefined ? {} : { entityType: 'user', entityId: userId };
  await context.audit.note({ action: 'auth.login-failed', outcome: 'FAILURE', actor: null, ip, ...entity });
  throw new Failure('INVALID_CREDENTIALS');
}

/** An account as its password was compared. */
export interface Compared {
  readonly id: string;
  readonly password_hash: string | null;
}

/** Holds the account; undefined when it changed while its password was compared. */
export const holdCompared = (tx: Tx, { id, password_hash: hash }: Compared) =>
  tx.first('SELECT id FROM users WHERE id = $1 AND password_hash = $2 FOR UPDATE', [id, hash]);

export async function openByPassword(
  context: IdentityContext,
  tx: Tx,
  compared: Compared & { readonly newHash: string | undefined },
  way: WayIn,
  device: SignInDevice,
): Promise<NewSession | undefined> {
  const same = await holdCompared(tx, compared);
  if (same !== undefined && compared.newHash !== undefined)
    await setOwnPassword(context, tx, { id: compared.id, hash: compared.newHash, by: 'FIRST_PASSWORD', ip: device.ip });
  return same && openSession(context, tx, { userId: same.id, way }, device);
}

interface OwnPassword {
  readonly id: string;
  readonly hash: string;
  /** What let its owner choose it. */
  readonly by: LinkKind | 'FIRST_PASSWORD';
  readonly ip: string;
}

/** A password that its owner has chosen, signed in or not; what was open by the one before ends. */
export async function setOwnPassword(context: IdentityContext, tx: Tx, { id, hash, by, ip }: OwnPassword): Promise<void> {
  const { audit, clock } = context;
  const now = clock.now();
  await tx.run('UPDATE users SET password_hash = $2, password_is_first = false, updated_at = $3 WHERE id = $1', [id, hash, now]);
  await endAccess(context, tx, id, { actor: null, because: 'PASSWORD', ip });
  await audit.record(tx, { action: 'user.password-set', actor: null, ip, entityType: 'user', entityId: id, details: { by } });
}

/** Counts a try and compares the password; an account without one costs the same and is never right. */
export async function tryPassword(context: IdentityContext, { email, password }: Credentials, device: SignInDevice) {
  const { audit, db, limits, passwords, places } = context;
  const { known, isHouse } = await places.standing(email, device);
  const attempt = await limits.begin({ account: email.toLowerCase(), ip: device.ip, known, isHouse }, () =>
    audit.note({ action: 'auth.login-limited', outcome: 'DENIED', actor: null, ip: device.ip }),
  );
  const find = (tx: Tx) =>
    tx.first(
      `SELECT id, email, role, password_hash, status, email_key, password_is_first,
         EXISTS (SELECT FROM second_factors f WHERE f.user_id = u.id)
           OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.id
                        AND ($2::text IS NULL OR p.rp_id IS NULL OR p.rp_id = $2)) AS has_factor
       FROM users u WHERE email_key = lower($1)`,
      [email, context.party?.rpId ?? null],
      'identity-by-email',
    );
  const found = await db.withSystem(find).catch(giveBack(attempt));
  const lane = known === undefined ? 'new' : 'known';
  const isRight = await passwords
    .verify(password, found?.password_hash ?? undefined, { lane, source: known ?? networkOf(device.ip) })
    .catch(giveBack(attempt));
  return { attempt, found, isRight };
}

/**
 * Rotates a refresh token. Fails with SESSION_EXPIRED when it counts for nothing and with REFRESH_REUSED, having ended the
 * session, when it was used up more than 10 s ago.
 */
export async function refresh(context: IdentityContext, token: string | undefined, device: Device): Promise<OpenSession> {
  const given = context.refreshTokens.parse(token ?? '');
  if (given === undefined) throw new Failure('SESSION_EXPIRED');
  const outcome = await context.db.withSystem((tx) => rotate(context, tx, given, device));
  if (outcome === 'SESSION_EXPIRED') throw new Failure('SESSION_EXPIRED');
  if ('reusedBy' in outcome) {
    context.cache.forget(outcome.reusedBy);
    throw new Failure('REFRESH_REUSED');
  }
  const { user, generation, expiresAt } = outcome;
  return present(context, user, { id: given.sessionId, generation, expiresAt });
}

/** Ends the actor's own session. */
export async function logout({ audit, cache, clock, db }: IdentityContext, actor: Person): Promise<void> {
  if (actor.via !== 'session') throw new Failure('FORBIDDEN');
  await db.withSystem(async (tx) => {
    await tx.run('UPDATE user_sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL', [actor.sessionId, clock.now()]);
    await audit.record(tx, { action: 'auth.logout', actor, entityType: 'session', entityId: actor.sessionId });
  });
  cache.forget(actor.userId);
}
