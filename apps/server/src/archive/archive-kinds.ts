import type { RowKinds } from './row-kind.ts';

/** Of the archive itself, besides patients, studies, series and instances. */
export const ARCHIVE_KINDS: RowKinds = [
  // What a merge does with identifiers is its own affair: they are known under both records.
  {
    table: 'patient_identifiers',
    level: 'patient',
    key: 'patient_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  {
    table: 'conflicts',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    object: {
      column: 'id',
      // What took another's place is an instance now.
      while: "(status IN ('OPEN', 'KEPT') OR (status = 'DISCARDED' AND object_until > now()))",
      size: 'size_bytes',
      sha256: 'file_sha256',
      damagedAs: 'CONFLICT',
    },
    // Whose it is nobody has decided.
    export: 'stays',
  },
  {
    table: 'instance_versions',
    level: 'series',
    key: 'series_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    object: {
      column: 'id',
      size: "(row->>'size_bytes')::bigint",
      sha256: "decode(substr(row->>'file_sha256', 3), 'hex')",
      damagedAs: 'VERSION',
    },
    export: 'stays',
  },
  {
    table: 'instance_metadata',
    level: 'series',
    key: 'series_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  // A copy that comes back in an import is refused, wherever the study is, and after it is gone.
  {
    table: 'withdrawn_instances',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'let-go',
    export: 'stays',
  },
  { table: 'study_moves', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete', export: 'stays' },
  {
    table: 'patient_merges',
    level: 'patient',
    key: 'into_patient_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  // Of a patient: it goes where all of them goes. One that stands is let go by nobody but who lifts it.
  {
    table: 'legal_holds',
    level: 'patient',
    key: 'patient_id',
    group: 'group_id',
    merge: 'follows',
    purge: 'delete',
    export: 'stays',
  },
  { table: 'legal_holds', level: 'study', key: 'study_id', group: 'group_id', merge: 'stays', purge: 'delete', export: 'stays' },
];
