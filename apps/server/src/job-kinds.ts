import { z } from 'zod';
import { CHECK_CHAIN, ORDER_JOURNAL, REPORT_JOURNAL, WATCH_JOURNAL } from './features/audit/job-kinds.ts';
import { BACKUP } from './features/backup/job-kinds.ts';
import { ATTACH_FILMS } from './features/consultations/job-kinds.ts';
import { MAP_SERIES } from './features/dicomweb/job-kinds.ts';
import { RUN_TRANSFERS, TELL_COMMITMENTS, TIDY_NODE_LOG } from './features/dimse/job-kinds.ts';
import { RUN_DEID_EXPORTS } from './features/export/job-kinds.ts';
import { FIND_NAMELESS, PACK_SERIES, READ_SPOOL, REMOVE_ORPHANS } from './features/ingest/job-kinds.ts';
import { PURGE_TRASH } from './features/patients/job-kinds.ts';
import { CHECK_MODEL, KEEP_RESULT, PREDICT, TIDY_PREDICTIONS } from './features/predictions/job-kinds.ts';
import { ERASE, FIND_RETURNED, RETAIN } from './features/privacy/job-kinds.ts';
import { TIDY_SHARES } from './features/sharing/job-kinds.ts';
import { END_READINGS } from './features/studies/job-kinds.ts';
import { SCRUB } from './features/system/job-kinds.ts';
import { defineJob, follow, type JobKind, type RegisteredJob, registered, unscheduled } from './platform/queue/job.ts';

export const LOAD_DEMO = defineJob({
  name: 'load-demo',
  // Earlier versions sent who asked, too: the import knows.
  payload: z.strictObject({ importId: z.uuid(), userId: z.uuid().optional() }),
  report: z.strictObject({ stored: z.number() }),
  retry: { limit: 3, delaySeconds: 1 },
});

/** Every job there is and what follows it, the one place where they are joined. Handlers are in jobs.ts. */
export const JOBS: readonly RegisteredJob[] = [
  // Black and white of what was packed can be found now.
  registered(
    PACK_SERIES,
    follow(MAP_SERIES, ({ packed }) => (packed > 0 ? {} : undefined)),
  ),
  registered(MAP_SERIES),
  registered(READ_SPOOL),
  registered(FIND_NAMELESS),
  registered(REMOVE_ORPHANS),
  registered(PURGE_TRASH),
  registered(ERASE),
  registered(FIND_RETURNED),
  registered(RETAIN),
  registered(TIDY_SHARES),
  registered(END_READINGS),
  registered(ATTACH_FILMS),
  registered(PREDICT),
  registered(CHECK_MODEL),
  registered(KEEP_RESULT),
  registered(TIDY_PREDICTIONS),
  registered(RUN_TRANSFERS),
  registered(RUN_DEID_EXPORTS),
  registered(TIDY_NODE_LOG),
  registered(TELL_COMMITMENTS),
  registered(CHECK_CHAIN),
  registered(WATCH_JOURNAL),
  registered(ORDER_JOURNAL),
  registered(REPORT_JOURNAL),
  registered(SCRUB),
  registered(BACKUP),
  registered(LOAD_DEMO),
];

/** The job that makes backups: nobody looks whether one is due where the settings ask for none. */
export const backupKind = (everyMs: number | undefined): typeof BACKUP => (everyMs === undefined ? unscheduled(BACKUP) : BACKUP);

/** The same, scheduled as the settings have it. */
export const scheduledJobs = (everyMs: number | undefined): readonly RegisteredJob[] =>
  JOBS.map((one) => (one.kind === BACKUP ? { ...one, kind: backupKind(everyMs) } : one));

/** What is repeated without a queue. */
export const AUDIT_SEQUENCER = 'audit-sequencer';
export const ORTHANC_FEED = 'orthanc-feed';
export const ORTHANC_ERASE = 'orthanc-erase';
export const ORTHANC_SEND = 'orthanc-send';
export const AUDIT_SYSLOG = 'audit-syslog';
export const LOOPS = [AUDIT_SEQUENCER, AUDIT_SYSLOG, ORTHANC_FEED, ORTHANC_SEND, ORTHANC_ERASE];

/** Every queue there is: they are made by the migration, which runs as the owner. */
export const JOB_KINDS: readonly JobKind[] = JOBS.map(({ kind }) => kind);
