import type { RowKinds } from '../../archive/row-kind.ts';

/** Who reads a study goes with it, and what it is labelled; that is the site's own business and leaves in no export. */
export const READING_KINDS: RowKinds = [
  { table: 'readings', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete', export: 'stays' },
  { table: 'study_labels', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete', export: 'stays' },
];
