import type { Group, listGroups, QueryOf } from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { hasPatients, hasUnfiled, patientCountOf } from '../../archive/partitions.ts';
import { isMember } from '../../archive/records/members.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import { aText, decodeCursor, encodeCursor, type Page, TOTAL_CAP } from '../../kernel/list.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import type { IdentityContext } from './context.ts';
import { leaveGroup } from './leave-group.ts';
import { groupFieldsChanged, rightsChanged } from './rights-changed.ts';
import { translating } from './sql-errors.ts';

type GroupRow = RowOf<`SELECT ${typeof COLUMNS} FROM groups g WHERE g.id = $1 AND NOT g.is_personal`>;

const COLUMNS = `g.id, g.name, g.name_key, g.created_at,
  (SELECT count(*)::int FROM users u WHERE ${isMember('u', 'g.id')}) AS user_count,
  ${patientCountOf('g.id')} AS patient_count` as const;
/** All for administrators ($1 null), one's own for others. */
const VISIBLE = `NOT g.is_personal AND ($1::uuid[] IS NULL OR g.id = ANY ($1))
  AND ($2::text IS NULL OR g.name_key LIKE '%' || ng_normalize($2) || '%')`;

const toGroup = (row: GroupRow): Group => ({
  id: row.id,
  name: row.name,
  userCount: row.user_count,
  patientCount: row.patient_count,
  createdAt: row.created_at.toISOString(),
});

async function requireGroup(tx: Tx, id: string): Promise<Group> {
  const row = await tx.first(`SELECT ${COLUMNS} FROM groups g WHERE g.id = $1 AND NOT g.is_personal`, [id]);
  if (row === undefined) throw notFound();
  return toGroup(row);
}

/** A name of signs only has no key to compare. */
async function checkName(tx: Tx, name: string): Promise<void> {
  const row = await tx.first('SELECT ng_normalize($1) AS key', [name]);
  if (row?.key === '')
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'name', message: 'A name has a letter or digit.' }] });
}

/**
 * All groups for administrators, one's own for others; a change needs the permission `groups.manage`. Names are unique without case and
 * accents.
 */
export async function list({ db }: IdentityContext, actor: Person, query: QueryOf<typeof listGroups>): Promise<Page<Group>> {
  if (query.sort !== undefined && query.sort !== 'name') {
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'sort', message: 'One of name.' }] });
  }
  const filter = [actor.role === 'ADMIN' ? null : actor.groupIds, query.q ?? null] as const;
  const [after] = query.cursor === undefined ? [null] : decodeCursor(query.cursor, aText);
  return db.withScope(scopeOf(actor), async (tx) => {
    const counted = await tx.first(`SELECT count(*)::int AS total FROM groups g WHERE ${VISIBLE}`, filter);
    const rows = await tx.rows(
      `SELECT ${COLUMNS} FROM groups g WHERE ${VISIBLE} AND ($3::text IS NULL OR g.name_key > $3) ORDER BY g.name_key LIMIT $4`,
      [...filter, after, query.limit + 1],
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const nextCursor = rows.length > query.limit && last !== undefined ? encodeCursor([last.name_key]) : null;
    const total = counted?.total ?? 0;
    return { items: page.map(toGroup), nextCursor, total: Math.min(total, TOTAL_CAP), totalIsExact: total <= TOTAL_CAP };
  });
}

/** Fails with NAME_TAKEN. */
export async function create(context: IdentityContext, actor: Person, name: string): Promise<Group> {
  requirePermission(actor, 'groups.manage');
  return writing(context, actor, async (tx) => {
    await checkName(tx, name);
    const id = newId();
    await tx.run('INSERT INTO groups (id, name, created_at) VALUES ($1, $2, $3)', [id, name, context.clock.now()]);
    await context.audit.record(tx, { action: 'group.created', actor, entityType: 'group', entityId: id, groupId: id });
    return requireGroup(tx, id);
  });
}

/** Fails with NAME_TAKEN. */
export async function rename(context: IdentityContext, actor: Person, id: string, name: string): Promise<Group> {
  requirePermission(actor, 'groups.manage');
  return writing(context, actor, async (tx) => {
    await checkName(tx, name);
    const renamed = await tx.run('UPDATE groups SET name = $2 WHERE id = $1 AND NOT is_personal', [id, name]);
    if (renamed === 0) throw notFound();
    const details = { fields: ['name'] };
    await context.audit.record(tx, { action: 'group.updated', actor, entityType: 'group', entityId: id, groupId: id, details });
    return requireGroup(tx, id);
  });
}

/** Its members stay, in their other groups, of which another becomes the main one, or without a group. Fails with GROUP_HAS_PATIENTS, patients in the trash included. */
export async function remove(context: IdentityContext, actor: Person, id: string): Promise<void> {
  requirePermission(actor, 'groups.manage');
  const members = await writing(context, actor, async (tx) => {
    const group = await tx.first('SELECT id FROM groups WHERE id = $1 AND NOT is_personal FOR UPDATE', [id]);
    if (group === undefined) throw notFound();
    if (await hasPatients(tx, id)) throw new Failure('GROUP_HAS_PATIENTS');
    // Own partitions of its members lose their home, unless something waits there to be filed into this group: then it stays.
    await tx.run(`UPDATE groups o SET home_id = NULL WHERE home_id = $1 AND NOT ${hasUnfiled('o.id')}`, [id]);
    const left = await leaveGroup(tx, id, context.clock.now());
    await tx.run('DELETE FROM groups WHERE id = $1', [id]);
    const details = { members: left.length };
    await context.audit.recordAll(
      tx,
      left.map(({ before, after }) => ({
        ...{ action: 'user.updated', actor, entityType: 'user', entityId: before.id, groupId: id },
        details: { fields: groupFieldsChanged(before, after), ...rightsChanged(before, after) },
      })),
    );
    await context.audit.record(tx, { action: 'group.deleted', actor, entityType: 'group', entityId: id, groupId: id, details });
    return left;
  });
  for (const { before } of members) context.cache.forget(before.id);
}

const writing = <T>({ db }: IdentityContext, actor: Person, work: (tx: Tx) => Promise<T>): Promise<T> =>
  translating(() => db.withScope(scopeOf(actor), work), {
    unique: 'NAME_TAKEN',
    foreignKey: () => new Failure('GROUP_HAS_PATIENTS'),
  });
