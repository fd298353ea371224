import type { RowKinds } from '../../archive/row-kind.ts';

/** What models say hangs on the study of its film; the image is named by its UIDs. Nothing leaves before a person has taken it over. */
export const PREDICTION_KINDS: RowKinds = [
  {
    table: 'predictions',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    object: { column: 'heat_object', size: 'heat_size', sha256: 'heat_sha256', damagedAs: 'DERIVED' },
    export: {
      permission: 'predictions.read',
      columns: [
        'id',
        'question',
        'series_instance_uid',
        'sop_instance_uid',
        'status',
        'failure_code',
        'warnings',
        'model_name',
        'model_version',
        'threshold',
        'probability',
        'recalibrated',
        'confidence',
        'confidence_level',
        'features',
        'sent_on_code',
        'created_at',
        'finished_at',
        'validated_at',
      ],
      only: 'k.validated_at IS NOT NULL',
      extension: 'png',
    },
  },
  // What a physician saw before the score is for who measures readers, not for who takes the images along.
  {
    table: 'prediction_opinions',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
  {
    table: 'prediction_validations',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    merge: 'stays',
    purge: 'delete',
    export: {
      permission: 'predictions.read',
      // Comments are free text.
      columns: ['id', 'prediction_id', 'number', 'status', 'finding', 'source', 'created_at'],
      only: 'EXISTS (SELECT FROM predictions v WHERE v.id = k.prediction_id AND v.validated_at IS NOT NULL)',
    },
  },
  // The instances themselves are of the study: a report and its heat map.
  {
    table: 'prediction_results',
    level: 'study',
    key: 'study_id',
    group: 'group_id',
    instance: 'unnest(ARRAY[sop_instance_uid, heat_sop_instance_uid])',
    merge: 'stays',
    purge: 'delete',
    export: 'stays',
  },
];
