import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { Prediction } from './prediction-shapes.ts';
import { FinalDiagnosis, Opinion, OpinionKind, Validation, ValidationStatus } from './said.ts';

/** Nothing at all, or something that can be seen. */
const Comment = z
  .string()
  .trim()
  .max(2_000)
  .regex(/^$|[\p{L}\p{N}]/u);

export const giveOpinion = defineOperation({
  id: 'giveOpinion',
  method: 'POST',
  path: '/api/predictions/{id}/opinions',
  tag: 'predictions',
  permission: 'predictions.validate',
  summary:
    'Say what one sees on the film. Kept as it is: another one amends it, naming the newest of one’s own (`amends`), with a comment. Where a site reads blind, one’s own comes before the score is shown',
  params: IdParams,
  body: z
    .strictObject({ opinion: OpinionKind, comment: Comment.default(''), amends: Uuid.nullable().default(null) })
    .refine(({ comment, amends, opinion }) => comment !== '' || (amends === null && opinion !== 'UNREADABLE'), {
      path: ['comment'],
      message: 'Why it is amended, or can’t be read.',
    }),
  responses: { 201: Prediction },
  errors: ['CONFLICT', 'OPINION_GIVEN'],
});

export const validatePrediction = defineOperation({
  id: 'validatePrediction',
  method: 'POST',
  path: '/api/predictions/{id}/validations',
  tag: 'predictions',
  permission: 'predictions.validate',
  summary:
    'Decide what becomes of a score. The newest decision stands and all are kept; the study’s status, and the patient’s with it, follows; a file that was sent to the model is in no record and has no decision (UPLOAD_IS_NO_RESULT); a patient whose film it is by now may have been too young for the model, whose score can only be rejected then (PATIENT_TOO_YOUNG); `after` names the one that the actor has seen (null: none), and VALIDATED_MEANWHILE tells that there is a newer one, as `current`',
  params: IdParams,
  body: z
    .strictObject({
      status: ValidationStatus,
      comment: Comment.default(''),
      finalDiagnosis: FinalDiagnosis.nullable().default(null),
      after: Uuid.nullable().default(null),
    })
    .refine(({ status, comment }) => status === 'VALIDATED' || comment !== '', {
      path: ['comment'],
      message: 'Why it is rejected or amended.',
    }),
  responses: { 201: Prediction },
  errors: ['PREDICTION_NOT_DONE', 'OPINION_FIRST', 'PATIENT_TOO_YOUNG', 'VALIDATED_MEANWHILE', 'UPLOAD_IS_NO_RESULT', 'CONFLICT'],
});

export const listSaid = defineOperation({
  id: 'listSaid',
  method: 'GET',
  path: '/api/predictions/{id}/validations',
  tag: 'predictions',
  permission: 'predictions.read',
  summary: 'Decisions on a prediction and opinions of its film, the newest first; none for who does not see its score',
  params: IdParams,
  responses: { 200: z.object({ items: z.array(Validation), opinions: z.array(Opinion) }) },
});

/** Whether a site reads blind; without a site, all that have no rule of their own. */
export const BlindReading = z.object({ siteId: Uuid.nullable(), isOn: z.boolean(), changedAt: Instant });
export type BlindReading = z.infer<typeof BlindReading>;

export const listBlindReading = defineOperation({
  id: 'listBlindReading',
  method: 'GET',
  path: '/api/predictions/blind-reading',
  tag: 'predictions',
  permission: 'predictions.read',
  summary: 'Which sites read blind',
  responses: { 200: z.object({ items: z.array(BlindReading) }) },
});
export const saveBlindReading = defineOperation({
  id: 'saveBlindReading',
  method: 'PUT',
  path: '/api/predictions/blind-reading',
  tag: 'predictions',
  permission: 'system.manage',
  summary:
    'Have a site read blind or not, or all that have no rule of their own (`isOn` null: the site has none any more). It counts for what is asked from then on',
  body: z.strictObject({ siteId: Uuid.nullable(), isOn: z.boolean().nullable() }),
  responses: { 200: z.object({ items: z.array(BlindReading) }) },
  errors: ['UNPROCESSABLE'],
});

export const validationOperations = [giveOpinion, validatePrediction, listSaid, listBlindReading, saveBlindReading] as const;
