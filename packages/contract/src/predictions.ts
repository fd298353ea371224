import { z } from 'zod';
import { DicomUid, IdParams, Instant, ListQuery, listOf, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { Prediction, PredictionState, PredictionStatus } from './prediction-shapes.ts';

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
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'STORAGE_FULL', 'TOO_MANY_PREDICTIONS'],
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
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID', 'TOO_MANY_PREDICTIONS'],
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
