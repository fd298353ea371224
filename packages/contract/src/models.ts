import { z } from 'zod';
import { IdParams, Instant, Partition, Uuid } from './common.ts';
import { MODEL_REASONS, type ModelReason } from './model-reasons.ts';
import { defineOperation } from './operation.ts';
import { Accuracy } from './rates.ts';
import { Recalibration } from './recalibration.ts';
import { Reference } from './screening-figures.ts';

const REASONS = Object.keys(MODEL_REASONS) as [ModelReason, ...ModelReason[]];

/** `CHECKING`: it is held against its own checks. Only one that is READY can be chosen. `MISSING`: its folder is not there or not as it was. */
export const ModelState = z.enum(['CHECKING', 'READY', 'REFUSED', 'MISSING']);
export type ModelState = z.infer<typeof ModelState>;

export const Model = z.object({
  /** Null for one that came with the program. */
  id: Uuid.nullable(),
  name: z.string(),
  version: z.string(),
  question: z.string(),
  title: z.object({ fr: z.string(), en: z.string() }),
  licence: z.string(),
  /** Markdown. */
  card: z.string(),
  state: ModelState,
  reason: z.enum(REASONS).nullable(),
  threshold: z.object({ probability: z.number(), name: z.string() }),
  minAgeYears: z.number(),
  /** Pictures of its own that it was held against, and when. */
  checkPictures: z.int(),
  checkedAt: Instant.nullable(),
  installedAt: Instant.nullable(),
});
export type Model = z.infer<typeof Model>;

/** Which model answers a question at a site; without a site, at all that have no choice of their own. */
export const ModelChoice = z.object({
  siteId: Uuid.nullable(),
  question: z.string(),
  modelName: z.string(),
  modelVersion: z.string(),
  chosenAt: Instant,
});
export type ModelChoice = z.infer<typeof ModelChoice>;

/** From where on a score of one version of a model is positive at a site; without a site, at all that have none of their own. */
export const ModelThreshold = z.object({
  siteId: Uuid.nullable(),
  modelName: z.string(),
  modelVersion: z.string(),
  threshold: z.number().min(0).max(1),
  setAt: Instant,
});
export type ModelThreshold = z.infer<typeof ModelThreshold>;

export const listModels = defineOperation({
  id: 'listModels',
  method: 'GET',
  path: '/api/models',
  tag: 'predictions',
  permission: 'predictions.read',
  summary:
    'The models of this server with their cards, which are chosen where, at which thresholds, and where they were recalibrated',
  responses: {
    200: z.object({
      items: z.array(Model),
      choices: z.array(ModelChoice),
      thresholds: z.array(ModelThreshold),
      recalibrations: z.array(Recalibration),
    }),
  },
});
export const installModel = defineOperation({
  id: 'installModel',
  method: 'POST',
  path: '/api/models',
  tag: 'predictions',
  permission: 'system.manage',
  summary:
    'Install a model: a ZIP of its folder (model.json and what it names). It can be chosen once it has passed its own checks',
  rawBody: 'application/zip',
  responses: { 202: Model },
  errors: ['TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'MODEL_REFUSED', 'NAME_TAKEN', 'STORAGE_FULL'],
});
export const removeModel = defineOperation({
  id: 'removeModel',
  method: 'DELETE',
  path: '/api/models/{id}',
  tag: 'predictions',
  permission: 'system.manage',
  summary: 'Remove an installed model; CONFLICT while it is chosen somewhere. What it has said stays',
  params: IdParams,
  responses: { 204: null },
  errors: ['CONFLICT'],
});
export const chooseModel = defineOperation({
  id: 'chooseModel',
  method: 'PUT',
  path: '/api/models/choices',
  tag: 'predictions',
  permission: 'system.manage',
  summary:
    'Choose the model of a site, or of all sites that have no choice of their own; what was judged before stays as it was judged',
  body: z.strictObject({
    siteId: Uuid.nullable(),
    modelName: z.string().max(100),
    modelVersion: z.string().max(100),
  }),
  responses: { 200: ModelChoice },
  errors: ['UNPROCESSABLE'],
});
export const unchooseModel = defineOperation({
  id: 'unchooseModel',
  method: 'DELETE',
  path: '/api/models/choices',
  tag: 'predictions',
  permission: 'system.manage',
  summary:
    'Take back the choice of a site, which has the installation’s from then on; without a site that of the installation, which has the model that came with the program',
  query: z.strictObject({ siteId: Uuid.optional(), question: z.string().max(100).default('tuberculosis') }),
  responses: { 204: null },
});

const ThresholdValue = z.number().min(0.001).max(0.999);
const Threshold = { siteId: Uuid.nullable(), modelName: z.string().max(100), modelVersion: z.string().max(100) };
export const setThreshold = defineOperation({
  id: 'setThreshold',
  method: 'PUT',
  path: '/api/models/thresholds',
  tag: 'predictions',
  permission: 'system.manage',
  summary:
    'Set from where on a score of a model version is positive at a site (`threshold` null: it has the installation’s, or the model’s own). It counts for what is judged from then on. `before` is the site’s own that the actor has seen; CONFLICT where it is another',
  body: z.strictObject({ ...Threshold, threshold: ThresholdValue.nullable(), before: ThresholdValue.nullable() }),
  responses: { 200: z.object({ thresholds: z.array(ModelThreshold) }) },
  errors: ['UNPROCESSABLE', 'CONFLICT'],
});

/** How a threshold divides past cases: `before` as they were judged, `after` as they would be. */
export const ThresholdPreview = z.object({
  cases: z.int(),
  /** Cases whose score the actor may not see: they are not among `cases`. */
  hidden: z.int(),
  newlyPositive: z.int(),
  newlyNegative: z.int(),
  before: z.object({ positive: z.int(), accuracy: Accuracy }),
  after: z.object({ positive: z.int(), accuracy: Accuracy }),
});
export type ThresholdPreview = z.infer<typeof ThresholdPreview>;
export const previewThreshold = defineOperation({
  id: 'previewThreshold',
  method: 'GET',
  path: '/api/models/thresholds/preview',
  tag: 'predictions',
  permission: 'system.manage',
  summary: 'How past cases of a model version at a site would have been judged at another threshold',
  query: z.strictObject({
    site: Partition.optional(),
    modelName: Threshold.modelName,
    modelVersion: Threshold.modelVersion,
    threshold: z.coerce.number().min(0.001).max(0.999),
    reference: Reference.default('ANY'),
  }),
  responses: { 200: ThresholdPreview },
});
export const modelOperations = [
  listModels,
  installModel,
  removeModel,
  chooseModel,
  unchooseModel,
  setThreshold,
  previewThreshold,
] as const;
