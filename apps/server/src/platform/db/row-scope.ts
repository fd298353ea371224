import { isUuid } from '../../kernel/ids.ts';

/** One way by which rows are in sight: a word that the policies know, and the ids that go with it. What the words mean is said by access/scope.ts. */
export interface RowArm {
  readonly kind: string;
  readonly ids?: readonly string[];
}

/** What decides which rows a transaction sees; without arms it sees none. */
export type RowScope = readonly RowArm[];

/** All rows: for the server's own start, for sign-in, and for services whose arm it is. */
export const SYSTEM_SCOPE = [{ kind: 'all' }] as const satisfies RowScope;

/** For tables that are nobody's: of all others no row exists. */
export const NO_ROWS: RowScope = [];

/**
 * The setting of a transaction by which the policies know its scope (`ng_arm` in migrations/functions/scope.sql), as one statement:
 * `{"group":["019a…"],"ungrouped":[]}`. It has only words and UUIDs, checked here, because SET takes no parameters.
 */
export function scopeSetting(scope: RowScope): string {
  const arms: Record<string, string[]> = {};
  for (const { kind, ids = [] } of scope) {
    if (!/^[a-z]{1,20}$/.test(kind)) throw new TypeError('A scope carries an arm that is no word.');
    if (!ids.every(isUuid)) throw new TypeError('A scope carries something that is no UUID.');
    arms[kind] = [...(arms[kind] ?? []), ...ids];
  }
  return `SET LOCAL negatoscope.arms = '${JSON.stringify(arms)}'`;
}
