import type { Group, User } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useUser } from '../../api/me.ts';
import { groupsQuery } from './queries.ts';

interface Standing extends Pick<User, 'groupId'> {
  readonly groupIds?: readonly string[] | undefined;
}

/** All groups of somebody, the main one first; an answer that was kept from a version before tells the main one alone. */
export const groupIdsOf = ({ groupId, groupIds }: Standing): readonly string[] => groupIds ?? (groupId === null ? [] : [groupId]);

/** Whose rules and texts count where a study of this group is open: the study's site where it is one of somebody's, else that of their main group; null: the installation's alone. */
export function siteFor(user: Standing | undefined, groupId: string | undefined): string | null {
  if (user === undefined) return null;
  return groupId !== undefined && groupIdsOf(user).includes(groupId) ? groupId : user.groupId;
}

/** Whether something that was kept counts at a site: one's own, the site's, or the installation's. */
export const countsAt = (site: string | null, one: { readonly siteId: string | null }): boolean =>
  one.siteId === null || one.siteId === site;

const NONE: readonly Group[] = [];

/** The groups between which one chooses for what one makes, the main one first; none for who has no two. */
export function useOwnGroups(): readonly Group[] {
  const user = useUser();
  const ids = user === undefined ? [] : groupIdsOf(user);
  const { data } = useQuery({ ...groupsQuery, enabled: ids.length > 1 });
  if (ids.length < 2 || data === undefined) return NONE;
  return ids.flatMap((id) => data.items.find((group) => group.id === id) ?? []);
}
