import { type Opinion, PREDICTION_FAILURES, type Prediction, type PredictionState, type Validation } from '@negatoscope/contract';
import { can, type Person, seesIdentity } from '../../access/index.ts';
import type { Found } from './find.ts';
import type { PredictionRow } from './repository.ts';
import type { OpinionRow, ValidationRow } from './said/repository.ts';
import { coarseMoment, sightOf } from './seen.ts';

/**
 * Whether a person may see what the model says: who only asks (a token for a gateway) is told how far it is; staff at the desk see how far it is, and the score once a person has taken it over. Where a site reads blind
 * everybody waits for that, or says first what they see: of the film itself, not of a copy that they sent. The one place that decides it, for lists, single ones, events and heat maps alike; `scoreSeen` says the same of the archive’s films to the database, for figures.
 */
export const seesScore = (
  actor: Person,
  { row, opinion, waitsElsewhere }: Pick<Found, 'row' | 'opinion' | 'waitsElsewhere'>,
): boolean => {
  const [any, early] = sightOf(actor);
  return any && !waitsElsewhere && (row.validated_at !== null || (early && (!row.is_blind || opinion !== undefined)));
};

/** What waits is cancelled by who asked, by who decides about scores, and by who runs the server. */
export const mayCancel = (actor: Person, { requested_by }: Pick<PredictionRow, 'requested_by'>): boolean =>
  can(actor, 'predictions.run') &&
  (requested_by === actor.userId || can(actor, 'predictions.validate') || can(actor, 'system.manage'));
const isWaiting = ({ status }: PredictionRow): boolean => status === 'QUEUED' || status === 'RUNNING';

/** Whether a person is to say what they see before they are shown a score. */
const isOpinionAsked = (actor: Person, { row, opinion }: Found): boolean =>
  row.is_blind &&
  row.status !== 'FAILED' &&
  row.validated_at === null &&
  opinion === undefined &&
  can(actor, 'predictions.validate');

const stateOf = ({ status, validated_at, validation_status, read_at }: PredictionRow): PredictionState => {
  if (status !== 'DONE') return status === 'FAILED' ? 'FAILED' : 'QUEUED';
  if (validated_at !== null) return 'VALIDATED';
  if (validation_status !== null) return 'REJECTED';
  return read_at === null ? 'DONE' : 'READ';
};

/** A decision as the API shows it: free text and names to who may see whom they are about. */
export const validationOf = (row: ValidationRow, actor: Person): Validation => ({
  id: row.id,
  status: row.status,
  comment: seesIdentity(actor) ? row.comment : null,
  finalDiagnosis: row.finding === null || row.source === null ? null : { finding: row.finding, source: row.source },
  by: seesIdentity(actor) ? row.author : null,
  at: row.created_at.toISOString(),
});

export const opinionOf = (row: OpinionRow, actor: Person): Opinion => ({
  id: row.id,
  opinion: row.opinion,
  comment: seesIdentity(actor) ? row.comment : null,
  isBlind: row.is_blind,
  isAmendment: row.number > 1,
  by: seesIdentity(actor) ? row.author : null,
  at: row.created_at.toISOString(),
});

/** Where a reading by a person stands. */
const readingOf = (found: Found, actor: Person, isShown: boolean) => {
  const { row, opinion, validation } = found;
  return {
    state: stateOf(row),
    isBlind: row.is_blind,
    isOpinionAsked: isOpinionAsked(actor, found),
    ownOpinion: opinion === undefined ? null : { id: opinion.id, opinion: opinion.opinion },
    validation: isShown && validation !== undefined ? validationOf(validation, actor) : null,
    readAt: row.read_at?.toISOString() ?? null,
    validatedAt: row.validated_at?.toISOString() ?? null,
  };
};

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

const studyOf = ({ row, study }: Found, actor: Person): Prediction['study'] =>
  row.study_id === null || study === undefined
    ? null
    : {
        id: row.study_id,
        studyInstanceUid: study.study_instance_uid,
        groupId: row.group_id,
        patientId: study.patient_id,
        recordNumber: study.p_record_number,
        lastName: seesIdentity(actor) ? study.family_name : null,
        firstName: seesIdentity(actor) ? study.given_name : null,
      };

type Result = Pick<
  Prediction,
  | 'prediction'
  | 'probability'
  | 'recalibrated'
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
  recalibrated: null,
  confidence: null,
  confidenceLevel: null,
  threshold: null,
  interpretation: null,
  recommendation: null,
  featuresDetected: [],
  heatmapUrl: null,
};

const resultOf = ({ row, isTooYoung }: Found): Result => ({
  prediction: row.is_positive === null ? null : row.is_positive ? 1 : 0,
  probability: row.probability,
  // No such case was among those that it was recalibrated on.
  recalibrated: isTooYoung ? null : row.recalibrated,
  confidence: row.confidence,
  // What would have been refused is never more than low.
  confidenceLevel: isTooYoung ? 'LOW' : row.confidence_level,
  threshold: row.threshold,
  interpretation: row.interpretation,
  recommendation: row.recommendation,
  featuresDetected: row.features,
  heatmapUrl: row.heat_object === null ? null : `/api/predictions/${row.id}/heatmap.png`,
});

const finishedOf = ({ created_at, finished_at }: PredictionRow, isHidden: boolean): string | null =>
  finished_at === null ? null : (isHidden ? coarseMoment(created_at, finished_at) : finished_at).toISOString();

/** A prediction as the API shows it. */
export function predictionOf(found: Found, actor: Person): Prediction {
  const { row } = found;
  const isDone = row.status === 'DONE';
  const isShown = isDone && seesScore(actor, found);
  return {
    id: row.id,
    consultationId: row.consultation_id,
    question: row.question,
    study: studyOf(found, actor),
    seriesInstanceUid: row.series_instance_uid,
    sopInstanceUid: row.sop_instance_uid,
    status: row.status,
    failureCode: row.failure_code,
    turnedDegrees: row.turned_degrees,
    maySendOn: row.failure_code !== null && PREDICTION_FAILURES[row.failure_code].maySendOn && can(actor, 'predictions.validate'),
    mayCancel: isWaiting(row) && mayCancel(actor, row),
    warnings: found.isTooYoung ? [...row.warnings, 'PATIENT_TOO_YOUNG'] : row.warnings,
    isScoreHidden: isDone && !isShown,
    ...readingOf(found, actor, isShown),
    ...(isShown ? resultOf(found) : NO_RESULT),
    modelName: row.model_name,
    modelVersion: row.model_version,
    sentOn: sentOnOf(row, actor),
    requestedBy: row.requested_by,
    createdAt: row.created_at.toISOString(),
    finishedAt: finishedOf(row, isDone && !isShown),
    keptUntil: row.upload_until?.toISOString() ?? null,
  };
}
