import { hostname } from 'node:os';
import { type Service, type ServiceJob, serviceJob } from './access/index.ts';
import { backUpWhenDue, keepBesideBackups } from './backup/index.ts';
import { journalPorts } from './compose-journal.ts';
import { DEMO_PERMISSIONS, loadDemo } from './demo/index.ts';
import { dimseArchive } from './dimse-archive.ts';
import { certifying } from './dimse-commitment.ts';
import { dimseKeeper } from './dimse-ingest.ts';
import { auditJobs, createSequencer, syslogLoop } from './features/audit/index.ts';
import { consultationJobs } from './features/consultations/index.ts';
import { createHeavyWork, mappingJobs } from './features/dicomweb/index.ts';
import { commitmentJobs, nodeJobs } from './features/dimse/index.ts';
import { exportJobs } from './features/export/index.ts';
import { orthancCopies, orthancErasing, orthancFeed, orthancSending } from './features/orthanc/index.ts';
import { patientJobs } from './features/patients/index.ts';
import { predictionJobs } from './features/predictions/index.ts';
import { privacyJobs } from './features/privacy/index.ts';
import { shareJobs } from './features/sharing/index.ts';
import { studyJobs } from './features/studies/index.ts';
import { SCRUB } from './features/system/job-kinds.ts';
import { scrub } from './features/system/scrub.ts';
import {
  AUDIT_SEQUENCER,
  AUDIT_SYSLOG,
  backupKind,
  JOBS,
  LOAD_DEMO,
  ORTHANC_ERASE,
  ORTHANC_FEED,
  ORTHANC_SEND,
} from './job-kinds.ts';
import { StartError } from './kernel/start-error.ts';
import { orthancKeeper } from './orthanc-ingest.ts';
import { CodecPool } from './platform/codecs/pool.ts';
import type { Logger } from './platform/log/log.ts';
import type { Loop } from './platform/queue/job.ts';
import { QueueMismatch, type Runner, startRunner } from './platform/queue/runner.ts';
import { ROWS_BY_TEXT, ROWS_BY_UID } from './row-kinds.ts';
import type { ServerParts } from './server-parts.ts';

const SEQUENCER_PAUSE_MS = 400;

/** Exports without identity; none of the threads runs before the first file that needs one. */
function leavingJobs(parts: ServerParts, log: Logger): ServiceJob[] {
  const heavy = createHeavyWork();
  const masking = { codecs: new CodecPool(), headers: heavy, scratch: parts.scratch };
  const personOf: Parameters<typeof exportJobs>[0]['personOf'] = (userId, tokenId) => parts.identity.personOf(userId, tokenId);
  const takeInto: Parameters<typeof exportJobs>[0]['takeInto'] = (by, groupId, files) =>
    parts.ingest.ingestFiles(by, { entrance: 'MADE', groupId }, files);
  return exportJobs({ ...parts, log, heavy, masking, personOf, takeInto });
}

/** Every job there is, with its handler: the one place where they meet. */
export const jobsOf = (parts: ServerParts, log: Logger): ServiceJob[] => [
  ...parts.ingest.jobs,
  ...mappingJobs(parts),
  ...consultationJobs(parts),
  ...patientJobs(parts),
  ...privacyJobs({
    ...parts,
    elsewhere: orthancCopies(parts.orthanc),
    rows: { kinds: parts.kinds, byUid: ROWS_BY_UID, byText: ROWS_BY_TEXT },
    endEmergencies: (tx, records, actor) => parts.identity.endEmergencies(tx, records, { actor, because: 'ERASED' }),
    dataDir: parts.backup.dataDir,
    keepBeside: (entries) => keepBesideBackups(parts, entries),
  }),
  ...nodeJobs({
    ...parts,
    log,
    personOf: (userId, tokenId) => parts.identity.personOf(userId, tokenId),
    openKeeper: (by, groupId) => dimseKeeper(parts.ingest, by, groupId),
    openArchive: () => dimseArchive(parts.db, parts),
  }),
  ...commitmentJobs({ ...parts, certify: certifying(parts.db, parts.objects) }),
  ...leavingJobs(parts, log),
  ...predictionJobs(parts, createHeavyWork),
  ...shareJobs(parts),
  ...studyJobs(parts),
  ...auditJobs(journalPorts(parts)),
  serviceJob(SCRUB, ['system.manage'], (by, _payload, { signal }) =>
    scrub({ ...parts, by, days: parts.scrubDays, rebuildMetadata: parts.ingest.rebuildMetadata }, signal),
  ),
  serviceJob(backupKind(parts.backup.everyMs), ['system.manage'], (by, _payload, { signal }) => backUpWhenDue(parts, by, signal)),
  serviceJob(LOAD_DEMO, DEMO_PERMISSIONS, async (by, { importId }, { signal }) => ({
    stored: await loadDemo(parts, { by, importId }, signal),
  })),
];

function loopsOf(parts: ServerParts, log: Logger): Loop[] {
  const { db, audit, clock, auditKey, anchorFolder, ingest, journal, orthanc } = parts;
  const sequencer = createSequencer({ db, clock, key: auditKey, anchorFolder });
  const loops: Loop[] = [{ name: AUDIT_SEQUENCER, pauseMs: SEQUENCER_PAUSE_MS, step: () => sequencer.step() }];
  if (journal.syslog !== undefined) {
    const source = { site: journal.installation, host: hostname(), processId: process.pid };
    loops.push({ ...syslogLoop({ db, clock, log }, journal.syslog, source), name: AUDIT_SYSLOG });
  }
  if (orthanc === undefined) return loops;
  const openKeeper = (by: Service, groupId: string | null) => orthancKeeper(ingest, by, groupId);
  loops.push({ ...orthancFeed({ db, audit, clock, log, openKeeper, place: orthanc }), name: ORTHANC_FEED });
  loops.push({ ...orthancErasing({ db, audit, clock, log, place: orthanc }), name: ORTHANC_ERASE });
  if (orthanc.send) {
    const { objects, scratch } = parts;
    const tools = { db, audit, clock, log, objects, scratch, heavy: createHeavyWork(), place: orthanc };
    loops.push({ ...orthancSending(tools), name: ORTHANC_SEND });
  }
  return loops;
}

/**
 * What the job process does, on any number of nodes: each part takes a lock or is idempotent. Fails with QUEUE_WITHOUT_HANDLER when jobs would
 * wait that nobody here runs.
 */
export async function startJobs(parts: ServerParts, log: Logger): Promise<Runner> {
  await parts.ingest.cleanTemporary();
  try {
    return await startRunner({
      queue: parts.queue,
      db: parts.db,
      events: parts.state.events,
      log,
      jobs: jobsOf(parts, log),
      loops: loopsOf(parts, log),
      registry: JOBS,
    });
  } catch (cause) {
    if (!(cause instanceof QueueMismatch)) throw cause;
    throw new StartError('QUEUE_WITHOUT_HANDLER', `${cause.message} Another version of Negatoscope may have made it`, cause);
  }
}
