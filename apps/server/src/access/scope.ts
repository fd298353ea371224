/** One reason why rows exist for an actor. The word of each is known to the policies of the database (migrations/functions/scope.sql). */
export type Arm =
  /** Every row there is. */
  | { readonly kind: 'all' }
  /** What is of these groups; a site is a group. */
  | { readonly kind: 'group'; readonly ids: readonly string[] }
  /** A person's own partition, where what they import without seeing identities waits, and their own imports. By the person's id. */
  | { readonly kind: 'own'; readonly ids: readonly string[] }
  /** What is of no group. */
  | { readonly kind: 'ungrouped' }
  /** These studies with their series, instances and headers and their patients' records, of whatever group: for reading only, and nothing else that hangs there. */
  | { readonly kind: 'studies'; readonly ids: readonly string[] };

/** Which rows exist for an actor: those of any of its arms, in the query and in row-level security alike. Without arms none do. */
export type Scope = readonly Arm[];

export const ALL: Arm = { kind: 'all' };
export const UNGROUPED: Arm = { kind: 'ungrouped' };
export const ofGroups = (ids: readonly string[]): Arm => ({ kind: 'group', ids });
export const ofGroup = (id: string): Arm => ofGroups([id]);
export const ownOf = (userId: string): Arm => ({ kind: 'own', ids: [userId] });
export const theseStudies = (ids: readonly string[]): Arm => ({ kind: 'studies', ids });

/** What is of one group, or of none. */
export const partition = (groupId: string | null): Scope => [groupId === null ? UNGROUPED : ofGroup(groupId)];

/** No rows: for what is asked of tables that are nobody's. */
export const NOTHING: Scope = [];

export const hasArm = (scope: Scope, kind: Arm['kind']): boolean => scope.some((arm) => arm.kind === kind);

/** The ids of all arms of a kind, in the order of the scope. */
export const idsOf = (scope: Scope, kind: 'group' | 'own' | 'studies'): readonly string[] =>
  scope.flatMap((arm) => (arm.kind === kind ? arm.ids : []));

/** What of a scope is in no group. */
export const ungroupedOf = (scope: Scope): Scope => (hasArm(scope, 'all') || hasArm(scope, 'ungrouped') ? [UNGROUPED] : NOTHING);

/** A place where a UID of the scope stands. `is_held`: in somebody's own partition. */
interface Place {
  readonly group_id: string | null;
  readonly is_held: boolean | null;
}

/**
 * Whether several places of one UID are alike near: for who sees all any two, else two of one's groups. What is in one's own partition goes before these, what is in
 * no group behind.
 */
export function isAmbiguous(scope: Scope, places: readonly Place[]): boolean {
  const of = (kind: 'group' | 'own') => places.filter(({ group_id: id }) => id !== null && idsOf(scope, kind).includes(id));
  if (hasArm(scope, 'all')) return places.filter(({ is_held }) => is_held !== true).length > 1;
  return of('own').length === 0 && of('group').length > 1;
}

/** Names a scope: what is kept for one is not kept for another. */
export const scopeKey = (scope: Scope): string => JSON.stringify(scope);
