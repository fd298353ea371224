import { z } from 'zod';
import { DicomUid, IdParams, Instant, ListQuery, listOf, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

interface FailureEntry {
  readonly fr: string;
  readonly en: string;
  /** What to do about it. */
  readonly frNext: string;
  readonly enNext: string;
  /** A physician may send the film on to the model all the same, with a reason that stays visible. */
  readonly maySendOn: boolean;
}

/** Why a prediction gives no score, in both languages, and what to do. A picture that seems turned or inverted is asked about, not stated. */
export const PREDICTION_FAILURES = {
  NOT_A_CHEST: {
    fr: 'Cette image ne semble pas être une radiographie du thorax de face.',
    en: 'This picture does not look like a frontal chest film.',
    frNext: 'Choisissez un autre cliché. Si c’en est bien un, un médecin peut le transmettre en disant pourquoi.',
    enNext: 'Choose another film. If it is one, a physician may send it on and say why.',
    maySendOn: true,
  },
  TURNED: {
    fr: 'Cette image est-elle tournée ?',
    en: 'Is this picture turned?',
    frNext: 'Vérifiez le sens du cliché et importez-le à l’endroit, ou transmettez-le s’il est droit.',
    enNext: 'Check which way up the film is and import it upright, or send it on if it is.',
    maySendOn: true,
  },
  INVERTED: {
    fr: 'Le noir et le blanc de cette image sont-ils inversés ?',
    en: 'Are black and white of this picture inverted?',
    frNext: 'Vérifiez la polarité (les poumons doivent être noirs), ou transmettez le cliché s’il est juste.',
    enNext: 'Check the polarity (lungs are dark), or send the film on if it is right.',
    maySendOn: true,
  },
  COLOUR_PHOTOGRAPH: {
    fr: 'Cette image est une photographie en couleurs.',
    en: 'This picture is a colour photograph.',
    frNext: 'Numérisez le cliché en niveaux de gris, sans rien autour.',
    enNext: 'Digitise the film in grey, with nothing around it.',
    maySendOn: true,
  },
  NOT_ASSESSABLE: {
    fr: 'Les poumons ne sont pas assez visibles pour que le modèle réponde.',
    en: 'The lungs are not visible enough for the model to answer.',
    frNext: 'Refaites le cliché, ou transmettez celui-ci en disant pourquoi.',
    enNext: 'Take the film again, or send this one on and say why.',
    maySendOn: true,
  },
  LATERAL: {
    fr: 'C’est un cliché de profil : le modèle n’en a jamais vu.',
    en: 'This is a lateral film: the model has never seen one.',
    frNext: 'Choisissez le cliché de face.',
    enNext: 'Choose the frontal film.',
    maySendOn: false,
  },
  UNDER_AGE: {
    fr: 'Le patient a moins de 15 ans : le modèle est inutilisable chez l’enfant.',
    en: 'The patient is under 15: the model is unusable in children.',
    frNext: 'Lisez le cliché sans le modèle.',
    enNext: 'Read the film without the model.',
    maySendOn: false,
  },
  TOO_SMALL: {
    fr: 'L’image est trop petite.',
    en: 'The picture is too small.',
    frNext: 'Importez le cliché d’origine, pas une vignette.',
    enNext: 'Import the original film, not a thumbnail.',
    maySendOn: false,
  },
  TOO_LARGE: {
    fr: 'L’image a trop de pixels.',
    en: 'The picture has too many pixels.',
    frNext: 'Réduisez-la sous 100 mégapixels.',
    enNext: 'Make it smaller than 100 megapixels.',
    maySendOn: false,
  },
  NO_FILM: {
    fr: 'Cet examen n’a pas de radiographie du thorax.',
    en: 'This study has no chest film.',
    frNext: 'Choisissez l’image à lire.',
    enNext: 'Choose the image to read.',
    maySendOn: false,
  },
  IMAGE_UNREADABLE: {
    fr: 'L’image ne peut pas être lue.',
    en: 'The picture cannot be read.',
    frNext: 'Importez de nouveau le fichier d’origine.',
    enNext: 'Import the original file again.',
    maySendOn: false,
  },
  IMAGE_GONE: {
    fr: 'L’image n’est plus là.',
    en: 'The image is no longer there.',
    frNext: 'Elle a été déplacée, mise à la corbeille ou remplacée : demandez une nouvelle lecture.',
    enNext: 'It was moved, put in the trash or replaced: ask again.',
    maySendOn: false,
  },
  GATE_UNAVAILABLE: {
    fr: 'Le contrôle des images ne fonctionne pas : aucun score n’est donné sans lui.',
    en: 'The check of pictures does not work: no score is given without it.',
    frNext: 'Prévenez l’administrateur : le modèle est à réinstaller.',
    enNext: 'Tell the administrator: the model is to be installed again.',
    maySendOn: false,
  },
  MODEL_MISSING: {
    fr: 'Le modèle n’est pas sur ce serveur.',
    en: 'The model is not on this server.',
    frNext: 'L’administrateur peut l’installer ou en choisir un autre.',
    enNext: 'The administrator may install it or choose another one.',
    maySendOn: false,
  },
  MODEL_CORRUPT: {
    fr: 'Le modèle est abîmé.',
    en: 'The model is damaged.',
    frNext: 'L’administrateur doit l’installer de nouveau.',
    enNext: 'The administrator has to install it again.',
    maySendOn: false,
  },
  RUNTIME_MISSING: {
    fr: 'Ce serveur ne peut pas exécuter de modèles.',
    en: 'This server cannot run models.',
    frNext: 'Prévenez l’administrateur : onnxruntime-node manque pour cette machine.',
    enNext: 'Tell the administrator: onnxruntime-node is missing for this machine.',
    maySendOn: false,
  },
  WORKER_FAILED: {
    fr: 'La lecture de cette image a échoué trois fois.',
    en: 'Reading this picture has failed three times.',
    frNext: 'Les autres images ne sont pas touchées. Importez de nouveau le fichier d’origine.',
    enNext: 'Other pictures are not affected. Import the original file again.',
    maySendOn: false,
  },
  UPLOAD_EXPIRED: {
    fr: 'Le fichier envoyé n’est plus gardé.',
    en: 'The file that was sent is no longer kept.',
    frNext: 'Envoyez-le de nouveau.',
    enNext: 'Send it again.',
    maySendOn: false,
  },
  CANCELLED: {
    fr: 'La lecture a été annulée.',
    en: 'Reading was cancelled.',
    frNext: 'Demandez-la de nouveau si besoin.',
    enNext: 'Ask for it again if needed.',
    maySendOn: false,
  },
} as const satisfies Record<string, FailureEntry>;
export type PredictionFailure = keyof typeof PREDICTION_FAILURES;
const FAILURES = Object.keys(PREDICTION_FAILURES) as [PredictionFailure, ...PredictionFailure[]];

export const PredictionStatus = z.enum(['QUEUED', 'RUNNING', 'DONE', 'FAILED']);
export type PredictionStatus = z.infer<typeof PredictionStatus>;
/** `AGE_UNKNOWN`: nothing says how old the patient was. `CUT_OFF`: the lungs may leave the picture. `SENT_ON`: refused, and sent on by a physician. */
export const PredictionWarning = z.enum(['AGE_UNKNOWN', 'CUT_OFF', 'SENT_ON']);
export type PredictionWarning = z.infer<typeof PredictionWarning>;
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
    .object({ id: Uuid, studyInstanceUid: z.string(), groupId: Uuid.nullable(), patientId: Uuid, recordNumber: z.string() })
    .nullable(),
  seriesInstanceUid: z.string().nullable(),
  /** Null for an upload, and where the film of a study is yet to be chosen. */
  sopInstanceUid: z.string().nullable(),
  status: PredictionStatus,
  failureCode: z.enum(FAILURES).nullable(),
  /** With TURNED: degrees counter-clockwise by which the picture seems to be turned. */
  turnedDegrees: z.int().nullable(),
  /** Whether the actor may send it on to the model all the same. */
  maySendOn: z.boolean(),
  warnings: z.array(PredictionWarning),
  isScoreHidden: z.boolean(),
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
      failureCode: z.enum(FAILURES),
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
const PredictQuery = z.strictObject({ ageYears: z.coerce.number().int().min(0).max(130).optional() });

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
export const listPredictions = defineOperation({
  id: 'listPredictions',
  method: 'GET',
  path: '/api/predictions',
  tag: 'predictions',
  permission: 'predictions.read',
  summary: 'Predictions in scope and one’s own uploads, the newest first',
  query: ListQuery.omit({ q: true, sort: true }).extend({
    studyId: Uuid.optional(),
    status: PredictionStatus.optional(),
    uploads: z.enum(['true', 'false']).optional(),
  }),
  responses: { 200: listOf(Prediction) },
  errors: ['BAD_CURSOR'],
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
  summary: 'Cancel a prediction that has no answer yet; CONFLICT where it has one',
  params: IdParams,
  responses: { 200: Prediction },
  errors: ['CONFLICT'],
});
export const sendOnPrediction = defineOperation({
  id: 'sendOnPrediction',
  method: 'POST',
  path: '/api/predictions/{id}/send-on',
  tag: 'predictions',
  permission: 'predictions.validate',
  summary:
    'Ask the model about a film that was refused all the same, with a reason that stays with the answer, which is a prediction of its own',
  params: IdParams,
  body: z.strictObject({ reason: z.string().trim().min(5).max(500) }),
  responses: { 202: Prediction },
  errors: ['CONFLICT'],
});

export const predictionOperations = [
  predict,
  listPredictions,
  getPrediction,
  predictionEvents,
  predictionHeatmap,
  cancelPrediction,
  sendOnPrediction,
] as const;
