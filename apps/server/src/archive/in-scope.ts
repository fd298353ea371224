import { hasArm, idsOf, type Scope } from '../access/scope.ts';

/** How the rows of a table hang on the studies that a parameter names, before and behind it. The policies `in_studies` say the same (functions/policies.sql). */
const ON_STUDIES = {
  patients: 'id IN (SELECT shared.patient_id FROM studies shared WHERE shared.id = ANY (',
  studies: 'id = ANY (',
  series: 'study_id = ANY (',
  instances: 'series_id IN (SELECT shared.id FROM series shared WHERE shared.study_id = ANY (',
  instance_metadata: 'series_id IN (SELECT shared.id FROM series shared WHERE shared.study_id = ANY (',
} as const;
const BEHIND = { patients: ')', studies: '', series: '', instances: ')', instance_metadata: ')' } as const;

/** The parameters behind one, as the compiler can count them. */
const SECOND = { 1: 2, 2: 3, 3: 4 } as const;
const THIRD = { 1: 3, 2: 4, 3: 5 } as const;
const FOURTH = { 1: 4, 2: 5, 3: 6 } as const;
type First = keyof typeof SECOND;

/** The partitions of a scope as a condition on any table's rows: on those, too, that hang on a study and are not served with its images. */
export const inPartition = <const A extends string, const N extends First>(alias: A, first: N) =>
  `($${first}::boolean OR ${alias}.group_id = ANY ($${SECOND[first]}::uuid[]) OR (${alias}.group_id IS NULL AND $${THIRD[first]}::boolean))` as const;

/**
 * The scope as a condition on the rows of a table; its values are the four parameters from `first` on. The last is null for who has no
 * studies as an arm, so that nothing of it is left in the plan.
 */
export const inScope = <const T extends keyof typeof ON_STUDIES, const A extends string, const N extends First>(
  table: T,
  alias: A,
  first: N,
) =>
  `(${inPartition(alias, first)} OR ($${FOURTH[first]}::uuid[] IS NOT NULL AND ${alias}.${ON_STUDIES[table]}$${FOURTH[first]}::uuid[])${BEHIND[table]}))` as const;

/** The values of `inPartition`; the partitions nearest first: that of what somebody imported without seeing identities, then their groups. */
export const partitionValues = (scope: Scope): [all: boolean, partitions: string[], ungrouped: boolean] => [
  hasArm(scope, 'all'),
  [...idsOf(scope, 'own'), ...idsOf(scope, 'group')],
  hasArm(scope, 'ungrouped'),
];

/** The values of `inScope`. */
export const scopeValues = (scope: Scope): [all: boolean, partitions: string[], ungrouped: boolean, studies: string[] | null] => [
  ...partitionValues(scope),
  hasArm(scope, 'studies') ? [...idsOf(scope, 'studies')] : null,
];
