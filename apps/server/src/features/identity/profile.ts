import { type BodyOf, type Me, permissionsOf, type User, type updateProfile } from '@negatoscope/contract';
import { type Person, requireSession, scopeOf } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import { endAccess, withdrawLinks } from './access-ends.ts';
import type { IdentityContext } from './context.ts';
import { giveBack } from './login-limits.ts';
import { checkNewPassword } from './password-policy.ts';
import { translating } from './sql-errors.ts';
import { toUser, USER_COLUMNS, type UserRow } from './user-rows.ts';
import { USER_FIELDS, writeUser } from './users.ts';

type Changes = BodyOf<typeof updateProfile>;
type StoredPerson = UserRow & { readonly password_hash: string | null };
const OWN_FIELDS = ['email', 'firstName', 'lastName', 'locale'] as const;

/** The signed-in person's own account. Permission: signed in. */
export async function me(context: IdentityContext, actor: Person, accessExpiresAt: Date | null): Promise<Me> {
  return {
    user: toUser(await read(context, actor)),
    permissions: [...permissionsOf(actor.role, actor.level)].filter((permission) => actor.permissions.has(permission)),
    csrfToken: actor.via === 'session' ? context.csrfTokens.of(actor.sessionId) : '',
    expiresAt: accessExpiresAt?.toISOString() ?? null,
    provider: await providerOf(context, actor),
  };
}

async function providerOf({ db }: IdentityContext, actor: Person): Promise<string | null> {
  if (actor.via !== 'session') return null;
  const session = await db.withScope(scopeOf(actor), (tx) =>
    tx.first('SELECT provider FROM user_sessions WHERE id = $1', [actor.sessionId]),
  );
  return session?.provider ?? null;
}

/**
 * Changes one's own name, language, address or password, through a session only; the last two need the current password. A new password
 * ends the person's other sessions and all their tokens. Fails with WRONG_CURRENT_PASSWORD, RATE_LIMITED, EMAIL_TAKEN, WEAK_PASSWORD,
 * PASSWORD_TOO_LONG.
 */
export async function update(context: IdentityContext, actor: Person, body: Changes): Promise<User> {
  requireSession(actor);
  const person = await read(context, actor);
  const isNewAddress = body.email !== undefined && body.email !== person.email;
  // Whoever had that address would sign in by password where nobody else may: it is an administrator's to give.
  if (isNewAddress && context.onlyPasswordOf === body.email?.toLowerCase()) throw new Failure('EMAIL_TAKEN');
  if (body.newPassword !== undefined || isNewAddress)
    await checkCurrentPassword(context, actor, body.currentPassword, person.password_hash);
  if (body.newPassword !== undefined) checkNewPassword(body.newPassword, body.email ?? person.email);
  const newHash = body.newPassword === undefined ? undefined : await context.passwords.hash(body.newPassword);
  const work = (): Promise<User> =>
    context.db.withScope(scopeOf(actor), (tx) => write(context, tx, actor, { person, body, newHash }));
  const user = await translating(work, { unique: 'EMAIL_TAKEN' });
  context.cache.forget(actor.userId);
  return user;
}

async function read({ db }: IdentityContext, actor: Person): Promise<StoredPerson> {
  const row = await db.withScope(scopeOf(actor), (tx) =>
    tx.first(`SELECT ${USER_COLUMNS}, password_hash FROM users WHERE id = $1`, [actor.userId]),
  );
  if (row === undefined) throw new Failure('NOT_AUTHENTICATED');
  return row;
}

/** A stolen session guesses the password no faster than the sign-in page would. */
export async function checkCurrentPassword(
  { audit, limits, passwords }: IdentityContext,
  actor: Person,
  given: string | undefined,
  storedHash: string | null,
): Promise<void> {
  if (given === undefined) throw new Failure('WRONG_CURRENT_PASSWORD');
  const session = `session ${actor.via === 'session' ? actor.sessionId : ''}`;
  const attempt = await limits.begin({ account: `own password of ${actor.userId}`, ip: actor.ip, known: session });
  const isRight = await passwords
    .verify(given, storedHash ?? undefined, { lane: 'known', source: session })
    .catch(giveBack(attempt));
  if (!isRight) {
    await audit.note({ action: 'user.wrong-password', outcome: 'FAILURE', actor, entityType: 'user', entityId: actor.userId });
    throw new Failure('WRONG_CURRENT_PASSWORD');
  }
  await attempt.giveBack();
}

async function write(
  context: IdentityContext,
  tx: Tx,
  actor: Person,
  { person, body, newHash }: { readonly person: StoredPerson; readonly body: Changes; readonly newHash: string | undefined },
): Promise<User> {
  const { audit, clock } = context;
  const now = clock.now();
  const changed = OWN_FIELDS.filter((field) => body[field] !== undefined && body[field] !== toUser(person)[field]);
  const fields = newHash === undefined ? changed : [...changed, 'password' as const];
  if (fields.length === 0) return toUser(person);
  const still = await tx.first('SELECT id FROM users WHERE id = $1 AND password_hash IS NOT DISTINCT FROM $2::text FOR UPDATE', [
    person.id,
    person.password_hash,
  ]);
  if (still === undefined) throw new Failure('WRONG_CURRENT_PASSWORD');
  const values = Object.fromEntries(changed.map((field) => [USER_FIELDS[field], body[field] ?? null]));
  const user = await writeUser(
    tx,
    person.id,
    newHash === undefined ? values : { ...values, password_hash: newHash, password_is_first: false },
    now,
  );
  if (newHash !== undefined)
    await endAccess(context, tx, person.id, { actor, because: 'PASSWORD', keptSessionId: actor.sessionId });
  // What was sent to the old address opens nothing any more.
  if (changed.includes('email')) await withdrawLinks(tx, person.id);
  const details = { fields };
  await audit.record(tx, { action: 'user.profile-updated', actor, entityType: 'user', entityId: person.id, details });
  return user;
}
