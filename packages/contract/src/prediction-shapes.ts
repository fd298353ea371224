import { z } from 'zod';
import { Instant, Uuid } from './common.ts';
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

/** What a score says at a site whose own cases its model was recalibrated on, with its 95 % interval: how many, and when. */
export const Recalibrated = z.object({ share: Fraction, low: Fraction, high: Fraction, cases: z.int(), at: Instant });
export type Recalibrated = z.infer<typeof Recalibrated>;

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
  /** The model's score, 0 to 1: no probability of disease. */
  probability: Fraction.nullable(),
  /** The probability, where the model had been recalibrated at the site when it answered. */
  recalibrated: Recalibrated.nullable(),
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
