import { z } from 'zod';
import { ActivityQuery, Step } from './activity.ts';
import { defineOperation } from './operation.ts';
import { Count } from './rates.ts';

/** Over how many days a pace is measured. */
export const PACE_DAYS = [30, 90] as const;
/**
 * FULL: on `fullOn` at that pace. LONG: in ten years or later. NOTHING_COMES: at no time. TOO_FEW_DAYS: the archive is younger than the pace
 * needs, and says nothing.
 */
export const ForecastVerdict = z.enum(['FULL', 'LONG', 'NOTHING_COMES', 'TOO_FEW_DAYS']);
export type ForecastVerdict = z.infer<typeof ForecastVerdict>;
export const Forecast = z.object({
  days: Count,
  /** Whole days since the first study came, at most `days`. */
  observedDays: Count,
  verdict: ForecastVerdict,
  /** What came in a day on average; null of too few days. */
  dailyBytes: Count.nullable(),
  daysLeft: Count.nullable(),
  /** The day by the server's clock (UTC). */
  fullOn: z.string().nullable(),
});
export type Forecast = z.infer<typeof Forecast>;

export const StorageStatistics = z.object({
  from: z.string(),
  to: z.string(),
  step: Step,
  /** Bytes of studies that came, and all that there were in the archive at the end of each. */
  periods: z.array(z.object({ key: z.string(), bytes: Count, studies: Count, keptBytes: Count })),
  keptBytes: Count,
  /** Of the disk of DATA_DIR and at which pace it fills; null for who does not manage the system. */
  disk: z.object({ totalBytes: Count, freeBytes: Count, forecasts: z.array(Forecast) }).nullable(),
});
export type StorageStatistics = z.infer<typeof StorageStatistics>;
const OF = {
  method: 'GET',
  tag: 'statistics',
  permission: 'statistics.read',
  query: ActivityQuery.omit({ modality: true }),
} as const;
export const storageStatistics = defineOperation({
  ...OF,
  id: 'storageStatistics',
  path: '/api/stats/storage',
  summary:
    'Bytes received and kept by period, in scope, of what is in the archive today; with system.manage also when the disk is full at the pace of the last 30 and 90 days',
  responses: { 200: StorageStatistics },
  errors: ['UNPROCESSABLE'],
});
export const exportStorageStatistics = defineOperation({
  ...OF,
  id: 'exportStorageStatistics',
  path: '/api/stats/storage/csv',
  summary: 'The same as CSV: one line for each period and forecast',
  responses: { 200: { stream: 'text/csv' } },
  errors: ['UNPROCESSABLE'],
});
export const storageFigureOperations = [storageStatistics, exportStorageStatistics] as const;
