import type { RowKinds } from '../../archive/row-kind.ts';
import { orderStatus } from './hanging-rows.ts';

/** Consultations go with their patient, and what is ordered in them; what was attached goes with the study. */
export const CONSULTATION_KINDS: RowKinds = [
  {
    table: 'film_orders',
    level: 'patient',
    key: 'patient_id',
    group: 'group_id',
    merge: 'follows',
    purge: 'delete',
    export: {
      columns: ['id', 'consultation_id', 'modality', 'body_part', 'reason', 'ordered_at'],
      computed: { status: orderStatus('k') },
      permission: 'consultations.read',
    },
  },
  // What a device has told goes with its patient; nobody has written it, and it is in its images.
  {
    table: 'performed_steps',
    level: 'patient',
    key: 'patient_id',
    group: 'group_id',
    merge: 'follows',
    purge: 'delete',
    export: 'stays',
  },
  // An order outlives the study that it was done by.
  { table: 'film_orders', level: 'study', key: 'study_id', merge: 'stays', purge: 'let-go', export: 'stays' },
  {
    table: 'consultation_studies',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  {
    table: 'consultations',
    level: 'patient',
    key: 'patient_id',
    group: 'group_id',
    merge: 'follows',
    purge: 'delete',
    export: {
      permission: 'consultations.read',
      columns: [
        'id',
        'day',
        'status',
        'reason',
        'symptoms',
        'vital_signs',
        'vital_signs_at',
        'notes',
        'arrived_at',
        'started_at',
        'ended_at',
      ],
    },
  },
];
