import type { NewFactor } from '@negatoscope/contract';
import { Failure } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import { endPrevious, type NewSession, type SignInDevice } from '../opened-session.ts';
import { holdCompared, newHashOf, openByPassword, printOf } from '../sign-in.ts';
import type { Carried, Half } from './carried.ts';
import { countTry, type Factor, noteLost, refuseCode, useFactor } from './codes.ts';
import { findFactors, hasFactor, keepFactor } from './factor-rows.ts';
import { describe, newSecret, stepOf } from './totp.ts';

interface Step {
  readonly code: string;
  readonly newPassword?: string | undefined;
}

/** Whose password was right, as it still is. Fails with SECOND_FACTOR_OVER. */
export async function personOf({ db }: IdentityContext, half: Half | undefined, step: Half['step']) {
  if (half === undefined || half.step !== step) throw new Failure('SECOND_FACTOR_OVER');
  const row = await db.withSystem((tx) =>
    tx.first("SELECT id, email, password_hash, password_is_first FROM users WHERE id = $1 AND status = 'ACTIVE'", [half.userId]),
  );
  if (row === undefined || printOf(row.password_hash) !== half.print) throw new Failure('SECOND_FACTOR_OVER');
  return row;
}

/**
 * Signs in who has shown a password before, by a code that counts once. Fails with SECOND_FACTOR_WRONG, SECOND_FACTOR_LOST, SECOND_FACTOR_OVER,
 * RATE_LIMITED, and as a first password is changed.
 */
export async function prove(
  context: IdentityContext,
  half: Half | undefined,
  given: Step,
  device: SignInDevice,
): Promise<NewSession> {
  const person = await personOf(context, half, 'PROVE');
  const newHash = await newHashOf(context, person, given.newPassword);
  const tried = { userId: person.id, code: given.code, ip: device.ip };
  const giveBack = await countTry(context, tried);
  const session = await noteLost(context, tried, () =>
    context.db.withSystem(async (tx) => {
      const factor = await useFactor(context, tx, tried);
      return factor && enter(context, tx, { ...person, newHash }, factor, device);
    }),
  );
  if (session === undefined) return refuseCode(context, tried);
  await giveBack();
  await endPrevious(context, half?.previous);
  return session;
}

function enter(
  context: IdentityContext,
  tx: Tx,
  compared: Parameters<typeof openByPassword>[2],
  factor: Factor,
  device: SignInDevice,
): Promise<NewSession | undefined> {
  return openByPassword(context, tx, compared, { by: 'password', factor }, device);
}

export async function beginFor(
  { site }: Pick<IdentityContext, 'site'>,
  carried: Carried,
  { id, email }: { readonly id: string; readonly email: string },
): Promise<NewFactor> {
  const secret = newSecret();
  const token = await carried.sealPending({ kind: 'pending', userId: id, secret: secret.toString('base64url') });
  return { ...describe(secret, site, email), token };
}

export async function beginRequired(context: IdentityContext, carried: Carried, half: Half | undefined): Promise<NewFactor> {
  return beginFor(context, carried, await personOf(context, half, 'SET_UP'));
}

/** The secret that a person was shown, and the step that their application is at. Fails with SECOND_FACTOR_OVER, SECOND_FACTOR_WRONG, RATE_LIMITED. */
export async function answered(
  context: IdentityContext,
  carried: Carried,
  { userId, token, code, ip }: { readonly userId: string; readonly token: string; readonly code: string; readonly ip: string },
): Promise<{ readonly secret: Buffer; readonly step: number }> {
  const pending = await carried.pending(token);
  if (pending?.userId !== userId) throw new Failure('SECOND_FACTOR_OVER');
  const giveBack = await countTry(context, { userId, code, ip });
  const secret = Buffer.from(pending.secret, 'base64url');
  const step = stepOf(secret, code, context.clock.now());
  if (step === undefined) return refuseCode(context, { userId, ip });
  await giveBack();
  return { secret, step };
}

/** Keeps the factor that somebody's role asks for, and signs in. Fails with SECOND_FACTOR_WRONG, SECOND_FACTOR_OVER, RATE_LIMITED. */
export async function confirmRequired(
  context: IdentityContext,
  carried: Carried,
  half: Half | undefined,
  given: Step & { readonly token: string },
  device: SignInDevice,
): Promise<{ readonly session: NewSession; readonly recoveryCodes: string[] }> {
  const person = await personOf(context, half, 'SET_UP');
  const newHash = await newHashOf(context, person, given.newPassword);
  const userId = person.id;
  const { secret, step } = await answered(context, carried, { userId, token: given.token, code: given.code, ip: device.ip });
  const done = await context.db.withSystem(async (tx) => {
    // Held first; set up meanwhile, by another page: that one counts.
    if ((await holdCompared(tx, person)) === undefined || hasFactor(await findFactors(context, tx, userId))) return undefined;
    const session = await enter(context, tx, { ...person, newHash }, 'TOTP', device);
    if (session === undefined) return undefined;
    const recoveryCodes = await keepFactor(tx, context.factorKey, { userId, secret, step, now: context.clock.now() });
    await context.audit.record(tx, {
      ...{
        action: 'user.factor-set',
        actor: null,
        ip: device.ip,
        entityType: 'user',
        entityId: userId,
        details: { by: 'REQUIRED' },
      },
    });
    return { session, recoveryCodes };
  });
  if (done === undefined) throw new Failure('SECOND_FACTOR_OVER');
  await endPrevious(context, half?.previous);
  return done;
}
