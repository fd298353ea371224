import { z } from 'zod';
import { DicomUid, LocalDate, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { ReadingStatus } from './patients.ts';

/** Why a study of the same patient stands where it does among those to compare with. */
export const PRIOR_REASONS = [
  'SAME_REGION',
  /** One region is a part of the other: the heart and the chest. */
  'PART_OF_REGION',
  'NEAR_REGION',
  /** The region is read from descriptions, since no Body Part Examined (0018,0015) says it. */
  'REGION_FROM_DESCRIPTION',
  /** Left here, right there. */
  'OTHER_SIDE',
  'SAME_MODALITY',
  'RELATED_MODALITY',
  'SAME_DAY',
  /** Made after the current study. */
  'LATER',
  'NO_DATE',
  /** Its images name somebody else, and nobody has decided that it is this patient's all the same. */
  'OTHER_IDENTITY',
] as const;
export const PriorReason = z.enum(PRIOR_REASONS);
export type PriorReason = z.infer<typeof PriorReason>;

/**
 * Another study of the same patient. `description` is null for who sees no identities; `modalities` and `bodyParts` are then those that are code
 * strings, and nothing else has a part in the order.
 */
export const Prior = z.object({
  id: Uuid,
  studyInstanceUid: z.string(),
  groupId: Uuid.nullable(),
  studyDate: LocalDate.nullable(),
  studyTime: z.string().nullable(),
  description: z.string().nullable(),
  modalities: z.array(z.string()),
  bodyParts: z.array(z.string()),
  seriesCount: z.number().int(),
  status: ReadingStatus,
  /** From 1, the best first; those that were made later come behind all others. */
  rank: z.number().int(),
  reasons: z.array(PriorReason),
  /** Whether it shows the same region by a like modality, was made no later, and is surely this patient's: worth hanging unasked. */
  isComparable: z.boolean(),
});
export type Prior = z.infer<typeof Prior>;

export const listPriors = defineOperation({
  id: 'listPriors',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/priors',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'Other studies of the same patient, those first that are best compared with this one',
  params: z.strictObject({ studyInstanceUid: DicomUid }),
  query: z.strictObject({ groupId: Partition.optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }),
  responses: {
    200: z.object({
      items: z.array(Prior),
      /** False when the patient has more studies than are listed. */
      isWhole: z.boolean(),
    }),
  },
  errors: ['AMBIGUOUS_UID'],
});
