import type { Tx } from '../../../platform/db/database.ts';
import type { Arrival } from './claims.ts';

/** The ids of groups that people manage, in the order of their names here; a name that no group has is left out. */
async function groupsNamed(tx: Tx, names: readonly string[]): Promise<string[]> {
  const rows = await tx.rows('SELECT id, name FROM groups WHERE name = ANY($1::text[]) AND NOT is_personal', [names]);
  return names.flatMap((name) => rows.find((row) => row.name === name)?.id ?? []);
}

/**
 * The groups that somebody has once they have come, the main one first. Where the provider tells all, those; where it tells one, that is the main one, in place of
 * the one before, and what an administrator gave beside it stays. Where it names no group that is here, those that they had.
 */
export async function arrivingGroups(
  tx: Tx,
  { groupNames, hasAllGroups }: Pick<Arrival, 'groupNames' | 'hasAllGroups'>,
  had: readonly string[],
): Promise<readonly string[]> {
  const [main, ...further] = await groupsNamed(tx, groupNames);
  if (main === undefined) return had;
  const others = hasAllGroups ? further : had.slice(1);
  return [main, ...others.filter((id) => id !== main).sort()];
}
