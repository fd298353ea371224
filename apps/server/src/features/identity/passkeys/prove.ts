import type { PasskeyAssertion } from '@negatoscope/contract';
import { type Person, requireSession, scopeOf } from '../../../access/index.ts';
import type { IdentityContext } from '../context.ts';
import { noteProof } from '../step-up.ts';
import type { Challenge } from './challenges.ts';
import { holdOwner, noteUse } from './passkey-rows.ts';
import { mayUsePasskey } from './policy.ts';
import { readShown, refuse } from './show.ts';

/** Fails with PASSKEY_REFUSED, PASSKEY_OVER, PASSKEYS_UNAVAILABLE, RATE_LIMITED. */
export async function proveByPasskey(
  context: IdentityContext,
  actor: Person,
  passkey: PasskeyAssertion,
  challenge: Challenge | undefined,
): Promise<void> {
  requireSession(actor);
  const { ip, userId } = actor;
  const step = 'PROOF';
  const shown = await readShown(context, passkey, { step, of: actor.sessionId, challenge, ip, actor }, userId);
  const wrong = await context.db.withScope(scopeOf(actor), async (tx) => {
    // One of before stands for nobody who comes by an identity provider alone by now: it would outlast what that one says.
    const owner = await holdOwner(tx, userId);
    if (owner === undefined || !mayUsePasskey(context, owner)) return 'AT_PROVIDER';
    const reason = await noteUse(tx, shown, context.clock.now());
    if (reason === undefined) await noteProof(context, tx, actor, 'passkey');
    return reason;
  });
  if (wrong !== undefined) return refuse(context, { step, reason: wrong, ip, actor, userId, passkeyId: shown.id });
  await shown.giveBack();
}
