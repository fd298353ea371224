import { Failure } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';

/** What a request says of somebody's groups: the old field names the main one, and alone the only one. */
interface Wish {
  readonly groupId?: string | null | undefined;
  readonly groupIds?: readonly string[] | undefined;
}

export const unknownGroup = (path: keyof Wish = 'groupId'): Failure =>
  new Failure('VALIDATION_FAILED', { errors: [{ path, message: 'There is no such group.' }] });

/** The groups that are asked for, the main one first; undefined where nothing is said of them. Fails with VALIDATION_FAILED for a main one that is none of them. */
export function wantedGroups({ groupId, groupIds }: Wish): readonly string[] | undefined {
  if (groupIds === undefined) return groupId === undefined ? undefined : groupId === null ? [] : [groupId.toLowerCase()];
  const ids = groupIds.map((id) => id.toLowerCase());
  const main = groupId === undefined ? ids[0] : groupId?.toLowerCase();
  if (main === undefined ? ids.length > 0 : !ids.includes(main))
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'groupId', message: 'The main group is one of the groups.' }] });
  // As they are read: the main one first, the others by their ids.
  return main === undefined ? [] : [main, ...[...new Set(ids)].filter((id) => id !== main).sort()];
}

/** Fails with VALIDATION_FAILED where one is none that people manage: somebody's own partition is no group to join. */
export async function checkGroups(tx: Tx, groupIds: readonly string[]): Promise<void> {
  const rows = await tx.rows('SELECT id FROM groups WHERE id = ANY($1::uuid[]) AND NOT is_personal FOR KEY SHARE', [groupIds]);
  if (rows.length < groupIds.length) throw unknownGroup(groupIds.length > 1 ? 'groupIds' : 'groupId');
}

/** Writes the groups beside the main one, and gives what is to stand in the row of the person with them: both or neither are written. */
export async function keepGroups(tx: Tx, userId: string, groupIds: readonly string[]): Promise<{ group_id: string | null }> {
  const further = groupIds.slice(1);
  await tx.run('DELETE FROM user_groups WHERE user_id = $1 AND group_id <> ALL ($2::uuid[])', [userId, further]);
  await tx.run(
    'INSERT INTO user_groups (user_id, group_id) SELECT $1::uuid, g FROM unnest($2::uuid[]) AS g ON CONFLICT DO NOTHING',
    [userId, further],
  );
  return { group_id: groupIds[0] ?? null };
}
