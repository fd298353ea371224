import { randomBytes } from 'node:crypto';
import { notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import { endAccess, lockAdministrators } from './access-ends.ts';
import type { IdentityContext } from './context.ts';
import { checkNewPassword } from './password-policy.ts';

const DEFAULT_EMAIL = 'admin@negatoscope.local';

/** 120 random bits in five groups, easy to copy from a terminal. */
const generatePassword = (): string => (randomBytes(15).toString('hex').match(/.{6}/g) ?? []).join('-');

/** What the server's own command line and first start do; no person acts. */
export function createAdministrator({ db, audit, cache, clock, passwords }: IdentityContext) {
  return {
    /**
     * Makes an administrator when there is no user at all, and gives back how to sign in: the only time that a generated password
     * is seen. Fails with WEAK_PASSWORD or PASSWORD_TOO_LONG for a given one.
     */
    ensureFirst: async (given: { email?: string | undefined; password?: string | undefined } = {}) => {
      const isNeeded = await db.withSystem((tx) => tx.first('SELECT id FROM users LIMIT 1'));
      if (isNeeded !== undefined) return undefined;
      const { email = DEFAULT_EMAIL, password = generatePassword() } = given;
      checkNewPassword(password, email);
      const passwordHash = await passwords.hash(password);
      return db.withSystem(async (tx) => {
        await lockAdministrators(tx);
        if (await tx.first('SELECT id FROM users LIMIT 1')) return undefined;
        const id = newId();
        await tx.run(
          `INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, created_at, updated_at)
           VALUES ($1, $2, $3, 'Admin', 'Negatoscope', 'ADMIN', 'ADMIN', $4, $4)`,
          [id, email, passwordHash, clock.now()],
        );
        const details = { role: 'ADMIN', level: 'ADMIN', status: 'ACTIVE' };
        await audit.record(tx, { action: 'user.created', actor: null, entityType: 'user', entityId: id, details });
        return { email, password };
      });
    },

    /** Sets a password, generated when none is given, and ends the person's sessions and tokens. Fails with NOT_FOUND and as above. */
    resetPassword: async (email: string, newPassword?: string): Promise<{ password: string }> => {
      const password = newPassword ?? generatePassword();
      checkNewPassword(password, email);
      const passwordHash = await passwords.hash(password);
      const now = clock.now();
      const userId = await db.withSystem(async (tx) => {
        const row = await tx.first(
          'UPDATE users SET password_hash = $2, updated_at = $3 WHERE email_key = lower($1) RETURNING id',
          [email.trim(), passwordHash, now],
        );
        if (row === undefined) throw notFound();
        await endAccess(tx, row.id, now);
        await audit.record(tx, { action: 'user.password-reset', actor: null, entityType: 'user', entityId: row.id });
        return row.id;
      });
      cache.forget(userId);
      return { password };
    },
  };
}
