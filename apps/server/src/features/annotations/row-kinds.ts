import type { RowKinds } from '../../archive/row-kind.ts';

/** What is drawn goes with its study, wherever that goes; the images are named by their UIDs. */
export const ANNOTATION_KINDS: RowKinds = [
  {
    table: 'annotations',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: {
      permission: 'annotations.read',
      columns: [
        'id',
        'series_instance_uid',
        'sop_instance_uid',
        'frame',
        'kind',
        'geometry',
        'label',
        'version',
        'created_at',
        'changed_at',
      ],
      only: 'NOT k.is_deleted',
    },
  },
  // What was drawn before is the record's history, and stays with it.
  {
    table: 'annotation_edits',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  // The documents themselves are instances of the study.
  {
    table: 'kept_documents',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    instance: 'sop_instance_uid',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
];
