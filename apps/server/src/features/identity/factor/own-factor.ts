import type { BodyOf, confirmFactor, NewFactor, ownFactor, proveAgain, ResultOf } from '@negatoscope/contract';
import { type Person, requirePermission, requireSession, scopeOf } from '../../../access/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { endAccess } from '../access-ends.ts';
import type { IdentityContext } from '../context.ts';
import { checkCurrentPassword } from '../profile.ts';
import { noteProof, requireProof, requireProofNow } from '../step-up.ts';
import { tellByMail } from '../told-by-mail.ts';
import { holdUser, toUser, USER_COLUMNS } from '../user-rows.ts';
import { mayManage } from '../users-policy.ts';
import type { Carried } from './carried.ts';
import { spendCode } from './codes.ts';
import {
  dropApplication,
  dropFactors,
  dropRecoveryCodes,
  type Factors,
  findFactors,
  hasFactor,
  keepFactor,
  replaceRecoveryCodes,
} from './factor-rows.ts';
import { factorResetMail } from './mail-texts.ts';
import { answered, beginFor } from './second-step.ts';

async function read(context: IdentityContext, actor: Person) {
  const [user, factors] = await context.db.withScope(scopeOf(actor), async (tx) => [
    await tx.first('SELECT id, email, password_hash, factor_reset_at FROM users WHERE id = $1', [actor.userId]),
    await findFactors(context, tx, actor.userId),
  ]);
  if (user === undefined) throw new Failure('NOT_AUTHENTICATED');
  return { user, factors };
}

/** Permission, of all here but `reset`: signed in, through a session. */
export async function get(context: IdentityContext, actor: Person): Promise<ResultOf<typeof ownFactor>> {
  requireSession(actor);
  const { user, factors } = await read(context, actor);
  return {
    since: factors.confirmed_at?.toISOString() ?? null,
    passkeys: factors.passkeys,
    recoveryCodesLeft: factors.codes,
    isRequired: context.factorRoles.has(actor.role),
    resetAt: user.factor_reset_at?.toISOString() ?? null,
    proofs: proofsOf(context, factors, user.password_hash),
  };
}

/** By a factor where there is one, a recovery code at worst; by password otherwise. */
function proofsOf(
  { party }: IdentityContext,
  factors: Factors,
  passwordHash: string | null,
): ResultOf<typeof ownFactor>['proofs'] {
  if (!hasFactor(factors)) return passwordHash === null ? [] : ['PASSWORD'];
  const byPasskey = factors.passkeys > 0 && party !== undefined;
  const byCode = factors.confirmed_at !== null || factors.codes > 0;
  return [...(byPasskey ? (['PASSKEY'] as const) : []), ...(byCode ? (['CODE'] as const) : [])];
}

/** Fails with PROOF_REQUIRED: who finds a page open does not make its owner's account their own. */
export async function begin(context: IdentityContext, carried: Carried, actor: Person): Promise<NewFactor> {
  requireSession(actor);
  await requireProofNow(context, actor);
  return beginFor(context, carried, (await read(context, actor)).user);
}

/** Fails with PROOF_REQUIRED, SECOND_FACTOR_WRONG, SECOND_FACTOR_OVER, RATE_LIMITED. */
export async function confirm(
  context: IdentityContext,
  carried: Carried,
  actor: Person,
  { token, code }: BodyOf<typeof confirmFactor>,
): Promise<{ recoveryCodes: string[] }> {
  requireSession(actor);
  await requireProofNow(context, actor);
  const { userId, ip } = actor;
  const { secret, step } = await answered(context, carried, { userId, token, code, ip });
  const recoveryCodes = await context.db.withScope(scopeOf(actor), async (tx) => {
    // Held: whoever takes everything off meanwhile has ended this session.
    await holdUser(tx, userId);
    await requireProof(context, tx, actor);
    const kept = await keepFactor(tx, context.factorKey, { userId, secret, step, now: context.clock.now() });
    await context.audit.record(tx, { action: 'user.factor-set', actor, entityType: 'user', entityId: userId });
    return kept;
  });
  return { recoveryCodes };
}

/** Takes one's application off; recovery codes stay with passkeys. Fails with PROOF_REQUIRED, LAST_FACTOR where one's role asks for one. */
export async function remove(context: IdentityContext, actor: Person): Promise<void> {
  requireSession(actor);
  await context.db.withScope(scopeOf(actor), async (tx) => {
    // Held: no other page removes the last passkey meanwhile.
    await holdUser(tx, actor.userId);
    const { passkeys } = await findFactors(context, tx, actor.userId);
    if (passkeys === 0 && context.factorRoles.has(actor.role)) throw new Failure('LAST_FACTOR');
    await requireProof(context, tx, actor);
    if (!(await dropApplication(tx, actor.userId))) return;
    if (passkeys === 0) await dropRecoveryCodes(tx, actor.userId);
    await context.audit.record(tx, { action: 'user.factor-removed', actor, entityType: 'user', entityId: actor.userId });
  });
}

/** Fails with PROOF_REQUIRED, CONFLICT without a factor. */
export async function renewCodes(context: IdentityContext, actor: Person): Promise<{ recoveryCodes: string[] }> {
  requireSession(actor);
  return context.db.withScope(scopeOf(actor), async (tx) => {
    await requireProof(context, tx, actor);
    if (!hasFactor(await findFactors(context, tx, actor.userId))) throw new Failure('CONFLICT');
    const recoveryCodes = await replaceRecoveryCodes(tx, actor.userId);
    await context.audit.record(tx, { action: 'user.recovery-codes', actor, entityType: 'user', entityId: actor.userId });
    return { recoveryCodes };
  });
}

/**
 * Notes that who sits at this session is its person: by code where there is a factor, by password otherwise. Fails with SECOND_FACTOR_WRONG,
 * WRONG_CURRENT_PASSWORD, RATE_LIMITED.
 */
export async function proveSession(
  context: IdentityContext,
  actor: Person,
  given: Omit<BodyOf<typeof proveAgain>, 'passkey'>,
): Promise<void> {
  requireSession(actor);
  const { user, factors } = await read(context, actor);
  const by = hasFactor(factors) ? 'factor' : 'password';
  if (by === 'password') await checkCurrentPassword(context, actor, given.password, user.password_hash);
  else await spendCode(context, { userId: actor.userId, code: given.code ?? '', ip: actor.ip });
  await context.db.withScope(scopeOf(actor), (tx) => noteProof(context, tx, actor, by));
}

/**
 * Takes somebody's factors off, passkeys too: their sessions and tokens end, and they are told, by mail where there is one and in their profile. Permission: `users.manage`.
 * Fails with PROOF_REQUIRED, FORBIDDEN for oneself and through a narrow token.
 */
export async function reset(context: IdentityContext, actor: Person, id: string): Promise<void> {
  requirePermission(actor, 'users.manage');
  const user = await context.db.withScope(scopeOf(actor), async (tx) => {
    const row = await tx.first(`SELECT ${USER_COLUMNS} FROM users WHERE id = $1 FOR UPDATE`, [id]);
    if (row === undefined) throw notFound();
    if (id === actor.userId || !mayManage(actor, row)) throw new Failure('FORBIDDEN');
    await requireProof(context, tx, actor);
    if (!(await dropFactors(tx, id))) return undefined;
    const now = context.clock.now();
    await tx.run('UPDATE users SET factor_reset_at = $2 WHERE id = $1', [id, now]);
    await endAccess(context, tx, id, { actor, because: 'FACTOR' });
    await context.audit.record(tx, {
      ...{ action: 'user.factor-reset', actor, entityType: 'user', entityId: id, groupId: row.group_id },
    });
    return toUser(row);
  });
  if (user === undefined) return;
  context.cache.forget(id);
  tellByMail(context, factorResetMail(user, context.site), 'a second factor that was taken off');
}
