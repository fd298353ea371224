import { z } from 'zod';
import { Instant, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { Sex } from './patients.ts';
import { Accuracy, Agreement, Count, Fraction } from './rates.ts';
import { MONTHLY_MEASURES } from './screening.ts';
import { AgeBand, Reference, ScreeningStatistics } from './screening-figures.ts';
import { Day, TimeZone } from './statistics-query.ts';

const Text = z.string().max(100).optional();

const Which = { modelName: Text, modelVersion: Text, site: Partition.optional(), timeZone: TimeZone };
/** Both days are within; the last 30 days without. */
const ScreeningQuery = z.strictObject({
  ...Which,
  from: Day.optional(),
  to: Day.optional(),
  ageBand: AgeBand.optional(),
  sex: Sex.optional(),
  reference: Reference.default('ANY'),
});
const READ = { method: 'GET', tag: 'statistics', permission: 'statistics.read' } as const;

export const screeningStatistics = defineOperation({
  ...READ,
  id: 'screeningStatistics',
  path: '/api/stats/screening',
  summary:
    'Screening in scope: counts, agreement, accuracy against final diagnoses and turnaround, by model version, site, period, age and sex. What depends on a score counts those alone that the actor may see one by one; by age only with patients.identity',
  query: ScreeningQuery,
  responses: { 200: ScreeningStatistics },
  errors: ['UNPROCESSABLE'],
});
export const exportScreeningStatistics = defineOperation({
  ...READ,
  id: 'exportScreeningStatistics',
  path: '/api/stats/screening/csv',
  summary: 'The same as CSV: one line for each row',
  query: ScreeningQuery,
  responses: { 200: { stream: 'text/csv' } },
  errors: ['UNPROCESSABLE'],
});

/** The model (first) against what a physician decided (second), of one model version in one month. */
export const AgreementRow = z.object({
  modelName: z.string(),
  modelVersion: z.string(),
  /** `YYYY-MM` in which the model was first asked; null of all months together. */
  month: z.string().nullable(),
  table: Agreement,
  accuracy: Accuracy,
  /** Of these: scores that a physician rejected. Behind them: decided ones whose score the actor may not see, or of which nobody said anything that counts. */
  rejected: Count,
  hidden: Count,
  undecided: Count,
});
export type AgreementRow = z.infer<typeof AgreementRow>;
export const AgreementStatistics = z.object({ from: z.string(), to: z.string(), rows: z.array(AgreementRow) });
export type AgreementStatistics = z.infer<typeof AgreementStatistics>;
const AgreementQuery = z.strictObject({ ...Which, from: Day.optional(), to: Day.optional() });
export const agreementStatistics = defineOperation({
  ...READ,
  id: 'agreementStatistics',
  path: '/api/stats/agreement',
  summary:
    'Predictions against what physicians decided, in scope, by model version and month: a table of four, sensitivity and specificity with their 95 % intervals (Wilson)',
  query: AgreementQuery,
  responses: { 200: AgreementStatistics },
  errors: ['UNPROCESSABLE'],
});
export const exportAgreementStatistics = defineOperation({
  ...READ,
  id: 'exportAgreementStatistics',
  path: '/api/stats/agreement/csv',
  summary: 'The same as CSV: one line for each row',
  query: AgreementQuery,
  responses: { 200: { stream: 'text/csv' } },
  errors: ['UNPROCESSABLE'],
});

export const DriftVerdict = z.enum(['TOO_FEW', 'STABLE', 'WATCH', 'CHANGED']);
export type DriftVerdict = z.infer<typeof DriftVerdict>;
/** How the scores of a month are distributed beside those of the first 200 films of that model version and site. */
export const ScoreDrift = z.object({
  month: z.string(),
  verdict: DriftVerdict,
  /** How many of the first films there are; of these and of the month's behind them, how many have a score that the actor may see. */
  baselineFilms: Count,
  baseline: Count,
  current: Count,
  /** Films of either whose score the actor may not see. */
  hidden: Count,
  /** How many films begin a comparison, and how many scores it takes. */
  firstFilms: Count,
  leastBaseline: Count,
  leastCurrent: Count,
  /** Null where there are too few: the shares of scores in [0, 0.1), … [0.9, 1], and what is measured. */
  measured: z
    .object({
      baselineShares: z.array(Fraction).length(10),
      currentShares: z.array(Fraction).length(10),
      /** Population stability index over the tenths of the baseline, and what chance alone stays below in 95 of 100 months. */
      psi: z.number(),
      psiByChance: z.number(),
      /** The largest distance between the two distributions, and how often chance alone gives as much (two-sample Kolmogorov-Smirnov). */
      ks: Fraction,
      p: Fraction,
    })
    .nullable(),
});
export type ScoreDrift = z.infer<typeof ScoreDrift>;

const Month = z.string().regex(/^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/);
export const scoreDrift = defineOperation({
  ...READ,
  id: 'scoreDrift',
  path: '/api/stats/screening/drift',
  summary: 'The month’s scores of a model version at a site against those of its first 200 films there',
  query: z.strictObject({
    modelName: z.string().max(100),
    modelVersion: z.string().max(100),
    site: Partition.optional(),
    month: Month,
    timeZone: TimeZone,
  }),
  responses: { 200: ScoreDrift },
});

export const MonthlyMeasure = z.enum(MONTHLY_MEASURES);
export type MonthlyMeasure = z.infer<typeof MonthlyMeasure>;
/** `X`: other, or unknown. */
export const MonthlySex = z.enum(['M', 'F', 'X']);
export type MonthlySex = z.infer<typeof MonthlySex>;

export const MonthlyTable = z.object({
  month: z.string(),
  /** False for who may not see identities: all ages are one sum, as UNKNOWN. */
  hasAges: z.boolean(),
  /** Examinations whose score the actor may not see: they are in no column that depends on one. */
  hidden: Count,
  sites: z.array(
    z.object({
      siteId: Uuid.nullable(),
      name: z.string().nullable(),
      /** One for each measure, sex and age band that has any. */
      cells: z.array(z.object({ measure: MonthlyMeasure, sex: MonthlySex, ageBand: AgeBand, n: Count })),
    }),
  ),
  models: z.array(z.string()),
  madeAt: Instant,
});
export type MonthlyTable = z.infer<typeof MonthlyTable>;

const MonthlyQuery = z.strictObject({ ...Which, month: Month });
const MonthlyFileQuery = MonthlyQuery.extend({ locale: z.enum(['fr', 'en']).default('fr') });
export const monthlyTable = defineOperation({
  ...READ,
  id: 'monthlyTable',
  path: '/api/stats/screening/monthly',
  summary: 'The monthly table of a national programme: examinations by site, sex and age',
  query: MonthlyQuery,
  responses: { 200: MonthlyTable },
});
export const monthlyTableCsv = defineOperation({
  ...READ,
  id: 'monthlyTableCsv',
  path: '/api/stats/screening/monthly/csv',
  summary: 'The same as CSV, in French or English: one line for each site and measure',
  query: MonthlyFileQuery,
  responses: { 200: { stream: 'text/csv' } },
});
export const monthlyTablePdf = defineOperation({
  ...READ,
  id: 'monthlyTablePdf',
  path: '/api/stats/screening/monthly/pdf',
  summary: 'The same as PDF, in French or English: one table for each measure',
  query: MonthlyFileQuery,
  responses: { 200: { stream: 'application/pdf' } },
});

export const statisticsOperations = [
  screeningStatistics,
  exportScreeningStatistics,
  agreementStatistics,
  exportAgreementStatistics,
  scoreDrift,
  monthlyTable,
  monthlyTableCsv,
  monthlyTablePdf,
] as const;
