import {
  type BodyOf,
  type createUser,
  DEFAULT_LEVEL,
  type Level,
  type listUsers,
  type ManagedUser,
  type QueryOf,
  type User,
  type updateUser,
} from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/list.ts';
import type { SqlValue, Tx } from '../../platform/db/database.ts';
import { composed } from '../../platform/db/statements.ts';
import { endAccess, hasOtherAdministrator, lockAdministrators, withdrawLinks } from './access-ends.ts';
import type { IdentityContext } from './context.ts';
import { endEmergencies, mayOpen } from './emergency/end-with.ts';
import { dropPasskeys } from './factor/factor-rows.ts';
import { readManaged } from './managed-users.ts';
import { checkNewPassword } from './password-policy.ts';
import { findPerson } from './principals.ts';
import { areGroupsTold, groupsTold, rightsChanged } from './rights-changed.ts';
import { translating } from './sql-errors.ts';
import { requireProof, requireProofNow } from './step-up.ts';
import { checkGroups, keepGroups, unknownGroup, wantedGroups } from './user-groups.ts';
import { readUserPage } from './user-list.ts';
import { toUser, USER_COLUMNS } from './user-rows.ts';
import { checkOwnChange, isAdministrator, mayManage } from './users-policy.ts';

type Changes = BodyOf<typeof updateUser>;
type Field = keyof Changes;
type NewUser = NewPerson & {
  readonly level: Level;
  readonly mustChangePassword: boolean;
  readonly passwordHash: string | null;
};
type Creation = NewPerson & {
  readonly password?: string | undefined;
  readonly level?: Level | undefined;
  readonly mustChangePassword?: boolean;
};
type PasswordWish = { readonly password: string; readonly email: string | undefined };

/** What somebody may do, whose patients they see, and the keys to their account. */
const GRAVE: ReadonlySet<Field> = new Set(['role', 'level', 'groupId', 'groupIds', 'password', 'email']);

/** Columns that may be written, by the contract's names. */
export const USER_FIELDS: Readonly<Record<Exclude<Field, 'password' | 'groupIds'>, string>> = {
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
  role: 'role',
  level: 'level',
  status: 'status',
  groupId: 'group_id',
  locale: 'locale',
};

/** A level that was the old role's default becomes the new role's: who is made administrator can administer. */
function followRole(current: User, body: Changes): Changes {
  const follows = body.role !== undefined && body.level === undefined && current.level === DEFAULT_LEVEL[current.role];
  return follows ? { ...body, level: DEFAULT_LEVEL[body.role ?? current.role] } : body;
}

/** Writes the given fields of a person and answers the row as it then is. */
export async function writeUser(tx: Tx, id: string, fields: Readonly<Record<string, SqlValue>>, now: Date): Promise<User> {
  const columns = Object.keys(fields);
  const assignments = columns.map((column, index) => `${column} = $${index + 3}`);
  const text = `UPDATE users SET ${['updated_at = $2', ...assignments].join(', ')} WHERE id = $1 RETURNING ${USER_COLUMNS}`;
  const values = [id, now, ...Object.values(fields)];
  const row = await tx.first(composed({ text, values }, `SELECT ${USER_COLUMNS} FROM users WHERE id = $1`));
  if (row === undefined) throw notFound();
  return toUser(row);
}

/** Users as administrators manage them: permission of all is `users.manage`. */
export async function list(
  context: IdentityContext,
  actor: Person,
  query: QueryOf<typeof listUsers>,
): Promise<Page<ManagedUser>> {
  requirePermission(actor, 'users.manage');
  return context.db.withScope(scopeOf(actor), (tx) => readUserPage(context, tx, query));
}

export async function get(context: IdentityContext, actor: Person, id: string): Promise<ManagedUser> {
  requirePermission(actor, 'users.manage');
  return context.db.withScope(scopeOf(actor), (tx) => readManaged(context, tx, id));
}

/**
 * Fails with PROOF_REQUIRED, EMAIL_TAKEN, WEAK_PASSWORD, PASSWORD_TOO_LONG, VALIDATION_FAILED for an unknown group, FORBIDDEN through a narrow token.
 */
export async function create(context: IdentityContext, actor: Person, body: Creation): Promise<ManagedUser> {
  requirePermission(actor, 'users.manage');
  await requireProofNow(context, actor);
  return make(context, actor, body);
}

async function make(context: IdentityContext, actor: Person, body: Creation): Promise<ManagedUser> {
  const level = body.level ?? DEFAULT_LEVEL[body.role];
  if (!mayManage(actor, { role: body.role, level })) throw new Failure('FORBIDDEN');
  if (body.password !== undefined) checkNewPassword(body.password, body.email);
  const passwordHash = body.password === undefined ? null : await context.passwords.hash(body.password);
  const work = (): Promise<ManagedUser> =>
    context.db.withScope(scopeOf(actor), (tx) =>
      insert(context, tx, actor, { mustChangePassword: false, ...body, level, passwordHash }),
    );
  return translating(work, { unique: 'EMAIL_TAKEN', foreignKey: () => unknownGroup() });
}

export type NewPerson = Omit<BodyOf<typeof createUser>, 'password' | 'level' | 'mustChangePassword'>;

/** See `Identity.ensurePerson`. */
export async function ensurePerson(context: IdentityContext, actor: Person, who: NewPerson): Promise<Person> {
  const known = await context.db.withScope(scopeOf(actor), (tx) =>
    tx.first('SELECT id FROM users WHERE email_key = lower($1)', [who.email]),
  );
  if (known === undefined) requirePermission(actor, 'users.manage');
  // The server's own people (the demonstration's), whom a job makes, whenever it comes to it: nobody is there to be asked.
  const { id } = known ?? (await make(context, actor, who));
  const found = await context.db.withSystem((tx) => findPerson(tx, id));
  if (found === undefined) throw new Failure('CONFLICT', { detail: 'Who has this address may not sign in.' });
  return found;
}

async function insert(
  context: IdentityContext,
  tx: Tx,
  actor: Person,
  { email, passwordHash, mustChangePassword, firstName, lastName, role, level, locale, ...given }: NewUser,
): Promise<ManagedUser> {
  const { audit, clock } = context;
  const groupIds = wantedGroups(given) ?? [];
  await checkGroups(tx, groupIds);
  const [id, groupId = null] = [newId(), groupIds[0]];
  await tx.run(
    `INSERT INTO users
       (id, email, password_hash, first_name, last_name, role, level, group_id, locale, created_at, updated_at, password_is_first)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)`,
    [id, email, passwordHash, firstName, lastName, role, level, groupId, locale, clock.now(), mustChangePassword],
  );
  await keepGroups(tx, id, groupIds);
  const user = await readManaged(context, tx, id);
  const details = { role, level, status: user.status, ...(groupIds.length > 1 && { groupIds: groupsTold(groupIds) }) };
  await audit.record(tx, { action: 'user.created', actor, entityType: 'user', entityId: id, groupId, details });
  return user;
}

/**
 * Changes a person. A status other than ACTIVE and a new password end their sessions and tokens at once, the password their passkeys too. Fails with LAST_ADMIN
 * when no active administrator would remain, FORBIDDEN when the actor would widen their own rights, and as `create`.
 */
export async function update(context: IdentityContext, actor: Person, id: string, body: Changes): Promise<ManagedUser> {
  requirePermission(actor, 'users.manage');
  const { password, email } = body;
  const passwordHash = password === undefined ? undefined : await hashFor(context, actor, id, { password, email });
  const work = (): Promise<ManagedUser> =>
    context.db.withScope(scopeOf(actor), (tx) => change(context, tx, actor, { id, body, passwordHash }));
  const user = await translating(work, { unique: 'EMAIL_TAKEN', foreignKey: () => unknownGroup() });
  context.cache.forget(id);
  return user;
}

/** The hash of a person's new password, which is checked against the address that they will have. */
async function hashFor({ db, passwords }: IdentityContext, actor: Person, id: string, wish: PasswordWish): Promise<string> {
  const person = await db.withScope(scopeOf(actor), (tx) => tx.first('SELECT email FROM users WHERE id = $1', [id]));
  if (person === undefined) throw notFound();
  checkNewPassword(wish.password, wish.email ?? person.email);
  return passwords.hash(wish.password);
}

/** What of a person becomes another: the fields as they will be, the columns of those that change, all groups, and what the journal names. */
function changesOf(current: User, body: Changes, hasPassword: boolean) {
  const groupIds = wantedGroups(body) ?? current.groupIds;
  const { password: _secret, groupIds: _all, ...fields } = followRole(current, body);
  const plain = { ...fields, groupId: groupIds[0] ?? null };
  const changed = (Object.keys(plain) as (keyof typeof plain)[]).filter(
    (field) => plain[field] !== undefined && plain[field] !== current[field],
  );
  const named: Field[] = [...changed];
  if (areGroupsTold(current.groupIds, groupIds)) named.push('groupIds');
  if (hasPassword) named.push('password');
  return { plain, changed, groupIds, named };
}

/** Decides and writes one change; the person's row is locked from the first look to the commit. */
async function change(
  context: IdentityContext,
  tx: Tx,
  actor: Person,
  { id, body, passwordHash }: { readonly id: string; readonly body: Changes; readonly passwordHash: string | undefined },
): Promise<ManagedUser> {
  const { audit, clock } = context;
  await lockAdministrators(tx);
  const row = await tx.first(`SELECT ${USER_COLUMNS} FROM users WHERE id = $1 FOR UPDATE`, [id]);
  if (row === undefined) throw notFound();
  const current = toUser(row);
  const { plain, changed, groupIds, named } = changesOf(current, body, passwordHash !== undefined);
  if (named.length === 0) return readManaged(context, tx, id);
  await checkGroups(tx, groupIds);
  const { role = current.role, level = current.level, status = current.status } = plain;
  await requireMayChange(tx, actor, current, { role, level, status }, named);
  // Letting in who waits is as much as making them,
  // by way of SUSPENDED too: who was never signed in is let in for the first time.
  const isNew = current.status === 'INACTIVE' || (current.status === 'SUSPENDED' && current.lastLoginAt === null);
  const letsIn = isNew && status === 'ACTIVE';
  if (letsIn || named.some((field) => GRAVE.has(field))) await requireProof({ clock }, tx, actor);
  const fields = Object.fromEntries(changed.map((field) => [USER_FIELDS[field], plain[field] ?? null]));
  const now = clock.now();
  if (groupIds.join() !== current.groupIds.join()) Object.assign(fields, await keepGroups(tx, id, groupIds));
  const user = await writeUser(tx, id, passwordHash === undefined ? fields : { ...fields, password_hash: passwordHash }, now);
  const isOut = user.status !== 'ACTIVE';
  if (isOut || passwordHash !== undefined) await endAccess(context, tx, id, { actor, because: isOut ? 'SUSPENDED' : 'PASSWORD' });
  else if (!mayOpen(user)) await endEmergencies(context, tx, id, { actor, because: 'RIGHTS' });
  if (passwordHash !== undefined) await dropPasskeys(tx, id, now);
  // What was sent to the old address opens nothing any more.
  if (changed.includes('email')) await withdrawLinks(tx, id);
  const details = { fields: named, ...rightsChanged(current, user) };
  await audit.record(tx, { action: 'user.updated', actor, entityType: 'user', entityId: id, details });
  return readManaged(context, tx, id);
}

async function requireMayChange(
  tx: Tx,
  actor: Person,
  current: User,
  next: Pick<User, 'role' | 'level' | 'status'>,
  named: readonly Field[],
): Promise<void> {
  if (!mayManage(actor, current) || !mayManage(actor, next)) throw new Failure('FORBIDDEN');
  if (current.id === actor.userId) checkOwnChange(current, next, named);
  if (isAdministrator(current) && !isAdministrator(next) && !(await hasOtherAdministrator(tx, current.id)))
    throw new Failure('LAST_ADMIN');
}

/** Removes a person with their sessions and tokens; audit events hold ids only and stay. Fails with LAST_ADMIN, PROOF_REQUIRED. */
export async function remove(context: IdentityContext, actor: Person, id: string): Promise<void> {
  const { audit, cache, clock, db } = context;
  requirePermission(actor, 'users.manage');
  await db.withScope(scopeOf(actor), async (tx) => {
    await lockAdministrators(tx);
    const row = await tx.first(`SELECT ${USER_COLUMNS} FROM users WHERE id = $1 FOR UPDATE`, [id]);
    if (row === undefined) throw notFound();
    if (!mayManage(actor, row)) throw new Failure('FORBIDDEN');
    if (isAdministrator(row) && !(await hasOtherAdministrator(tx, id))) throw new Failure('LAST_ADMIN');
    // Nothing brings it back.
    await requireProof({ clock }, tx, actor);
    await endEmergencies(context, tx, id, { actor, because: 'DELETED' });
    await tx.run('DELETE FROM users WHERE id = $1', [id]);
    await audit.record(tx, { action: 'user.deleted', actor, entityType: 'user', entityId: id, groupId: row.group_id });
  });
  cache.forget(id);
}
