import { z } from 'zod';
import { MAP_SERIES } from './features/dicomweb/job-kinds.ts';
import { PACK_SERIES, READ_SPOOL, REMOVE_ORPHANS } from './features/ingest/job-kinds.ts';
import { PURGE_TRASH } from './features/patients/job-kinds.ts';
import { SCRUB } from './features/system/job-kinds.ts';
import { defineJob, type JobKind } from './platform/queue/job.ts';

export const LOAD_DEMO = defineJob({
  name: 'load-demo',
  payload: z.strictObject({ importId: z.uuid(), userId: z.uuid() }),
  retry: { limit: 3, delaySeconds: 1 },
});

/** Every queue there is: they are made by the migration, which runs as the owner. Handlers are in jobs.ts. */
export const JOB_KINDS: readonly JobKind[] = [PACK_SERIES, READ_SPOOL, MAP_SERIES, REMOVE_ORPHANS, PURGE_TRASH, SCRUB, LOAD_DEMO];
