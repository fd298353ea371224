import type { User } from '@negatoscope/contract';

export interface Standing extends Pick<User, 'groupId'> {
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
