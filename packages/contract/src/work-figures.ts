import { z } from 'zod';
import { defineOperation } from './operation.ts';

export const WorkFigures = z.object({
  /** Studies that are to be read, or in progress: one's own, nobody's (counted to 1,000) and those that are urgent or stat. */
  mine: z.number().int(),
  nobodys: z.number().int(),
  pressing: z.number().int(),
  /** From reception to validation, of what was validated in the last 30 days; minutes. Null where nothing was. */
  turnaround: z.object({ studies: z.number().int(), medianMinutes: z.number(), p90Minutes: z.number() }).nullable(),
});
export type WorkFigures = z.infer<typeof WorkFigures>;
export const workFigures = defineOperation({
  id: 'workFigures',
  method: 'GET',
  path: '/api/stats/work',
  tag: 'system',
  permission: 'studies.read',
  summary: 'What there is to read for this person, and how long reading takes, in scope',
  responses: { 200: WorkFigures },
});

export const DiskCare = z.object({
  totalBytes: z.number().int(),
  freeBytes: z.number().int(),
  /** What came in a day on average, of the last 30 days. */
  dailyBytes: z.number().int(),
  /** Whole days since the first study came, at most 30: of fewer no pace is told. */
  observedDays: z.number().int(),
  /** In how many days the disk is full at that pace; null where nothing comes, in ten years or later, and of fewer than 30 observed days. */
  daysLeft: z.number().int().nullable(),
});
export type DiskCare = z.infer<typeof DiskCare>;
export const diskCare = defineOperation({
  id: 'diskCare',
  method: 'GET',
  path: '/api/system/disk',
  tag: 'system',
  permission: 'system.manage',
  summary: 'How much room the disk of DATA_DIR has, and for how long',
  responses: { 200: DiskCare },
});
export const workFigureOperations = [workFigures, diskCare] as const;
