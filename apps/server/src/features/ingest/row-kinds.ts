import type { RowKinds } from '../../archive/row-kind.ts';

/** Reports of imports name the patient that files went to. A report outlives its patient. */
export const IMPORT_KINDS: RowKinds = [
  { table: 'imports', level: 'patient', key: 'patient_id', merge: 'follows', purge: 'let-go', export: 'stays' },
  { table: 'import_files', level: 'patient', key: 'patient_id', merge: 'follows', purge: 'stay', export: 'stays' },
];
