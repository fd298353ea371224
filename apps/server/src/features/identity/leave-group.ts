import { isMember } from '../../archive/records/members.ts';
import type { Tx } from '../../platform/db/database.ts';
import { keepGroups } from './user-groups.ts';
import { toUser, USER_COLUMNS } from './user-rows.ts';

/** Takes everybody out of a group; who had it as the main one has the first of their others in its place. Answers who they were and what they have now. */
export async function leaveGroup(tx: Tx, groupId: string, now: Date) {
  const rows = await tx.rows(`SELECT ${USER_COLUMNS} FROM users WHERE ${isMember('users', '$1')} ORDER BY id FOR UPDATE`, [
    groupId,
  ]);
  const left = [];
  for (const before of rows.map(toUser)) {
    const groupIds = before.groupIds.filter((id) => id !== groupId);
    const after = { ...before, groupId: groupIds[0] ?? null, groupIds };
    await keepGroups(tx, before.id, groupIds);
    await tx.run('UPDATE users SET group_id = $2, updated_at = $3 WHERE id = $1', [before.id, after.groupId, now]);
    left.push({ before, after });
  }
  return left;
}
