import type { Group } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useUser } from '../../api/me.ts';
import { groupsQuery } from './queries.ts';
import { groupIdsOf } from './site.ts';

const NONE: readonly Group[] = [];

/** The groups between which one chooses for what one makes, the main one first; none for who has no two. */
export function useOwnGroups(): readonly Group[] {
  const user = useUser();
  const ids = user === undefined ? [] : groupIdsOf(user);
  const { data } = useQuery({ ...groupsQuery, enabled: ids.length > 1 });
  if (ids.length < 2 || data === undefined) return NONE;
  return ids.flatMap((id) => data.items.find((group) => group.id === id) ?? []);
}
