import { z } from 'zod';
import { DicomUid, IdParams, Instant, ListQuery, listOf, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { PREDICTION_FAILURE_CODES } from './prediction-failures.ts';
import { OpinionKind, Validation } from './said.ts';

export const PredictionStatus = z.enum(['QUEUED', 'RUNNING', 'DONE', 'FAILED']);
export type PredictionStatus = z.infer<typeof PredictionStatus>;
/** `AGE_UNKNOWN`: nothing says how old the patient was. `CUT_OFF`: the lungs may leave the picture. `SENT_ON`: refused, and sent on by a physician.
 * `PATIENT_TOO_YOUNG`: who the film is of by now, or by a corrected birth date, was too young for the model. */
export const PredictionWarning = z.enum(['AGE_UNKNOWN', 'CUT_OFF', 'SENT_ON', 'PATIENT_TOO_YOUNG']);
export type PredictionWarning = z.infer<typeof PredictionWarning>;
/** How far it is: asked and not answered, refused, answered, read by a physician, and what became of its score. */
export const PredictionState = z.enum(['QUEUED', 'FAILED', 'DONE', 'READ', 'VALIDATED', 'REJECTED']);
export type PredictionState = z.infer<typeof PredictionState>;
export const ConfidenceLevel = z.enum(['LOW', 'MEDIUM', 'HIGH']);
export type ConfidenceLevel = z.infer<typeof ConfidenceLevel>;

const Fraction = z.number().min(0).max(1);
const Both = z.object({ fr: z.string(), en: z.string() });

/** Where what speaks for the finding is, as the model has it: model evidence, no lesion. Thirds as one looks at the film; the patient's sides. */
export const EvidenceRegion = z.enum(['RIGHT_UPPER', 'RIGHT_MIDDLE', 'RIGHT_LOWER', 'LEFT_UPPER', 'LEFT_MIDDLE', 'LEFT_LOWER']);
export const PredictionFeature = z.object({
  kind: z.literal('MODEL_EVIDENCE'),
  region: EvidenceRegion,
  score: Fraction,
  /** Left, top, right and bottom as fractions of the image. */
  box: z.array(Fraction).length(4),
});
export type PredictionFeature = z.infer<typeof PredictionFeature>;

/** What a model says of a film. What is a result is null until there is one, and for who may not see it yet (`isScoreHidden`). */
export const Prediction = z.object({
  id: Uuid,
  consultationId: Uuid.nullable(),
  /** What is asked; `tuberculosis`. */
  question: z.string(),
  /** Of what is in the archive; null for an upload. */
  study: z
    .object({
      id: Uuid,
      studyInstanceUid: z.string(),
      groupId: Uuid.nullable(),
      patientId: Uuid,
      recordNumber: z.string(),
      /** Null for who may see no identities. */
      lastName: z.string().nullable(),
      firstName: z.string().nullable(),
    })
    .nullable(),
  seriesInstanceUid: z.string().nullable(),
  /** Null for an upload, and where the film of a study is yet to be chosen. */
  sopInstanceUid: z.string().nullable(),
  status: PredictionStatus,
  failureCode: z.enum(PREDICTION_FAILURE_CODES).nullable(),
  /** With TURNED: degrees counter-clockwise by which the picture seems to be turned. */
  turnedDegrees: z.int().nullable(),
  /** Whether the actor may send it on to the model all the same. */
  maySendOn: z.boolean(),
  /** Whether the actor may cancel it: it waits, and is their own, or they decide about scores. */
  mayCancel: z.boolean(),
  warnings: z.array(PredictionWarning),
  state: PredictionState,
  isScoreHidden: z.boolean(),
  /** Whether the site reads blind: a physician's own opinion comes before the score. */
  isBlind: z.boolean(),
  /** Whether the actor is to say what they see before anything else is shown to them. */
  isOpinionAsked: z.boolean(),
  /** What the actor said last of it. */
  ownOpinion: z.object({ id: Uuid, opinion: OpinionKind }).nullable(),
  /** What stands; null for who does not see the score. */
  validation: Validation.nullable(),
  readAt: Instant.nullable(),
  validatedAt: Instant.nullable(),
  /** 1 where the score reaches the threshold. */
  prediction: z.union([z.literal(0), z.literal(1)]).nullable(),
  /** The model's score, 0 to 1: no post-test probability before it was recalibrated at the site. */
  probability: Fraction.nullable(),
  /** How sure the model is of its side of the threshold, 0.5 to 1. */
  confidence: Fraction.nullable(),
  confidenceLevel: ConfidenceLevel.nullable(),
  threshold: Fraction.nullable(),
  interpretation: Both.nullable(),
  recommendation: Both.nullable(),
  featuresDetected: z.array(PredictionFeature),
  heatmapUrl: z.string().nullable(),
  modelName: z.string(),
  modelVersion: z.string(),
  /** Of a film that was refused and sent on: what for, why, by whom and when; the reason and the name are null for who may see no identities. */
  sentOn: z
    .object({
      fromId: Uuid,
      failureCode: z.enum(PREDICTION_FAILURE_CODES),
      reason: z.string().nullable(),
      by: z.string().nullable(),
      at: Instant,
    })
    .nullable(),
  requestedBy: Uuid.nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
  /** An upload is removed, with all that is said of it, after this. */
  keptUntil: Instant.nullable(),
});
export type Prediction = z.infer<typeof Prediction>;

/** `sopInstanceUid`: this image; `studyInstanceUid` alone: the first frontal chest film of the study. */
export const PredictBody = z
  .strictObject({
    sopInstanceUid: DicomUid.optional(),
    studyInstanceUid: DicomUid.optional(),
    groupId: Partition.optional(),
  })
  .refine(({ sopInstanceUid, studyInstanceUid }) => sopInstanceUid !== undefined || studyInstanceUid !== undefined, {
    path: ['sopInstanceUid'],
    message: 'An image or a study.',
  });
export type PredictBody = z.infer<typeof PredictBody>;

/** Of an upload, whose file may say nothing of it. */
/** Digits alone: an empty value is no newborn. */
const AgeYears = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number)
  .pipe(z.number().max(130));
const PredictQuery = z.strictObject({ ageYears: AgeYears.optional() });

export const predict = defineOperation({
  id: 'predict',
  method: 'POST',
  path: '/api/predict',
  tag: 'predictions',
  permission: 'predictions.run',
  summary:
    'Ask the model about an image or study of the archive (JSON: sopInstanceUid, or studyInstanceUid for its first frontal chest film), or about a DICOM, PNG or JPEG file as the body (application/dicom, image/png, image/jpeg), which is kept for 24 hours for its sender alone; `Prefer: wait=30` waits for the answer',
  query: PredictQuery,
  rawBody: 'application/json',
  responses: { 200: Prediction, 202: Prediction },
  errors: ['AMBIGUOUS_UID', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'STORAGE_FULL', 'TOO_MANY_PREDICTIONS'],
});
export const predictStudy = defineOperation({
  id: 'predictStudy',
  method: 'POST',
  path: '/api/studies/{studyInstanceUid}/predictions',
  tag: 'predictions',
  permission: 'predictions.run',
  summary: 'Ask the model about an image of a study, or about its first frontal chest film',
  params: z.strictObject({ studyInstanceUid: DicomUid }),
  query: z.strictObject({ groupId: Partition.optional() }),
  body: z.strictObject({ sopInstanceUid: DicomUid.optional() }),
  responses: { 202: Prediction },
  errors: ['AMBIGUOUS_UID', 'TOO_MANY_PREDICTIONS'],
});
export const listPredictions = defineOperation({
  id: 'listPredictions',
  method: 'GET',
  path: '/api/predictions',
  tag: 'predictions',
  permission: 'predictions.read',
  summary: 'Predictions in scope and one’s own uploads, the newest first',
  query: ListQuery.omit({ q: true, sort: true }).extend({
    studyId: Uuid.optional(),
    /** The same by its UID; NOT_FOUND for one out of scope. */
    studyInstanceUid: DicomUid.optional(),
    groupId: Partition.optional(),
    status: PredictionStatus.optional(),
    state: PredictionState.optional(),
    /** Asked since, and before. */
    from: Instant.optional(),
    to: Instant.optional(),
    uploads: z.enum(['true', 'false']).optional(),
  }),
  responses: { 200: listOf(Prediction) },
  errors: ['BAD_CURSOR', 'AMBIGUOUS_UID'],
});
export const getPrediction = defineOperation({
  id: 'getPrediction',
  method: 'GET',
  path: '/api/predictions/{id}',
  tag: 'predictions',
  permission: 'predictions.read',
  summary: 'One prediction',
  params: IdParams,
  responses: { 200: Prediction },
});
export const predictionEvents = defineOperation({
  id: 'predictionEvents',
  method: 'GET',
  path: '/api/predictions/events',
  tag: 'predictions',
  permission: 'predictions.read',
  summary: 'Server-sent events `changed` with each prediction in scope whose state changes, of one study or of all, and `alive`',
  query: z.strictObject({ studyId: Uuid.optional() }),
  responses: { 200: { stream: 'text/event-stream' } },
});
export const predictionHeatmap = defineOperation({
  id: 'predictionHeatmap',
  method: 'GET',
  path: '/api/predictions/{id}/heatmap.png',
  tag: 'predictions',
  permission: 'predictions.read',
  summary:
    'The model’s evidence as a PNG of colour and alpha that lies on the whole image; where the score reaches the threshold',
  params: IdParams,
  responses: { 200: { stream: 'image/png' } },
  errors: ['OBJECT_DAMAGED'],
});
export const cancelPrediction = defineOperation({
  id: 'cancelPrediction',
  method: 'POST',
  path: '/api/predictions/{id}/cancel',
  tag: 'predictions',
  permission: 'predictions.run',
  summary: 'Cancel a prediction that has no answer yet: one’s own, or any by who decides about scores; CONFLICT where it has one',
  params: IdParams,
  responses: { 200: Prediction },
  errors: ['CONFLICT'],
});
/** At least five letters or digits: a reason that nobody can see is none. */
const Reason = z
  .string()
  .trim()
  .min(5)
  .max(500)
  .regex(/(?:[\p{L}\p{N}][^\p{L}\p{N}]*){5}/u);
export const sendOnPrediction = defineOperation({
  id: 'sendOnPrediction',
  method: 'POST',
  path: '/api/predictions/{id}/send-on',
  tag: 'predictions',
  permission: 'predictions.validate',
  summary:
    'Ask the model about a film that was refused all the same, with a reason that stays with the answer, which is a prediction of its own',
  params: IdParams,
  body: z.strictObject({ reason: Reason }),
  responses: { 202: Prediction },
  errors: ['CONFLICT'],
});

export const predictionOperations = [
  predict,
  predictStudy,
  listPredictions,
  getPrediction,
  predictionEvents,
  predictionHeatmap,
  cancelPrediction,
  sendOnPrediction,
] as const;
