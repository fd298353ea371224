import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { MODEL_REASONS, type ModelReason } from './model-reasons.ts';
import { defineOperation } from './operation.ts';

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
  /** Null: the model's own. */
  threshold: z.number().min(0).max(1).nullable(),
  chosenAt: Instant,
});
export type ModelChoice = z.infer<typeof ModelChoice>;

export const listModels = defineOperation({
  id: 'listModels',
  method: 'GET',
  path: '/api/models',
  tag: 'predictions',
  permission: 'predictions.read',
  summary: 'The models of this server with their cards, and which are chosen where',
  responses: { 200: z.object({ items: z.array(Model), choices: z.array(ModelChoice) }) },
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
    threshold: z.number().min(0.001).max(0.999).nullable().default(null),
  }),
  responses: { 200: ModelChoice },
  errors: ['UNPROCESSABLE'],
});
export const modelOperations = [listModels, installModel, removeModel, chooseModel] as const;
