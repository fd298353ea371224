import type { RowKinds, TextRows, UidRows } from '../../archive/row-kind.ts';

/** Reports of imports name the patient that files went to. A report outlives its patient. */
export const IMPORT_KINDS: RowKinds = [
  {
    table: 'imports',
    level: 'patient',
    key: 'patient_id',
    merge: 'follows',
    purge: 'let-go',
    erase: { mismatch_reason: 'NULL' },
    export: 'stays',
  },
  {
    table: 'import_files',
    level: 'patient',
    key: 'patient_id',
    merge: 'follows',
    purge: 'stay',
    // How many there were, and what became of them, stays in the report.
    erase: {
      name: "''",
      file_sha256: 'NULL',
      patient_id: 'NULL',
      study_instance_uid: 'NULL',
      series_instance_uid: 'NULL',
      sop_instance_uid: 'NULL',
    },
    export: 'stays',
  },
];

/** What was refused or kept aside went to no patient. */
export const IMPORT_UIDS: readonly UidRows[] = [
  {
    table: 'import_files',
    studyUid: 'study_instance_uid',
    only: 'patient_id IS NULL',
    erase: { name: "''", file_sha256: 'NULL', study_instance_uid: 'NULL', series_instance_uid: 'NULL', sop_instance_uid: 'NULL' },
  },
];

/** Nor did it say of which study it was, where it could not be read: people call files by names. */
export const IMPORT_TEXTS: readonly TextRows[] = [
  {
    table: 'import_files',
    text: 'name',
    only: "patient_id IS NULL AND study_instance_uid IS NULL AND name <> ''",
    erase: { name: "''", file_sha256: 'NULL' },
  },
];
