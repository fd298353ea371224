import { mayFill, type Person } from '../../access/index.ts';

/** Into which partition a new patient goes: the actor's main one unless they name another of theirs, or one that they see as an administrator. */
export function partitionOfNew(actor: Person, wanted: string | null | undefined): { groupId: string | null } | 'FORBIDDEN' {
  if (wanted === undefined) return { groupId: actor.groupId };
  if (actor.role === 'ADMIN' || mayFill(actor, wanted)) return { groupId: wanted };
  return wanted === null && actor.role !== 'RESEARCHER' ? { groupId: null } : 'FORBIDDEN';
}

/** Only administrators move a patient, because the rows leave the eyes of whoever moves them. */
export const mayMoveToGroup = (actor: Person): boolean => actor.role === 'ADMIN';
