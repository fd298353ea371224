import type { RowKinds } from '../../archive/row-kind.ts';

/** That somebody came back who was erased stands by the record that came. */
export const PRIVACY_KINDS: RowKinds = [
  {
    table: 'erased_returns',
    level: 'patient',
    key: 'patient_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
];
