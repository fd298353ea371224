import { RIGHTS, type User } from '@negatoscope/contract';

/** What somebody may do, and where. */
export type Standing = Pick<User, (typeof RIGHTS)[number]>;

/** What an event says of rights that changed: what they were and what they are, by this server's own words and ids. */
export function rightsChanged(before: Standing, after: Standing): Record<string, string | null> {
  const changed = RIGHTS.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(
    changed.flatMap((field) => [
      [`${field}From`, before[field]],
      [`${field}To`, after[field]],
    ]),
  );
}
