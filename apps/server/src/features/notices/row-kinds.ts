import type { RowKinds } from '../../archive/row-kind.ts';

/** What people were told of a study ends with it; it is theirs, of no partition. */
export const NOTICE_KINDS: RowKinds = [
  { table: 'notices', level: 'study', key: 'study_id', merge: 'stays', purge: 'delete', export: 'stays' },
];
