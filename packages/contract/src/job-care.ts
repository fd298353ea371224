import { z } from 'zod';
import { Instant } from './common.ts';
import { defineOperation } from './operation.ts';

/** What the server does by itself. */
export const JobName = z.enum([
  'pack-series',
  'map-series',
  'read-spool',
  'find-nameless',
  'remove-orphans',
  'purge-trash',
  'erase-patients',
  'find-returned',
  'retain',
  'end-readings',
  'attach-films',
  'tell-commitments',
  'predict',
  'check-model',
  'keep-result',
  'tidy-predictions',
  'run-deid-exports',
  'run-transfers',
  'tidy-node-log',
  'tidy-shares',
  'check-audit-chain',
  'watch-audit',
  'order-audit',
  'report-audit',
  'scrub',
  'backup',
  'load-demo',
  'audit-sequencer',
  'audit-syslog',
  'orthanc-feed',
  'orthanc-send',
  'orthanc-erase',
]);
export type JobName = z.infer<typeof JobName>;
export const JobCare = z.object({
  items: z.array(
    z.object({
      name: JobName,
      /** When it is sent by itself, as cron says it, in UTC. */
      schedule: z.string().nullable(),
      /** What follows its runs. */
      followedBy: z.array(JobName),
      waiting: z.number().int(),
      running: z.number().int(),
      /** Since when runs are counted; null before the first. */
      since: Instant.nullable(),
      runs: z.number().int(),
      failures: z.number().int(),
      totalMs: z.number().int(),
      longestMs: z.number().int(),
      lastMs: z.number().int().nullable(),
      lastRunAt: Instant.nullable(),
      lastFailedAt: Instant.nullable(),
      /** A code, or the kind of the error. */
      lastFailure: z.string().nullable(),
    }),
  ),
});
export type JobCare = z.infer<typeof JobCare>;
export const jobCare = defineOperation({
  id: 'jobCare',
  method: 'GET',
  path: '/api/system/jobs',
  tag: 'system',
  permission: 'system.manage',
  summary: 'What the server does by itself: how often, how long, and what failed',
  responses: { 200: JobCare },
});
