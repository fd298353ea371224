import type { RowKinds } from '../../archive/row-kind.ts';

/** Who reads a study goes with it; what is over in minutes leaves in no export. */
export const READING_KINDS: RowKinds = [
  { table: 'readings', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete', export: 'stays' },
];
