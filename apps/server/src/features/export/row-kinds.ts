import type { RowKinds } from '../../archive/row-kind.ts';

/** What somebody decided of a file's pixels is about that file: it goes where it goes, and leaves in no export but in what became of the pixels. */
export const EXPORT_KINDS: RowKinds = [
  {
    table: 'deid_held_files',
    level: 'instance',
    key: 'instance_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
];
