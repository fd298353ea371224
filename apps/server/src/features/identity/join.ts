import type { BodyOf, joinUser, ManagedUser } from '@negatoscope/contract';
import { isWaiting } from '@negatoscope/contract/user-filters';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import { lockAdministrators } from './access-ends.ts';
import type { IdentityContext } from './context.ts';
import { joinedMail } from './join-mail.ts';
import { readManaged } from './managed-users.ts';
import { requireProof } from './step-up.ts';
import { tellByMail } from './told-by-mail.ts';
import { mayManage } from './users-policy.ts';

type Joining = BodyOf<typeof joinUser> & { readonly id: string };

/**
 * Gives the identity of who waits to the account that they have already, and removes the waiting one, which nobody was ever signed in to. The
 * administrator vouches that both are one person, as the account's password would: nothing that the provider says of them does. Permission:
 * `users.manage`. Fails with NOT_FOUND, FORBIDDEN through a token and for one's own account, PROOF_REQUIRED, ACCOUNT_NOT_WAITING, ACCOUNT_NOT_OPEN.
 */
export async function join(context: IdentityContext, actor: Person, given: Joining): Promise<ManagedUser> {
  requirePermission(actor, 'users.manage');
  // Nobody sits at a token who could show who they are; one's own account is joined by its own password.
  if (actor.via !== 'session' || given.into === actor.userId) throw new Failure('FORBIDDEN');
  const user = await context.db.withScope(scopeOf(actor), (tx) => joinIn(context, tx, actor, given));
  context.cache.forget(given.id);
  tellByMail(context, joinedMail(user, context.site), 'an account that was joined to a provider');
  return user;
}

async function joinIn(
  context: IdentityContext,
  tx: Tx,
  actor: Person,
  { id, into, issuer, subject }: Joining,
): Promise<ManagedUser> {
  // One administrator after the other, also with those who change the same two.
  await lockAdministrators(tx);
  await tx.rows('SELECT id FROM users WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [[id, into]]);
  const [from, to] = [await readManaged(context, tx, id), await readManaged(context, tx, into)];
  if (!mayManage(actor, from) || !mayManage(actor, to)) throw new Failure('FORBIDDEN');
  await requireProof(context, tx, actor);
  const [identity, ...others] = from.identities;
  const isSeen = identity?.issuer === issuer && identity.subject === subject && others.length === 0;
  if (!isWaiting(from) || !isSeen) throw new Failure('ACCOUNT_NOT_WAITING');
  if (to.status !== 'ACTIVE') throw new Failure('ACCOUNT_NOT_OPEN');
  const now = context.clock.now();
  await tx.run('UPDATE user_identities SET user_id = $3, linked_at = $4 WHERE issuer = $1 AND subject = $2', [
    ...([issuer, subject, into, now] as const),
  ]);
  await tx.run('DELETE FROM users WHERE id = $1', [id]);
  const provider = identity.provider ?? issuer;
  await context.audit.recordAll(tx, [
    { action: 'user.joined', actor, entityType: 'user', entityId: into, groupId: to.groupId, details: { provider, from: id } },
    { action: 'user.deleted', actor, entityType: 'user', entityId: id, groupId: from.groupId, details: { into } },
  ]);
  return readManaged(context, tx, into);
}
