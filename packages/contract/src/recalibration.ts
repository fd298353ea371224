import { z } from 'zod';
import { Instant, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { Count, Fraction, Rate } from './rates.ts';
import { Reference } from './screening-figures.ts';

/** `NOT_INFORMATIVE`: at this site the score does not surely rise with the disease. */
export const RecalibrationRefusal = z.enum(['TOO_FEW', 'ONE_SIDED', 'NOT_INFORMATIVE']);
export type RecalibrationRefusal = z.infer<typeof RecalibrationRefusal>;

const Version = { modelName: z.string().max(100), modelVersion: z.string().max(100) };

/** A model version that was recalibrated at a site; without a site, for what is in no group. */
export const Recalibration = z.object({
  siteId: Uuid.nullable(),
  modelName: z.string(),
  modelVersion: z.string(),
  reference: Reference,
  cases: Count,
  ill: Count,
  madeAt: Instant,
});
export type Recalibration = z.infer<typeof Recalibration>;

/** What a recalibration would say, beside what was found. */
export const RecalibrationPreview = z.object({
  cases: Count,
  /** Of these those with the disease. */
  ill: Count,
  /** Patients with an answer of the model and without such a diagnosis: of them nothing is known, and percentages are of those like the others. */
  undiagnosed: Count,
  refusal: RecalibrationRefusal.nullable(),
  /** The cases by ascending score, in parts of one size: their mean score, how many were ill, and what would be said on the average, with the mean limits of its 95 % intervals. */
  parts: z.array(
    z.object({ score: Fraction, observed: Rate, said: z.object({ share: Fraction, low: Fraction, high: Fraction }) }),
  ),
  /** Of the cases and their diagnoses. */
  fingerprint: z.string(),
});
export type RecalibrationPreview = z.infer<typeof RecalibrationPreview>;

const WRITE = { tag: 'predictions', permission: 'system.manage', path: '/api/models/recalibrations' } as const;
export const previewRecalibration = defineOperation({
  id: 'previewRecalibration',
  method: 'GET',
  path: '/api/models/recalibrations/preview',
  tag: 'predictions',
  permission: 'system.manage',
  summary: 'What a recalibration of a model version on the final diagnoses of a site would say, beside what was found',
  query: z.strictObject({ ...Version, site: Partition, reference: Reference.default('BACTERIOLOGICAL') }),
  responses: { 200: RecalibrationPreview },
  errors: ['UNPROCESSABLE'],
});
export const recalibrateModel = defineOperation({
  ...WRITE,
  id: 'recalibrateModel',
  method: 'PUT',
  summary:
    'Have scores of a model version at a site said as percentages too, by a logistic recalibration on its final diagnoses. It counts for what is judged from then on. `fingerprint` is that of the cases that the actor has seen; CONFLICT where they are others',
  body: z.strictObject({
    ...Version,
    siteId: Uuid.nullable(),
    reference: Reference,
    fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  responses: { 200: z.object({ recalibrations: z.array(Recalibration) }) },
  errors: ['UNPROCESSABLE', 'CONFLICT'],
});
export const unrecalibrateModel = defineOperation({
  ...WRITE,
  id: 'unrecalibrateModel',
  method: 'DELETE',
  summary: 'Have scores of a model version at a site said as scores alone again; what was judged before stays as it was',
  query: z.strictObject({ ...Version, site: Partition }),
  responses: { 204: null },
});
export const recalibrationOperations = [previewRecalibration, recalibrateModel, unrecalibrateModel] as const;
