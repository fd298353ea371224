import { z } from 'zod';
import { Instant, LocalDate, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** One class of studies and how long they are kept. Of several rules that a study is in the longest counts; one that is in none is kept for ever. */
export const RetentionRule = z.strictObject({
  /** Null is any. */
  modality: z
    .string()
    .regex(/^[A-Z0-9 _]{1,16}$/)
    .nullable(),
  /** A group, `none` for patients without one, null for any. */
  group: z.union([Uuid, z.literal('none')]).nullable(),
  /** Of patients who were under 18 at their last examination, or of all others; null of both. An unknown birth date counts as a minor's. */
  patients: z.enum(['MINORS', 'ADULTS']).nullable(),
  /** From the patient's last examination, or from the eighteenth birthday on; never before the birth date is known. */
  countsFrom: z.enum(['LAST_STUDY', 'ADULTHOOD']),
  years: z.number().int().min(1).max(200),
});
export type RetentionRule = z.infer<typeof RetentionRule>;
const Rules = z.array(RetentionRule).max(100);

const DueStudy = z.object({
  studyInstanceUid: z.string(),
  patientId: Uuid,
  recordNumber: z.string(),
  studyDate: LocalDate.nullable(),
  modalities: z.array(z.string()),
  sizeBytes: z.number().int(),
  /** The last day on which it is kept. */
  until: LocalDate,
});
/** What the rules would remove today. */
export const RetentionPreview = z.object({
  studies: z.number().int(),
  patients: z.number().int(),
  sizeBytes: z.number().int(),
  /** Due as well, and kept by a legal hold. */
  held: z.number().int(),
  /** The longest due first, up to 20. */
  examples: z.array(DueStudy),
});
export type RetentionPreview = z.infer<typeof RetentionPreview>;

export const getRetention = defineOperation({
  id: 'getRetention',
  method: 'GET',
  path: '/api/retention',
  tag: 'system',
  permission: 'retention.manage',
  summary: 'How long studies are kept',
  responses: { 200: z.object({ rules: Rules, changedAt: Instant.nullable() }) },
});
export const saveRetention = defineOperation({
  id: 'saveRetention',
  method: 'PUT',
  path: '/api/retention',
  tag: 'system',
  permission: 'retention.manage',
  summary: 'Say how long studies are kept: all rules at once; asks for proof. Nothing is removed by it',
  body: z.strictObject({ rules: Rules, changedAt: Instant.nullable() }),
  responses: { 200: z.object({ rules: Rules, changedAt: Instant.nullable() }) },
  errors: ['PROOF_REQUIRED', 'STALE_UPDATE'],
});
export const previewRetention = defineOperation({
  id: 'previewRetention',
  method: 'GET',
  path: '/api/retention/preview',
  tag: 'system',
  permission: 'retention.manage',
  identity: 'always',
  summary: 'Dry run: what the saved rules would move to the trash today; nothing is moved',
  responses: { 200: RetentionPreview },
});
export const runRetention = defineOperation({
  id: 'runRetention',
  method: 'POST',
  path: '/api/retention/run',
  tag: 'system',
  permission: 'retention.manage',
  summary:
    'Move what is due to the trash, by a job; asks for proof, and for what the dry run told, and fails with CONFLICT when it is another number by now',
  body: z.strictObject({ studies: z.number().int().min(1) }),
  responses: { 202: z.object({ studies: z.number().int() }) },
  errors: ['PROOF_REQUIRED', 'CONFLICT'],
});
export const retentionOperations = [getRetention, saveRetention, previewRetention, runRetention] as const;
