import { isStudyOf } from '../../archive/records/whose.ts';
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
      // One that was signed for another record names its patient: it leaves with nobody until it is amended.
      only: isStudyOf('k.study_id', 'k.written_for'),
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
    instanceStays: `NOT EXISTS (SELECT FROM report_versions v WHERE v.study_id = k.study_id AND v.number = k.number AND ${isStudyOf('v.study_id', 'v.written_for')})`,
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
];
