import { DEFAULT_LEVEL, type ProviderRefusal } from '@negatoscope/contract';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { hasOtherAdministrator, lockAdministrators } from '../access-ends.ts';
import type { IdentityContext } from '../context.ts';
import { endEmergencies, mayOpen } from '../emergency/end-with.ts';
import { findFactors } from '../factor/factor-rows.ts';
import { type Device, type NewSession, openSession, type SignInDevice } from '../opened-session.ts';
import { groupFieldsChanged, groupsTold, rightsChanged } from '../rights-changed.ts';
import { mayUsePassword } from '../sign-in.ts';
import { keepGroups } from '../user-groups.ts';
import { toUser, USER_COLUMNS } from '../user-rows.ts';
import { isAdministrator } from '../users-policy.ts';
import { arrivingGroups } from './arriving-groups.ts';
import type { Link } from './attempt.ts';
import type { Arrival } from './claims.ts';

/** How somebody's coming from a provider ends. */
export type Outcome =
  | { readonly session: NewSession }
  | { readonly link: Link }
  | { readonly refused: ProviderRefusal; readonly userId?: string };

/**
 * Who has come is known by issuer and subject alone. Unknown people become an inactive account where the provider vouches for their address; one whose
 * address an account has already must show that it is theirs.
 */
export async function arrive(
  context: IdentityContext,
  tx: Tx,
  arrival: Arrival,
  from: { readonly provider: string; readonly device: SignInDevice },
): Promise<Outcome> {
  const { issuer, subject, email } = arrival;
  const known = await tx.first('SELECT user_id FROM user_identities WHERE issuer = $1 AND subject = $2', [issuer, subject]);
  if (known !== undefined) {
    await followClaims(context, tx, known.user_id, arrival, from.provider);
    return enter(context, tx, known.user_id, from);
  }
  if (email === undefined) return { refused: 'PROVIDER_EMAIL_UNVERIFIED' };
  if (!arrival.isVouched) return { refused: 'PROVIDER_DOMAIN_REFUSED' };
  const same = await tx.first('SELECT id, email_key FROM users WHERE email_key = lower($1)', [email]);
  if (same === undefined) {
    const userId = await insertInactive(context, tx, { ...arrival, email }, from.provider);
    return { refused: 'ACCOUNT_INACTIVE', userId };
  }
  if (mayUsePassword(context, same.email_key) || (await hasUsablePasskey(context, tx, same.id)))
    return { link: { kind: 'link', provider: from.provider, issuer, subject, email } };
  return waitBeside(context, tx, { ...arrival, email }, from.provider, same.id);
}

const hasUsablePasskey = async (context: IdentityContext, tx: Tx, userId: string): Promise<boolean> =>
  (await findFactors(context, tx, userId)).passkeys > 0;

/**
 * Who has nothing by which they could show that the account of their address is theirs waits for an administrator, who joins them. Two accounts can't have one address:
 * until then theirs is one that no mail reaches (RFC 2606), and says which it stands for. Of several who claim it the first waits.
 */
async function waitBeside(
  context: IdentityContext,
  tx: Tx,
  arrival: Arrival & { readonly email: string },
  provider: string,
  userId: string,
): Promise<Outcome> {
  const refused = 'ACCOUNT_NOT_LINKED';
  const email = `${arrival.email.replace('@', '=')}@${provider}.invalid`;
  const waits = await tx.first('SELECT id FROM users WHERE email_key = lower($1)', [email]);
  if (waits === undefined && email.length <= MOST_OF_AN_ADDRESS)
    await insertInactive(context, tx, { ...arrival, email }, provider);
  return { refused, userId };
}
const MOST_OF_AN_ADDRESS = 254;

async function enter(
  context: IdentityContext,
  tx: Tx,
  userId: string,
  { provider, device }: { readonly provider: string; readonly device: SignInDevice },
): Promise<Outcome> {
  const session = await openSession(context, tx, { userId, way: { by: 'provider', provider } }, device);
  if (session !== undefined) return { session };
  const row = await tx.first('SELECT status FROM users WHERE id = $1', [userId]);
  return { refused: row?.status === 'SUSPENDED' ? 'ACCOUNT_SUSPENDED' : 'ACCOUNT_INACTIVE', userId };
}

async function insertInactive(
  { audit, clock }: IdentityContext,
  tx: Tx,
  arrival: Arrival & { readonly email: string },
  provider: string,
): Promise<string> {
  const { role = 'STAFF', email, firstName, lastName } = arrival;
  const { level = DEFAULT_LEVEL[role] } = arrival;
  const groupIds = await arrivingGroups(tx, arrival, []);
  const [id, now, groupId = null] = [newId(), clock.now(), groupIds[0]];
  await tx.run(
    `INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, status, group_id, created_at, updated_at)
     VALUES ($1, $2, NULL, $3, $4, $5, $6, 'INACTIVE', $7, $8, $8)`,
    [id, email, firstName, lastName, role, level, groupId, now],
  );
  await keepGroups(tx, id, groupIds);
  await tx.run('INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4)', [
    arrival.issuer,
    arrival.subject,
    id,
    now,
  ]);
  const details = { role, level, status: 'INACTIVE', provider, ...(groupIds.length > 1 && { groupIds: groupsTold(groupIds) }) };
  await audit.record(tx, { action: 'user.created', actor: null, entityType: 'user', entityId: id, groupId, details });
  return id;
}

/** What the site takes from claims is taken at each coming; the last administrator stays one. */
async function followClaims(context: IdentityContext, tx: Tx, userId: string, arrival: Arrival, provider: string): Promise<void> {
  const { audit, cache, clock } = context;
  if (arrival.role === undefined && arrival.level === undefined && arrival.groupNames.length === 0) return;
  await lockAdministrators(tx);
  const row = await tx.first(`SELECT ${USER_COLUMNS} FROM users WHERE id = $1 FOR UPDATE`, [userId]);
  if (row === undefined) return;
  const before = toUser(row);
  const { role = before.role, level = before.level } = arrival;
  const groupIds = await arrivingGroups(tx, arrival, before.groupIds);
  const after = { ...before, role, level, groupId: groupIds[0] ?? null, groupIds };
  const fields = [
    ...(role === before.role ? [] : ['role']),
    ...(level === before.level ? [] : ['level']),
    ...groupFieldsChanged(before, after),
  ];
  if (fields.length === 0) return;
  if (isAdministrator(before) && !isAdministrator(after) && !(await hasOtherAdministrator(tx, userId))) return;
  const now = clock.now();
  await keepGroups(tx, userId, groupIds);
  await tx.run('UPDATE users SET role = $2, level = $3, group_id = $4, updated_at = $5 WHERE id = $1', [
    userId,
    role,
    level,
    after.groupId,
    now,
  ]);
  if (!mayOpen(after)) await endEmergencies(context, tx, userId, { actor: null, because: 'RIGHTS' });
  await audit.record(tx, {
    action: 'user.updated',
    actor: null,
    entityType: 'user',
    entityId: userId,
    details: { fields, provider, ...rightsChanged(before, after) },
  });
  cache.forget(userId);
}

/** One event for whoever is turned away, with the code that their page shows. */
export const noteRefusal = (
  { audit }: IdentityContext,
  refused: { readonly code: ProviderRefusal; readonly provider: string; readonly userId?: string | undefined },
  { ip }: Device,
): Promise<void> =>
  audit.note({
    action: 'auth.provider-refused',
    outcome: 'FAILURE',
    actor: null,
    ip,
    ...(refused.userId === undefined ? {} : { entityType: 'user', entityId: refused.userId }),
    details: { code: refused.code, provider: refused.provider },
  });
