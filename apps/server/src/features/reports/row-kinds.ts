import type { RowKinds } from '../../archive/row-kind.ts';

/** A report goes with its study; a draft, and what was typed on the way, leave by no export. */
export const REPORT_KINDS: RowKinds = [
  {
    table: 'report_drafts',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  { table: 'report_edits', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete', export: 'stays' },
  {
    table: 'report_versions',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: {
      permission: 'reports.read',
      columns: ['id', 'number', 'signed_at'],
      computed: { content: "convert_from(k.content, 'UTF8')::jsonb", sha256: "encode(k.sha256, 'hex')" },
    },
  },
  // The documents themselves are instances of the study.
  {
    table: 'report_documents',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    instance: 'sop_instance_uid',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
];
