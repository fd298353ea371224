import { z } from 'zod';
import { Instant, LocalDate, Uuid } from './common.ts';
import { ReadingStatus, Sex } from './patients.ts';
import { Reader } from './readings.ts';
import { StudyLabel, Urgency } from './work-shapes.ts';

/**
 * Images whose own identity contradicts their patient (`OTHER_IDENTITY`), or that carry neither name nor birth date (`NO_IDENTITY`): filed so by a
 * person (`DECIDED`), found so when the patient was edited or merged, or the study moved (`FOUND`), named as a record was that was merged into the patient
 * (`MERGED`), or theirs by nothing but the Patient ID (`SAME_PATIENT_ID`) or the Study Instance UID (`SAME_STUDY_UID`). What names anybody, and
 * the reason, are null for an actor without `patients.identity`.
 */
export const IdentityMismatch = z.object({
  kind: z.enum(['OTHER_IDENTITY', 'NO_IDENTITY']),
  cause: z.enum(['DECIDED', 'FOUND', 'MERGED', 'SAME_PATIENT_ID', 'SAME_STUDY_UID']),
  receivedName: z.string().nullable(),
  receivedPatientId: z.string().nullable(),
  receivedBirthDate: LocalDate.nullable(),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  at: Instant,
});
export type IdentityMismatch = z.infer<typeof IdentityMismatch>;
export const Study = z.object({
  id: Uuid,
  studyInstanceUid: z.string(),
  patient: z.object({
    id: Uuid,
    recordNumber: z.string(),
    externalId: z.string().nullable(),
    lastName: z.string(),
    firstName: z.string(),
    birthDate: LocalDate.nullable(),
    sex: Sex,
    textUncertain: z.boolean(),
  }),
  groupId: Uuid.nullable(),
  /** Open to this person in an emergency, by nothing else: what would change it or take it along is refused with OPEN_FOR_READING. Left out where it is not so, and in reviews, imports and exports. */
  onlyReads: z.boolean().optional(),
  studyDate: LocalDate.nullable(),
  studyTime: z.string().nullable(),
  accessionNumber: z.string().nullable(),
  description: z.string().nullable(),
  referrer: z.string().nullable(),
  /** Description, referrer or accession number were read as the patient's `textUncertain` says; writing a description clears it. */
  textUncertain: z.boolean(),
  modalities: z.array(z.string()),
  seriesCount: z.number().int(),
  instanceCount: z.number().int(),
  sizeBytes: z.number().int(),
  status: ReadingStatus,
  receivedAt: Instant,
  firstOpenedAt: Instant.nullable(),
  readAt: Instant.nullable(),
  validatedAt: Instant.nullable(),
  /** Who is to read it. The name is null for who may see no identities, unless it is themselves. */
  assigneeId: Uuid.nullable(),
  assigneeName: z.string().nullable(),
  urgency: Urgency,
  /** Older images to compare with, which nobody is to read. */
  isPrior: z.boolean(),
  /** Counts assignments and urgencies. */
  workVersion: z.number().int(),
  /** None for who may see no free text. */
  labels: z.array(StudyLabel),
  identityMismatch: IdentityMismatch.nullable(),
  updatedAt: Instant,
  /** In the worklist, of what is in progress: who reads it now, who began first before the others, at most twenty. */
  readers: z.array(Reader).optional(),
});
export type Study = z.infer<typeof Study>;
export const Series = z.object({
  id: Uuid,
  seriesInstanceUid: z.string(),
  modality: z.string(),
  seriesNumber: z.number().int().nullable(),
  description: z.string().nullable(),
  bodyPart: z.string().nullable(),
  instanceCount: z.number().int(),
  sizeBytes: z.number().int(),
  /** Images of it carry neither name nor birth date: whose they are is said by nothing in them. */
  nameless: z.boolean(),
});
export type Series = z.infer<typeof Series>;
export const StudyDetail = Study.extend({ series: z.array(Series) });
