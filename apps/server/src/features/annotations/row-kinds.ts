import type { RowKinds } from '../../archive/kinds.ts';

/** What is drawn goes with its study, wherever that goes; the images are named by their UIDs. */
export const ANNOTATION_KINDS: RowKinds = [
  { table: 'annotations', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete' },
  { table: 'annotation_edits', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete' },
];
