import type { KeyObject } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import { openSealed, seal } from '../../../kernel/sealing.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import { hashOfRecovery, isCode, newRecoveryCodes, stepOf } from './totp.ts';

type Site = Pick<IdentityContext, 'party' | 'onlyPasswordOf'>;

/**
 * What somebody has besides a password: since when an application, how many passkeys and recovery codes. A passkey that opens nothing is none: made for another
 * address of this server, or of who comes by an identity provider alone by now.
 */
export interface Factors {
  readonly confirmed_at: Date | null;
  readonly passkeys: number;
  readonly codes: number;
}

/** Whether the passkey `p` of the user `U` opens anything, as an SQL condition; `R` is this server's address for passkeys, `O` the one address whose password counts, each null for none. */
export const passkeyCounts = <const U extends string, const R extends string, const O extends string>(u: U, r: R, o: O) =>
  `(${r}::text IS NULL OR p.rp_id IS NULL OR p.rp_id = ${r})
          AND (NOT EXISTS (SELECT FROM user_identities i WHERE i.user_id = ${u}.id)
            OR (${u}.password_hash IS NOT NULL AND (${o}::text IS NULL OR ${u}.email_key = ${o})))` as const;

/** How many passkeys each of these people has that count; who has none is absent. */
export async function countPasskeys({ party, onlyPasswordOf }: Site, tx: Tx, ids: readonly string[]) {
  const rows = await tx.rows(
    `SELECT p.user_id, count(*)::int AS n FROM passkeys p JOIN users u ON u.id = p.user_id
     WHERE p.user_id = ANY($1::uuid[]) AND ${passkeyCounts('u', '$2', '$3')} GROUP BY p.user_id`,
    [ids, party?.rpId ?? null, onlyPasswordOf ?? null],
  );
  return new Map(rows.map(({ user_id: id, n }) => [id, n ?? 0]));
}

export async function findFactors({ party, onlyPasswordOf }: Site, tx: Tx, userId: string): Promise<Factors> {
  const found = await tx.first(
    `SELECT (SELECT f.confirmed_at FROM second_factors f WHERE f.user_id = $1) AS confirmed_at,
       (SELECT count(*)::int FROM passkeys p JOIN users u ON u.id = p.user_id WHERE p.user_id = $1
          AND ${passkeyCounts('u', '$2', '$3')}) AS passkeys,
       (SELECT count(*)::int FROM recovery_codes r WHERE r.user_id = $1) AS codes`,
    [userId, party?.rpId ?? null, onlyPasswordOf ?? null],
  );
  return { confirmed_at: found?.confirmed_at ?? null, passkeys: found?.passkeys ?? 0, codes: found?.codes ?? 0 };
}

export const hasFactor = ({ confirmed_at: since, passkeys }: Factors): boolean => since !== null || passkeys > 0;

/**
 * Uses a code of somebody's application up: each step counts once, whichever process is asked. Fails with SECOND_FACTOR_LOST where the server's key
 * is another than the secret was sealed with; recovery codes, which need no key, are none of these.
 */
export async function useCode(
  tx: Tx,
  key: KeyObject,
  { userId, code, now }: { readonly userId: string; readonly code: string; readonly now: Date },
): Promise<boolean> {
  if (!isCode(code)) return false;
  const row = await tx.first('SELECT secret, last_step FROM second_factors WHERE user_id = $1 FOR UPDATE', [userId]);
  if (row === undefined) return false;
  const secret = openSealed(key, row.secret, userId);
  if (secret === undefined) throw new Failure('SECOND_FACTOR_LOST');
  const step = stepOf(secret, code, now);
  if (step === undefined || step <= Number(row.last_step)) return false;
  await tx.run('UPDATE second_factors SET last_step = $2 WHERE user_id = $1', [userId, step]);
  return true;
}

export const useRecoveryCode = async (tx: Tx, userId: string, code: string): Promise<boolean> =>
  (await tx.run('DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2', [userId, hashOfRecovery(code)])) === 1;

/** They stand in for a factor: without one they open nothing. */
export const dropRecoveryCodes = (tx: Tx, userId: string): Promise<number> =>
  tx.run('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);

/** Ten new codes in place of those that are left; they are in this answer only. */
export async function replaceRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await dropRecoveryCodes(tx, userId);
  await tx.run('INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, hash FROM unnest($2::bytea[]) AS c (hash)', [
    userId,
    codes.map(hashOfRecovery),
  ]);
  return codes;
}

/** Keeps a factor whose application has answered with the code of this step; gives its recovery codes. */
export async function keepFactor(
  tx: Tx,
  key: KeyObject,
  { userId, secret, step, now }: { readonly userId: string; readonly secret: Buffer; readonly step: number; readonly now: Date },
): Promise<string[]> {
  await tx.run(
    `INSERT INTO second_factors (user_id, secret, last_step, confirmed_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id) DO UPDATE
       SET secret = excluded.secret, last_step = excluded.last_step, confirmed_at = excluded.confirmed_at`,
    [userId, seal(key, secret, userId), step, now],
  );
  await tx.run('UPDATE users SET factor_reset_at = NULL WHERE id = $1', [userId]);
  return replaceRecoveryCodes(tx, userId);
}

/** Takes the application off; passkeys stay. */
export const dropApplication = async (tx: Tx, userId: string): Promise<boolean> =>
  (await tx.run('DELETE FROM second_factors WHERE user_id = $1', [userId])) === 1;

/** Takes somebody's passkeys off, and the codes that stand in for them: an account that somebody else may have opened may have theirs. Its owner reads of it in the profile. */
export async function dropPasskeys(tx: Tx, userId: string, now: Date): Promise<number> {
  const passkeys = await tx.run('DELETE FROM passkeys WHERE user_id = $1', [userId]);
  if (passkeys === 0) return 0;
  const application = await tx.first('SELECT user_id FROM second_factors WHERE user_id = $1', [userId]);
  if (application === undefined) await dropRecoveryCodes(tx, userId);
  await tx.run('UPDATE users SET factor_reset_at = $2 WHERE id = $1', [userId, now]);
  return passkeys;
}

/** Takes everything off that somebody has besides a password; false when there was nothing. */
export async function dropFactors(tx: Tx, userId: string): Promise<boolean> {
  const hadApplication = await dropApplication(tx, userId);
  const passkeys = await tx.run('DELETE FROM passkeys WHERE user_id = $1', [userId]);
  await dropRecoveryCodes(tx, userId);
  return hadApplication || passkeys > 0;
}
