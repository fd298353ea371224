import { z } from 'zod';
import { Accuracy, Agreement, Count, Turnaround } from './rates.ts';
import { AGE_BANDS, REFERENCES } from './screening.ts';

export const AgeBand = z.enum(AGE_BANDS);
export type AgeBand = z.infer<typeof AgeBand>;

export const Reference = z.enum(REFERENCES);
export type Reference = z.infer<typeof Reference>;

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
