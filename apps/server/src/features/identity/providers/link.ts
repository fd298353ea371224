import type { PasskeyAssertion, PasskeyRequest } from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import { spendCode } from '../factor/codes.ts';
import { endPrevious, type NewSession, openSession, type SignInDevice } from '../opened-session.ts';
import type { Challenge, Challenges } from '../passkeys/challenges.ts';
import { holdOwner, noteUse } from '../passkeys/passkey-rows.ts';
import { mayUsePasskey } from '../passkeys/policy.ts';
import { requestOf } from '../passkeys/requests.ts';
import { readShown, refuse, requireParty, type Shown } from '../passkeys/show.ts';
import type { Reason } from '../passkeys/verify.ts';
import { holdCompared, mayUsePassword, openFailure, tryPassword } from '../sign-in.ts';
import type { Link } from './attempt.ts';

interface Joining {
  readonly carried: Link;
  readonly previous: string | undefined;
}
interface ByPassword extends Joining {
  readonly password: string;
  /** Of the account's second factor, where it has one. */
  readonly code: string | undefined;
}
interface ByPasskey extends Joining {
  readonly passkey: PasskeyAssertion;
  readonly challenge: Challenge | undefined;
}

/**
 * Joins the account of an address to who has come, by its password, and signs in. Every wrong password, suspended and deleted account answers the
 * same, braked as signing in is. Fails with PASSWORD_CHANGE_REQUIRED where the right password is a first one.
 */
export async function link(
  context: IdentityContext,
  { carried, password, code, previous }: ByPassword,
  device: SignInDevice,
): Promise<NewSession> {
  const { attempt, found, isRight } = await tryPassword(context, { email: carried.email, password }, device);
  const isOpen = isRight && found !== undefined && found.status === 'ACTIVE' && mayUsePassword(context, found.email_key);
  if (!isOpen) return openFailure(context, found?.id, device);
  await attempt.giveBack();
  // Somebody else knows it: it proves nothing until it was changed at signing in.
  if (found.password_is_first) throw new Failure('PASSWORD_CHANGE_REQUIRED');
  if (found.has_factor === true) {
    if (code === undefined) throw new Failure('SECOND_FACTOR_REQUIRED');
    await spendCode(context, { userId: found.id, code, ip: device.ip });
  }
  const session = await context.db.withSystem(async (tx) => {
    const same = await holdCompared(tx, found);
    return same && join(context, tx, carried, same.id, device);
  });
  if (session === undefined) return openFailure(context, found.id, device);
  await endPrevious(context, previous);
  return session;
}

/** The account is held by the caller. */
async function join(
  context: IdentityContext,
  tx: Tx,
  { issuer, subject, provider }: Link,
  userId: string,
  device: SignInDevice,
): Promise<NewSession | undefined> {
  const now = context.clock.now();
  const made = await tx.run(
    'INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [issuer, subject, userId, now],
  );
  if (made === 0) throw new Failure('PROVIDER_LINK_OVER');
  const details = { provider };
  await context.audit.record(tx, {
    action: 'user.linked',
    actor: null,
    ip: device.ip,
    entityType: 'user',
    entityId: userId,
    details,
  });
  return openSession(context, tx, { userId, way: { by: 'provider', provider } }, device);
}

/** Of one coming from a provider: a passkey that was asked for at another does not count. */
const comingOf = ({ issuer, subject }: Link): string => `${issuer} ${subject}`;

/** Whichever passkey the person has: it names no account, nor says whether one has any. Fails with PASSKEYS_UNAVAILABLE. */
export async function beginLink(
  context: IdentityContext,
  challenges: Challenges,
  carried: Link,
  reply: FastifyReply,
): Promise<PasskeyRequest> {
  const party = requireParty(context);
  const challenge = await challenges.put(reply, 'LINK', comingOf(carried));
  return requestOf(party, { challenge, allowCredentials: [], mustVerify: true });
}

/** The same as `link` by a passkey of the account that has the address. Fails with PASSKEY_REFUSED, PASSKEY_OVER, PASSKEYS_UNAVAILABLE, RATE_LIMITED. */
export async function linkByPasskey(
  context: IdentityContext,
  { carried, passkey, challenge, previous }: ByPasskey,
  device: SignInDevice,
): Promise<NewSession> {
  const step = 'LINK';
  const shown = await readShown(context, passkey, { step, of: comingOf(carried), challenge, ...device });
  const session = await context.db.withSystem((tx) => joinShown(context, tx, carried, shown, device));
  const { id: passkeyId, userId } = shown;
  if (typeof session === 'string') return refuse(context, { step, reason: session, ip: device.ip, userId, passkeyId });
  await shown.giveBack();
  await endPrevious(context, previous);
  return session;
}

async function joinShown(
  context: IdentityContext,
  tx: Tx,
  carried: Link,
  shown: Shown,
  device: SignInDevice,
): Promise<NewSession | Reason> {
  const owner = await holdOwner(tx, shown.userId);
  if (owner?.status !== 'ACTIVE') return 'SUSPENDED';
  if (owner.email_key !== carried.email.toLowerCase()) return 'OTHER_ACCOUNT';
  if (!mayUsePasskey(context, owner)) return 'AT_PROVIDER';
  const wrong = await noteUse(tx, shown, context.clock.now());
  if (wrong !== undefined) return wrong;
  return (await join(context, tx, carried, owner.id, device)) ?? 'SUSPENDED';
}
