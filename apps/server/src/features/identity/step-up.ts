import { type Person, scopeOf } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { IdentityContext } from './context.ts';

/** How long who has just shown who they are may do what is grave: a page that was left open does not. */
const PROOF_MS = 15 * 60_000;

/** Fails with PROOF_REQUIRED when the person of a session has not shown for a quarter of an hour who they are. Tokens were made by who had. */
export async function requireProof({ clock }: Pick<IdentityContext, 'clock'>, tx: Tx, actor: Person): Promise<void> {
  if (actor.via !== 'session') return;
  // One that has ended since the request came proves nothing: what it asked for would outlast what took it away.
  const session = await tx.first('SELECT proven_at FROM user_sessions WHERE id = $1 AND revoked_at IS NULL', [actor.sessionId]);
  const at = session?.proven_at?.getTime() ?? 0;
  if (clock.now().getTime() - at > PROOF_MS) throw new Failure('PROOF_REQUIRED');
}

export const requireProofNow = (context: IdentityContext, actor: Person): Promise<void> =>
  context.db.withScope(scopeOf(actor), (tx) => requireProof(context, tx, actor));

/** Notes by what the person of a session has just shown who they are. */
export async function noteProof(
  { audit, clock }: IdentityContext,
  tx: Tx,
  actor: Person,
  by: 'password' | 'factor' | 'passkey',
): Promise<void> {
  await tx.run('UPDATE user_sessions SET proven_at = $2 WHERE id = $1', [actor.sessionId, clock.now()]);
  await audit.record(tx, { action: 'auth.proven', actor, entityType: 'session', entityId: actor.sessionId, details: { by } });
}
