import type { PasskeyAssertion, PasskeyRequest } from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import type { Half } from '../factor/carried.ts';
import { findFactors } from '../factor/factor-rows.ts';
import { personOf } from '../factor/second-step.ts';
import { endPrevious, type NewSession, openSession, type SignInDevice } from '../opened-session.ts';
import { holdCompared, newHashOf, openByPassword } from '../sign-in.ts';
import type { Challenge, Challenges } from './challenges.ts';
import { credentialsOf, holdOwner, noteUse } from './passkey-rows.ts';
import { mayUsePasskey } from './policy.ts';
import { requestOf } from './requests.ts';
import { readShown, refuse, requireParty, type Shown } from './show.ts';
import type { Reason } from './verify.ts';

/** Fails with PASSKEYS_UNAVAILABLE. It names nobody, so that nobody learns who has an account. */
export async function beginSignIn(
  context: IdentityContext,
  challenges: Challenges,
  reply: FastifyReply,
): Promise<PasskeyRequest> {
  const party = requireParty(context);
  return requestOf(party, { challenge: await challenges.put(reply, 'SIGN_IN'), allowCredentials: [], mustVerify: true });
}

/** Signs in by a passkey alone, which has verified its person: two factors in one. Fails with PASSKEY_REFUSED, PASSKEY_OVER, RATE_LIMITED. */
export async function signIn(
  context: IdentityContext,
  {
    challenge,
    passkey,
    previous,
  }: {
    readonly challenge: Challenge | undefined;
    readonly passkey: PasskeyAssertion;
    readonly previous: string | undefined;
  },
  device: SignInDevice,
): Promise<NewSession> {
  const step = 'SIGN_IN';
  const shown = await readShown(context, passkey, { step, challenge, ...device });
  const session = await context.db.withSystem((tx) => open(context, tx, shown, device));
  const { id: passkeyId, userId } = shown;
  if (typeof session === 'string') return refuse(context, { step, reason: session, ip: device.ip, userId, passkeyId });
  await shown.giveBack();
  await endPrevious(context, previous);
  return session;
}

async function open(context: IdentityContext, tx: Tx, shown: Shown, device: SignInDevice): Promise<NewSession | Reason> {
  const owner = await holdOwner(tx, shown.userId);
  if (owner?.status !== 'ACTIVE') return 'SUSPENDED';
  if (!mayUsePasskey(context, owner)) return 'AT_PROVIDER';
  const wrong = await noteUse(tx, shown, context.clock.now());
  if (wrong !== undefined) return wrong;
  return (await openSession(context, tx, { userId: owner.id, way: { by: 'passkey' } }, device)) ?? 'SUSPENDED';
}

/** Of one right password: a passkey that another attempt was asked for does not count. */
const attemptOf = (half: Half | undefined): string => `${half?.userId} ${half?.print}`;

/** Fails with SECOND_FACTOR_OVER, PASSKEYS_UNAVAILABLE. */
export async function beginSecond(
  context: IdentityContext,
  challenges: Challenges,
  half: Half | undefined,
  reply: FastifyReply,
): Promise<PasskeyRequest & { readonly hasApplication: boolean }> {
  const { id } = await personOf(context, half, 'PROVE');
  const party = requireParty(context);
  const [factors, allowCredentials] = await context.db.withSystem(async (tx) => [
    await findFactors(context, tx, id),
    await credentialsOf(tx, id, party),
  ]);
  const challenge = await challenges.put(reply, 'SECOND', attemptOf(half));
  return {
    ...requestOf(party, { challenge, allowCredentials, mustVerify: false }),
    hasApplication: factors.confirmed_at !== null,
  };
}

/** Signs in who has shown a password before, by a passkey. Fails with PASSKEY_REFUSED, PASSKEY_OVER, SECOND_FACTOR_OVER, RATE_LIMITED, and as a first password is changed. */
export async function proveByPasskey(
  context: IdentityContext,
  half: Half | undefined,
  {
    challenge,
    passkey,
    newPassword,
  }: {
    readonly challenge: Challenge | undefined;
    readonly passkey: PasskeyAssertion;
    readonly newPassword: string | undefined;
  },
  device: SignInDevice,
): Promise<NewSession> {
  const person = await personOf(context, half, 'PROVE');
  const newHash = await newHashOf(context, person, newPassword);
  const step = 'SECOND';
  const asked = { step, of: attemptOf(half), challenge, ...device } as const;
  const shown = await readShown(context, passkey, asked, person.id);
  const session = await context.db.withSystem(async (tx) => {
    if ((await holdCompared(tx, person)) === undefined) return undefined;
    const wrong = await noteUse(tx, shown, context.clock.now());
    return wrong ?? openByPassword(context, tx, { ...person, newHash }, { by: 'password', factor: 'PASSKEY' }, device);
  });
  if (typeof session === 'string')
    return refuse(context, { step, reason: session, ip: device.ip, userId: person.id, passkeyId: shown.id });
  if (session === undefined) throw new Failure('SECOND_FACTOR_OVER');
  await shown.giveBack();
  await endPrevious(context, half?.previous);
  return session;
}
