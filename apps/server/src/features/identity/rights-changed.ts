import { RIGHTS, type User } from '@negatoscope/contract';

type Field = (typeof RIGHTS)[number];

/** What somebody may do, and where. */
export type Standing = Pick<User, Exclude<Field, 'groupIds'>> & { readonly groupIds: readonly string[] };

/** Whether a change of groups is more than that of the one group that somebody has: then all are told, not the main one alone. */
export const areGroupsTold = (before: readonly string[], after: readonly string[]): boolean =>
  Math.max(before.length, after.length) > 1 && before.join() !== after.join();

/** Groups as an event tells them: ids behind one another, the main one first; null for none. */
export const groupsTold = (groupIds: readonly string[]): string | null => (groupIds.length === 0 ? null : groupIds.join(' '));

/** The fields by which a change of groups is named. */
export const groupFieldsChanged = (before: Standing, after: Standing): ('groupId' | 'groupIds')[] => [
  ...(before.groupId === after.groupId ? [] : (['groupId'] as const)),
  ...(areGroupsTold(before.groupIds, after.groupIds) ? (['groupIds'] as const) : []),
];

const toldOf = (standing: Standing, field: Field): string | null =>
  field === 'groupIds' ? groupsTold(standing.groupIds) : standing[field];

/** What an event says of rights that changed: what they were and what they are, by this server's own words and ids. */
export function rightsChanged(before: Standing, after: Standing): Record<string, string | null> {
  const changed = RIGHTS.filter((field) =>
    field === 'groupIds' ? areGroupsTold(before.groupIds, after.groupIds) : before[field] !== after[field],
  );
  return Object.fromEntries(
    changed.flatMap((field) => [
      [`${field}From`, toldOf(before, field)],
      [`${field}To`, toldOf(after, field)],
    ]),
  );
}
