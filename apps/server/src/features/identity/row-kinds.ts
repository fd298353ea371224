import type { RowKinds } from '../../archive/row-kind.ts';

/** Who opened a patient in an emergency stands by the record until it goes for good; the journal keeps it longer. */
export const EMERGENCY_KINDS: RowKinds = [
  { table: 'emergency_accesses', level: 'patient', key: 'patient_id', merge: 'stays', purge: 'delete', export: 'stays' },
];
