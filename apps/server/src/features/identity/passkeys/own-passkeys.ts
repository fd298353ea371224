import type { addPasskey, BodyOf, listPasskeys, Passkey, PasskeyCreation, PasskeyRequest, ResultOf } from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import { type Person, requireSession, scopeOf } from '../../../access/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import { dropRecoveryCodes, findFactors, hasFactor, replaceRecoveryCodes } from '../factor/factor-rows.ts';
import { requireProof } from '../step-up.ts';
import { tellByMail } from '../told-by-mail.ts';
import type { Challenge, Challenges } from './challenges.ts';
import { passkeyAddedMail } from './mail-texts.ts';
import type { Party } from './party.ts';
import { credentialsOf, deleteRow, holdOwner, insertPasskey, listRows, renameRow, toPasskey } from './passkey-rows.ts';
import { hasPassword, mayUsePasskey } from './policy.ts';
import { creationOf, requestOf } from './requests.ts';
import { brake, refuse, requireParty, useChallenge } from './show.ts';
import { type NewKey, verifyNew } from './verify.ts';

const MOST = 20;

async function ownerOf(tx: Tx, actor: Person) {
  const owner = await holdOwner(tx, actor.userId);
  if (owner === undefined) throw new Failure('NOT_AUTHENTICATED');
  return owner;
}

/** One's passkeys. Permission, of all here: signed in, through a session. */
export async function list(context: IdentityContext, actor: Person): Promise<ResultOf<typeof listPasskeys>> {
  requireSession(actor);
  const { owner, rows } = await context.db.withScope(scopeOf(actor), async (tx) => ({
    owner: await ownerOf(tx, actor),
    rows: await listRows(tx, actor.userId),
  }));
  const atProvider = mayUsePasskey(context, owner) ? null : 'PASSKEYS_AT_PROVIDER';
  return {
    items: rows.map((row) => toPasskey(row, context.party)),
    unavailable: context.party === undefined ? 'PASSKEYS_UNAVAILABLE' : atProvider,
  };
}

/** Whether somebody may register one more now; their account is held. */
async function requireMayAdd(context: IdentityContext, tx: Tx, actor: Person, party: Party) {
  const owner = await ownerOf(tx, actor);
  await requireProof(context, tx, actor);
  if (!mayUsePasskey(context, owner)) throw new Failure('PASSKEYS_AT_PROVIDER');
  const credentials = await credentialsOf(tx, actor.userId, party);
  if (credentials.length >= MOST) throw new Failure('PASSKEYS_FULL');
  return { owner, credentials };
}

/** Fails with PROOF_REQUIRED, PASSKEYS_UNAVAILABLE, PASSKEYS_AT_PROVIDER, PASSKEYS_FULL. */
export async function begin(
  context: IdentityContext,
  challenges: Challenges,
  actor: Person,
  reply: FastifyReply,
): Promise<PasskeyCreation> {
  requireSession(actor);
  const party = requireParty(context);
  const { owner, credentials } = await context.db.withScope(scopeOf(actor), (tx) => requireMayAdd(context, tx, actor, party));
  const challenge = await challenges.put(reply, 'ADD', actor.sessionId);
  return creationOf(party, { challenge, site: context.site, owner, excludeCredentials: credentials });
}

/** Fails with PASSKEY_REFUSED, PASSKEY_OVER, PASSKEY_KNOWN, RATE_LIMITED, and as `begin`. */
export async function add(
  context: IdentityContext,
  actor: Person,
  challenge: Challenge | undefined,
  { name, passkey }: BodyOf<typeof addPasskey>,
): Promise<ResultOf<typeof addPasskey>> {
  requireSession(actor);
  const party = requireParty(context);
  const { ip, sessionId, userId } = actor;
  const giveBack = await brake(context, { ip, actor });
  const step = 'ADD';
  const expected = await useChallenge(context, { step, of: sessionId, challenge, ip, actor });
  const key = await verifyNew(passkey, { party, challenge: expected });
  if (typeof key === 'string') return refuse(context, { step, reason: key, ip, actor, userId });
  const { owner, ...added } = await context.db.withScope(scopeOf(actor), (tx) =>
    insert(context, tx, actor, { name, transports: passkey.transports, key, party }),
  );
  await giveBack();
  tellByMail(context, passkeyAddedMail(owner, context.site), 'a passkey that was added');
  return added;
}

interface NewOne {
  readonly transports: readonly string[];
  readonly key: NewKey;
  readonly party: Party;
}

async function insert(
  context: IdentityContext,
  tx: Tx,
  actor: Person,
  { name, transports, key, party }: Pick<BodyOf<typeof addPasskey>, 'name'> & NewOne,
) {
  const { owner } = await requireMayAdd(context, tx, actor, party);
  const { userId } = actor;
  const isFirst = !hasFactor(await findFactors(context, tx, userId));
  const row = await insertPasskey(tx, { id: newId(), userId, name, transports, key, rpId: party.rpId, now: context.clock.now() });
  if (row === undefined) throw new Failure('PASSKEY_KNOWN');
  await tx.run('UPDATE users SET factor_reset_at = NULL WHERE id = $1', [userId]);
  await record(context, tx, actor, 'user.passkey-added', row.id);
  return { owner, passkey: toPasskey(row, party), recoveryCodes: isFirst ? await replaceRecoveryCodes(tx, userId) : null };
}

const record = (
  { audit }: IdentityContext,
  tx: Tx,
  actor: Person,
  action: `user.passkey-${string}`,
  passkeyId: string,
): Promise<void> => audit.record(tx, { action, actor, entityType: 'user', entityId: actor.userId, details: { passkeyId } });

/** Fails with NOT_FOUND for one that is not the actor's. */
export async function rename(context: IdentityContext, actor: Person, id: string, name: string): Promise<Passkey> {
  requireSession(actor);
  return context.db.withScope(scopeOf(actor), async (tx) => {
    const row = await renameRow(tx, actor.userId, id, name);
    if (row === undefined) throw notFound();
    await record(context, tx, actor, 'user.passkey-renamed', id);
    return toPasskey(row, context.party);
  });
}

/** Fails with PROOF_REQUIRED, LAST_WAY_IN, LAST_FACTOR, NOT_FOUND. */
export async function remove(context: IdentityContext, actor: Person, id: string): Promise<void> {
  requireSession(actor);
  await context.db.withScope(scopeOf(actor), async (tx) => {
    const owner = await ownerOf(tx, actor);
    await requireProof(context, tx, actor);
    if (!(await deleteRow(tx, actor.userId, id))) throw notFound();
    const left = await findFactors(context, tx, actor.userId);
    if (left.passkeys === 0 && owner.has_identity !== true && !hasPassword(context, owner)) throw new Failure('LAST_WAY_IN');
    if (!hasFactor(left)) {
      if (context.factorRoles.has(owner.role)) throw new Failure('LAST_FACTOR');
      await dropRecoveryCodes(tx, actor.userId);
    }
    await record(context, tx, actor, 'user.passkey-removed', id);
  });
}

/** Fails with PASSKEYS_UNAVAILABLE. */
export async function beginProof(
  context: IdentityContext,
  challenges: Challenges,
  actor: Person,
  reply: FastifyReply,
): Promise<PasskeyRequest> {
  requireSession(actor);
  const party = requireParty(context);
  const allowCredentials = await context.db.withScope(scopeOf(actor), (tx) => credentialsOf(tx, actor.userId, party));
  const challenge = await challenges.put(reply, 'PROOF', actor.sessionId);
  return requestOf(party, { challenge, allowCredentials, mustVerify: true });
}
