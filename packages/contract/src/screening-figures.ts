import { z } from 'zod';
import { AGE_BANDS, REFERENCES } from './screening.ts';

export const AgeBand = z.enum(AGE_BANDS);
export type AgeBand = z.infer<typeof AgeBand>;

export const Reference = z.enum(REFERENCES);
export type Reference = z.infer<typeof Reference>;
export const Count = z.int().min(0);
export const Fraction = z.number().min(0).max(1);

/** A share of what was counted with its 95 % interval (Wilson); null where nothing was. */
export const Rate = z.object({
  count: Count,
  of: Count,
  rate: z.object({ share: Fraction, low: Fraction, high: Fraction }).nullable(),
});
export type Rate = z.infer<typeof Rate>;

/** How far two agree that there is a suspicion, beyond chance: Cohen's kappa with its 95 % interval; null where it is not defined. */
export const Agreement = z.object({
  bothSuspect: Count,
  onlyFirst: Count,
  onlySecond: Count,
  neither: Count,
  agreed: Rate,
  kappa: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
});
export type Agreement = z.infer<typeof Agreement>;

export const Accuracy = z.object({ sensitivity: Rate, specificity: Rate });
export type Accuracy = z.infer<typeof Accuracy>;

/** Seconds that half and nine tenths took at most; null where nothing was measured. */
export const Turnaround = z.object({ n: Count, medianSeconds: z.number().nullable(), p90Seconds: z.number().nullable() });
export type Turnaround = z.infer<typeof Turnaround>;

/** Examinations. `hidden` of `screened` have a score that the actor may not see: these count in nothing that depends on one. */
export const ScreeningCounts = z.object({
  screened: Count,
  hidden: Count,
  positive: Count,
  validated: Count,
  rejected: Count,
  waiting: Count,
  refused: Count,
  unanswered: Count,
});
export type ScreeningCounts = z.infer<typeof ScreeningCounts>;

export const ScreeningRow = z.object({
  /** Of a model its name and version, of a site its id or `none`, of a period its first day, an age band, a sex. */
  key: z.string(),
  /** Of a site; null for what is in no group. */
  name: z.string().nullable(),
  counts: ScreeningCounts,
  /** The model (first) and the physician who read first (second). */
  modelAndReader: Agreement,
  /** The same, of opinions that were given without having been shown a score. */
  modelAndBlindReader: Agreement,
  /** The physician who read first and another one who read later. */
  readers: Agreement,
  accuracy: Accuracy,
  receivedToDone: Turnaround,
  doneToValidated: Turnaround,
});
export type ScreeningRow = z.infer<typeof ScreeningRow>;

export const ScreeningStatistics = z.object({
  from: z.string(),
  to: z.string(),
  step: z.enum(['DAY', 'MONTH']),
  reference: Reference,
  total: ScreeningRow,
  models: z.array(ScreeningRow),
  sites: z.array(ScreeningRow),
  periods: z.array(ScreeningRow),
  /** Empty for who may not see identities. */
  ages: z.array(ScreeningRow),
  sexes: z.array(ScreeningRow),
});
export type ScreeningStatistics = z.infer<typeof ScreeningStatistics>;
