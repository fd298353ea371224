import { z } from 'zod';
import { Instant, Uuid } from './common.ts';

/** What a physician sees on a film: whether they suspect tuberculosis, or can't tell. */
export const OpinionKind = z.enum(['SUSPECTED', 'NOT_SUSPECTED', 'UNREADABLE']);
export type OpinionKind = z.infer<typeof OpinionKind>;

/** `VALIDATED`: the score stands as a result. `AMENDED`: it stands with what is said beside it. `REJECTED`: it does not. */
export const ValidationStatus = z.enum(['VALIDATED', 'REJECTED', 'AMENDED']);
export type ValidationStatus = z.infer<typeof ValidationStatus>;

/** What the patient has in the end, and by what that is known. */
export const FinalDiagnosis = z.strictObject({
  finding: z.enum(['TUBERCULOSIS', 'NO_TUBERCULOSIS', 'UNDETERMINED']),
  source: z.enum(['CULTURE', 'XPERT', 'CLINICAL']),
});
export type FinalDiagnosis = z.infer<typeof FinalDiagnosis>;

/** A decision on a prediction; the newest stands. The comment and the name are null for who may see no identities. */
export const Validation = z.object({
  id: Uuid,
  status: ValidationStatus,
  comment: z.string().nullable(),
  finalDiagnosis: FinalDiagnosis.nullable(),
  by: z.string().nullable(),
  at: Instant,
});
export type Validation = z.infer<typeof Validation>;

/** What a physician said; the first one of a person stays as it is, later ones amend it. */
export const Opinion = z.object({
  id: Uuid,
  opinion: OpinionKind,
  comment: z.string().nullable(),
  /** Whether its author had not been shown a score of this study. */
  isBlind: z.boolean(),
  isAmendment: z.boolean(),
  by: z.string().nullable(),
  at: Instant,
});
export type Opinion = z.infer<typeof Opinion>;
