import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** Why a model that was brought is not taken, in both languages. */
export const MODEL_REASONS = {
  NOT_A_ZIP: { fr: 'ce n’est pas une archive ZIP lisible', en: 'not a readable ZIP archive' },
  UNSAFE_NAME: { fr: 'nom de fichier dangereux', en: 'unsafe file name' },
  TOO_LARGE: { fr: 'fichiers trop grands ou trop nombreux', en: 'files too large or too many' },
  NO_MANIFEST: { fr: 'model.json est absent', en: 'model.json is missing' },
  BAD_MANIFEST: { fr: 'model.json n’a pas la forme attendue', en: 'model.json is not of the expected form' },
  FILE_MISSING: { fr: 'un fichier nommé par model.json est absent', en: 'a file that model.json names is missing' },
  WRONG_HASH: { fr: 'un fichier n’a pas l’empreinte annoncée', en: 'a file has not the hash that is announced' },
  NOT_ONNX: { fr: 'ce n’est pas un modèle ONNX', en: 'not an ONNX model' },
  EXTERNAL_DATA: { fr: 'le modèle demande d’autres fichiers', en: 'the model asks for other files' },
  OPERATOR_REFUSED: {
    fr: 'le modèle demande un opérateur qui n’est pas permis',
    en: 'the model asks for an operator that is not allowed',
  },
  WRONG_FORM: { fr: 'entrées ou sorties autres qu’annoncées', en: 'other inputs or outputs than announced' },
  CHECK_FAILED: {
    fr: 'le modèle ne donne pas les valeurs de ses propres vérifications',
    en: 'the model does not give the values of its own checks',
  },
  DOES_NOT_RUN: { fr: 'le modèle ne fonctionne pas sur ce serveur', en: 'the model does not run on this server' },
} as const satisfies Record<string, { fr: string; en: string }>;
export type ModelReason = keyof typeof MODEL_REASONS;
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
