import { Failure } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import { useCode, useRecoveryCode } from './factor-rows.ts';
import { isCode } from './totp.ts';

export type Factor = 'TOTP' | 'RECOVERY_CODE';
interface Given {
  readonly userId: string;
  readonly code: string;
  readonly ip: string;
}

/**
 * Counts a try of somebody's codes, for all processes: of a million codes five are tried in a quarter of an hour. Recovery codes, which nobody guesses, are
 * counted apart, so that who has the password does not lock its owner out. Gives what takes it back.
 */
export async function countTry({ factorTries }: IdentityContext, { userId, code }: Given): Promise<() => Promise<void>> {
  const key = `${isCode(code) ? 'code' : 'recovery'} ${userId}`;
  const waitMs = await factorTries.take(key);
  if (waitMs > 0) throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  return () => factorTries.giveBack(key);
}

/** Uses a code up; undefined for one that is wrong or was used. The person is held by the caller. */
export async function useFactor(context: IdentityContext, tx: Tx, { userId, code }: Given): Promise<Factor | undefined> {
  const now = context.clock.now();
  if (await useCode(tx, context.factorKey, { userId, code, now })) return 'TOTP';
  return (await useRecoveryCode(tx, userId, code)) ? 'RECOVERY_CODE' : undefined;
}

/** Spends a code apart from anything else. Fails with SECOND_FACTOR_WRONG, SECOND_FACTOR_LOST, RATE_LIMITED. */
export async function spendCode(context: IdentityContext, tried: Given): Promise<void> {
  const giveBack = await countTry(context, tried);
  const factor = await noteLost(context, tried, () => context.db.withSystem((tx) => useFactor(context, tx, tried)));
  if (factor === undefined) return refuseCode(context, tried);
  await giveBack();
}

/** What uses a code up; that the server can't open the secret any more is noted as a wrong code is. */
export async function noteLost<T>(context: IdentityContext, tried: Omit<Given, 'code'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure && error.code === 'SECOND_FACTOR_LOST') await noteFailed(context, tried);
    throw error;
  }
}

const noteFailed = ({ audit }: IdentityContext, { userId, ip }: Omit<Given, 'code'>): Promise<void> =>
  audit.note({ action: 'auth.factor-failed', outcome: 'FAILURE', actor: null, ip, entityType: 'user', entityId: userId });

export async function refuseCode(context: IdentityContext, tried: Omit<Given, 'code'>): Promise<never> {
  await noteFailed(context, tried);
  throw new Failure('SECOND_FACTOR_WRONG');
}
