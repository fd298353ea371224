import { randomBytes } from 'node:crypto';
import { notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/database.ts';
import { endAccess, lockAdministrators } from './access-ends.ts';
import type { IdentityContext } from './context.ts';
import { dropFactors, dropPasskeys } from './factor/factor-rows.ts';
import { checkNewPassword } from './password-policy.ts';

const DEFAULT_EMAIL = 'admin@negatoscope.local';

/** 120 random bits in five groups, easy to copy from a terminal. */
const generatePassword = (): string => (randomBytes(15).toString('hex').match(/.{6}/g) ?? []).join('-');

/**
 * Makes an administrator when there is no user at all, and gives back how to sign in: the only time that a generated password is seen.
 * The server's first start does it, no person acts. Fails with WEAK_PASSWORD or PASSWORD_TOO_LONG for a given one.
 */
export async function ensureFirst(
  context: IdentityContext,
  given: { email?: string | undefined; password?: string | undefined } = {},
): Promise<{ email: string; password: string } | undefined> {
  const isNeeded = await context.db.withSystem((tx) => tx.first('SELECT id FROM users LIMIT 1'));
  if (isNeeded !== undefined) return undefined;
  const { email = DEFAULT_EMAIL, password = generatePassword() } = given;
  // What a terminal has shown, and a log may have kept, is changed at the first sign-in.
  const isShown = given.password === undefined;
  checkNewPassword(password, email);
  const passwordHash = await context.passwords.hash(password);
  const isMade = await context.db.withSystem((tx) => insertFirst(context, tx, { email, passwordHash, isShown }));
  return isMade ? { email, password } : undefined;
}

/** False when somebody else was first. */
async function insertFirst(
  { audit, clock }: IdentityContext,
  tx: Tx,
  { email, passwordHash, isShown }: { readonly email: string; readonly passwordHash: string; readonly isShown: boolean },
): Promise<boolean> {
  await lockAdministrators(tx);
  if (await tx.first('SELECT id FROM users LIMIT 1')) return false;
  const id = newId();
  await tx.run(
    `INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, created_at, updated_at, password_is_first)
     VALUES ($1, $2, $3, 'Admin', 'Negatoscope', 'ADMIN', 'ADMIN', $4, $4, $5)`,
    [id, email, passwordHash, clock.now(), isShown],
  );
  const details = { role: 'ADMIN', level: 'ADMIN', status: 'ACTIVE' };
  await audit.record(tx, { action: 'user.created', actor: null, entityType: 'user', entityId: id, details });
  return true;
}

/**
 * Sets a password, generated when none is given, and ends the person's sessions, tokens and passkeys: what the command line does. Fails with
 * NOT_FOUND, WEAK_PASSWORD, PASSWORD_TOO_LONG.
 */
export async function resetPassword(
  context: IdentityContext,
  email: string,
  newPassword?: string,
): Promise<{ password: string }> {
  const { audit, cache, clock, db, passwords } = context;
  const password = newPassword ?? generatePassword();
  checkNewPassword(password, email);
  const passwordHash = await passwords.hash(password);
  const now = clock.now();
  const userId = await db.withSystem(async (tx) => {
    const row = await tx.first(
      'UPDATE users SET password_hash = $2, updated_at = $3, password_is_first = $4 WHERE email_key = lower($1) RETURNING id',
      [email.trim(), passwordHash, now, newPassword === undefined],
    );
    if (row === undefined) throw notFound();
    await endAccess(context, tx, row.id, { actor: null, because: 'PASSWORD' });
    await dropPasskeys(tx, row.id, now);
    await audit.record(tx, { action: 'user.password-reset', actor: null, entityType: 'user', entityId: row.id });
    return row.id;
  });
  cache.forget(userId);
  return { password };
}

/** Takes somebody's second factors off, passkeys too, and ends their sessions and tokens: what the command line does. Fails with NOT_FOUND. */
export async function resetFactor(context: IdentityContext, email: string): Promise<void> {
  const { audit, cache, clock, db } = context;
  const now = clock.now();
  const userId = await db.withSystem(async (tx) => {
    const row = await tx.first('UPDATE users SET factor_reset_at = $2 WHERE email_key = lower($1) RETURNING id', [
      email.trim(),
      now,
    ]);
    if (row === undefined) throw notFound();
    await dropFactors(tx, row.id);
    await endAccess(context, tx, row.id, { actor: null, because: 'FACTOR' });
    await audit.record(tx, { action: 'user.factor-reset', actor: null, entityType: 'user', entityId: row.id });
    return row.id;
  });
  cache.forget(userId);
}
