import { hasArm, type Person, scopeOf } from '../../access/index.ts';

/** Of whom a group is: of people whose main one it is, and of those who have it beside (migration 0179). */

/** Whether the row `user` of `users` (an alias) belongs to the group that an SQL expression names, as an SQL condition; not for null. */
export const isMember = <const U extends string, const G extends string>(user: U, group: G) =>
  `(${user}.group_id = ${group} OR EXISTS (SELECT FROM user_groups m WHERE m.user_id = ${user}.id AND m.group_id = ${group}))` as const;

/**
 * Whether the row `user` is a colleague of who has these groups (an array; null is an administrator, to whom everybody is one): somebody who shares a group with them, or is in none. Lists of people to choose from
 * are cut by it, as an SQL condition; the name of who did something to a study is shown to whoever sees that study.
 */
export const isColleague = <const U extends string, const G extends string>(user: U, groups: G) =>
  `(${groups} IS NULL OR ${user}.group_id = ANY(${groups}) OR EXISTS (SELECT FROM user_groups m WHERE m.user_id = ${user}.id AND m.group_id = ANY(${groups}))
     OR (${user}.group_id IS NULL AND NOT EXISTS (SELECT FROM user_groups m WHERE m.user_id = ${user}.id)))` as const;

/** The groups by which an actor's colleagues are known; null to whom everybody is one. */
export const ownGroups = (actor: Person): readonly string[] | null => (hasArm(scopeOf(actor), 'all') ? null : actor.groupIds);

/** The groups that a person has beside the main one, as an SQL expression; `user` is the alias of `users`. */
export const furtherGroups = <const U extends string>(user: U) =>
  `ARRAY(SELECT m.group_id FROM user_groups m WHERE m.user_id = ${user}.id ORDER BY m.group_id)` as const;

/** What a statement with `furtherGroups` says of somebody's groups. */
export interface GroupsRow {
  readonly group_id: string | null;
  readonly further_groups: readonly string[] | null;
}

/** All groups of a person, each once, the main one first, and that one by itself: the first of the others where it is gone. */
export function groupsIn({ group_id: main, further_groups: further }: GroupsRow) {
  const groupIds: readonly string[] = [...new Set([...(main === null ? [] : [main]), ...(further ?? [])])];
  return { groupId: groupIds[0] ?? null, groupIds };
}
