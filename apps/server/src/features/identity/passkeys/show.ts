import type { PasskeyAssertion } from '@negatoscope/contract';
import type { Person } from '../../../access/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { IdentityContext } from '../context.ts';
import { networkOf } from '../network.ts';
import { takeTry } from '../tries.ts';
import { useOnce } from '../used-once.ts';
import { CHALLENGE_SECONDS, type Challenge, type Step } from './challenges.ts';
import type { Party } from './party.ts';
import { findCredential } from './passkey-rows.ts';
import { type Reason, type ShownKey, verifyShown } from './verify.ts';

/** Fails with PASSKEYS_UNAVAILABLE. */
export function requireParty({ party }: IdentityContext): Party {
  if (party === undefined) throw new Failure('PASSKEYS_UNAVAILABLE');
  return party;
}

/** What a browser was asked, by which step of what, and from where it answers. */
interface Answered {
  readonly step: Step;
  /** The session or half session. */
  readonly of?: string;
  readonly challenge: Challenge | undefined;
  readonly ip: string;
  /** What the browser is known by. */
  readonly device?: string | undefined;
  readonly actor?: Person | undefined;
}

interface Refused {
  readonly step: Step;
  readonly reason: Reason;
  readonly ip: string;
  readonly actor?: Person | undefined;
  readonly userId?: string | undefined;
  /** Which of theirs: a copy is one that they take off. */
  readonly passkeyId?: string | undefined;
}

/** The one answer to every passkey that does not count; the journal knows why. */
export async function refuse({ audit }: IdentityContext, refused: Refused): Promise<never> {
  const { step, reason, ip, actor, userId, passkeyId } = refused;
  const entity = userId === undefined ? {} : { entityType: 'user', entityId: userId };
  const details = { way: 'passkey', step, reason, ...(passkeyId === undefined ? {} : { passkeyId }) };
  await audit.note({ action: 'auth.passkey-refused', outcome: 'FAILURE', actor: actor ?? null, ip, ...entity, details });
  throw new Failure(reason === 'OVER' || reason === 'REPLAYED' ? 'PASSKEY_OVER' : 'PASSKEY_REFUSED');
}

/**
 * Counts an answer of a network, which leaves an event when it is refused; gives what takes it back. Nobody guesses a signature: this holds floods. Who is signed
 * in, or in a browser that is known here, has some answers of their own, which no neighbour behind the same address uses up. Fails with RATE_LIMITED.
 */
export async function brake(
  { passkeyTries, places }: IdentityContext,
  { ip, device, actor }: Pick<Answered, 'ip' | 'device' | 'actor'>,
): Promise<() => Promise<void>> {
  const taken = await takeTry(passkeyTries, networkOf(ip), () =>
    actor === undefined ? places.knownBrowser(device) : `person ${actor.userId}`,
  );
  if ('waitMs' in taken) throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(taken.waitMs / 1000) });
  return taken.giveBack;
}

/** Uses the challenge up that this browser was given for this step; fails with PASSKEY_OVER for any other. */
export async function useChallenge(context: IdentityContext, answered: Answered): Promise<string> {
  const { challenge: given, step, of = '', ip, actor } = answered;
  if (given?.step !== step || given.of !== of) return refuse(context, { step, reason: 'OVER', ip, actor });
  const { clock, db } = context;
  const isFirst = await db.withSystem((tx) => useOnce(tx, `passkey ${given.challenge}`, clock.now(), CHALLENGE_SECONDS));
  return isFirst ? given.challenge : refuse(context, { step, reason: 'REPLAYED', ip, actor });
}

export interface Shown extends ShownKey {
  readonly id: string;
  readonly userId: string;
  readonly rpId: string;
  /** Once what it is shown for has happened: who comes in is no flood. */
  readonly giveBack: () => Promise<void>;
}

/**
 * A registered passkey that has signed what this browser was asked; its use is still to be noted (`noteUse`). `owner`: whose it must be. Fails with
 * PASSKEY_REFUSED for each that is not right, known or not in the same time, with PASSKEY_OVER, RATE_LIMITED, PASSKEYS_UNAVAILABLE.
 */
export async function readShown(
  context: IdentityContext,
  passkey: PasskeyAssertion,
  answered: Answered,
  owner?: string,
): Promise<Shown> {
  const party = requireParty(context);
  const giveBack = await brake(context, answered);
  const challenge = await useChallenge(context, answered);
  const { step, ip, actor } = answered;
  const row = await context.db.withSystem((tx) => findCredential(tx, passkey.id));
  // After a password it is the second factor; otherwise it stands for its person alone.
  const shown = await verifyShown(passkey, row?.public_key, { party, challenge, mustVerify: step !== 'SECOND' });
  const told = { step, ip, actor, userId: row?.user_id, passkeyId: row?.id };
  if (row === undefined || typeof shown === 'string')
    return refuse(context, { ...told, reason: typeof shown === 'string' ? shown : 'UNKNOWN' });
  if (row.user_id !== (owner ?? ownerIn(passkey))) return refuse(context, { ...told, reason: 'OTHER_ACCOUNT' });
  return { ...shown, id: row.id, userId: row.user_id, rpId: party.rpId, giveBack };
}

/** The account that an authenticator says a passkey is of. */
const ownerIn = ({ userHandle }: PasskeyAssertion): string | undefined => {
  const hex = Buffer.from(userHandle ?? '', 'base64url').toString('hex');
  return /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex)?.slice(1).join('-');
};
/** An account's id as authenticators keep it: it names nobody. */
export const handleOf = (userId: string): string => Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
