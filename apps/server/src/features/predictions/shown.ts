import { PREDICTION_FAILURES, type Prediction } from '@negatoscope/contract';
import { can, type Person, seesIdentity } from '../../access/index.ts';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import type { PredictionRow } from './repository.ts';

/**
 * Whether a person may see what the model says: who only asks (a token for a gateway) is told how far it is; staff at the desk see how far it is, and the score once a person has taken it over. The one place that decides it,
 * for lists, single ones, events and heat maps alike.
 */
export const seesScore = (actor: Person, { validated_at }: Pick<PredictionRow, 'validated_at'>): boolean =>
  can(actor, 'predictions.read') && (actor.role !== 'STAFF' || validated_at !== null);

const sentOnOf = (row: PredictionRow, actor: Person): Prediction['sentOn'] =>
  row.sent_on_from === null || row.sent_on_code === null
    ? null
    : {
        fromId: row.sent_on_from,
        failureCode: row.sent_on_code,
        reason: seesIdentity(actor) ? row.sent_on_reason : null,
        by: seesIdentity(actor) ? row.requester_name : null,
        at: row.created_at.toISOString(),
      };

const studyOf = (row: PredictionRow, study: StudyRow | undefined): Prediction['study'] =>
  row.study_id === null || study === undefined
    ? null
    : {
        id: row.study_id,
        studyInstanceUid: study.study_instance_uid,
        groupId: row.group_id,
        patientId: study.patient_id,
        recordNumber: study.p_record_number,
      };

type Result = Pick<
  Prediction,
  | 'prediction'
  | 'probability'
  | 'confidence'
  | 'confidenceLevel'
  | 'threshold'
  | 'interpretation'
  | 'recommendation'
  | 'featuresDetected'
  | 'heatmapUrl'
>;

const NO_RESULT: Result = {
  prediction: null,
  probability: null,
  confidence: null,
  confidenceLevel: null,
  threshold: null,
  interpretation: null,
  recommendation: null,
  featuresDetected: [],
  heatmapUrl: null,
};

const resultOf = (row: PredictionRow): Result => ({
  prediction: row.is_positive === null ? null : row.is_positive ? 1 : 0,
  probability: row.probability,
  confidence: row.confidence,
  confidenceLevel: row.confidence_level,
  threshold: row.threshold,
  interpretation: row.interpretation,
  recommendation: row.recommendation,
  featuresDetected: row.features,
  heatmapUrl: row.heat_object === null ? null : `/api/predictions/${row.id}/heatmap.png`,
});

/** A prediction as the API shows it; `study` is that of its row. */
export function predictionOf(row: PredictionRow, actor: Person, study: StudyRow | undefined): Prediction {
  const isDone = row.status === 'DONE';
  const isShown = isDone && seesScore(actor, row);
  return {
    id: row.id,
    consultationId: row.consultation_id,
    question: row.question,
    study: studyOf(row, study),
    seriesInstanceUid: row.series_instance_uid,
    sopInstanceUid: row.sop_instance_uid,
    status: row.status,
    failureCode: row.failure_code,
    turnedDegrees: row.turned_degrees,
    maySendOn: row.failure_code !== null && PREDICTION_FAILURES[row.failure_code].maySendOn && can(actor, 'predictions.validate'),
    warnings: row.warnings,
    isScoreHidden: isDone && !isShown,
    ...(isShown ? resultOf(row) : NO_RESULT),
    modelName: row.model_name,
    modelVersion: row.model_version,
    sentOn: sentOnOf(row, actor),
    requestedBy: row.requested_by,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    keptUntil: row.upload_until?.toISOString() ?? null,
  };
}
