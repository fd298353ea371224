import type { Person } from '../../access/index.ts';

/** Into which partition a new patient goes: the actor's own unless an administrator, or somebody who sees it, names another. */
export function partitionOfNew(actor: Person, wanted: string | null | undefined): { groupId: string | null } | 'FORBIDDEN' {
  if (wanted === undefined || wanted === actor.groupId) return { groupId: actor.groupId };
  if (actor.role === 'ADMIN') return { groupId: wanted };
  return wanted === null && actor.role !== 'RESEARCHER' ? { groupId: null } : 'FORBIDDEN';
}

/** Only administrators move a patient, because the rows leave the eyes of whoever moves them. */
export const mayMoveToGroup = (actor: Person): boolean => actor.role === 'ADMIN';
