import { scopeOf } from './access/index.ts';
import type { Router } from './access/router.ts';
import { createPixels } from './archive/pixels/index.ts';
import { accessLogOf, journalReader, registerJournal } from './compose-journal.ts';
import type { Settings } from './config/settings.ts';
import { startDemo } from './demo/start.ts';
import { registerAnnotations } from './features/annotations/index.ts';
import { registerBackups } from './features/backup/index.ts';
import { registerConsultations } from './features/consultations/index.ts';
import { createHeavyWork, registerDicomweb } from './features/dicomweb/index.ts';
import { registerNodes, reviewedNodes } from './features/dimse/index.ts';
import { findSealedProjects, registerExport, registerMedia } from './features/export/index.ts';
import { registerFhir } from './features/fhir/index.ts';
import { registerHanging } from './features/hanging/index.ts';
import { findReaders, findSealedFactors, registerAccessReview } from './features/identity/index.ts';
import { registerNotices, tellAssigned, tellEmergency, tellShareClosed } from './features/notices/index.ts';
import { orthancCopies, registerOrthanc } from './features/orthanc/index.ts';
import { registerPatients } from './features/patients/index.ts';
import { type ResultDecided, registerPredictions } from './features/predictions/index.ts';
import { registerPrivacy } from './features/privacy/index.ts';
import { type ReportDeps, registerReports } from './features/reports/index.ts';
import { createVisits, registerSharing, type Visits } from './features/sharing/index.ts';
import { registerStats } from './features/stats/index.ts';
import { registerStudies, resultDecided, type Studies } from './features/studies/index.ts';
import { registerSystem, roomOf } from './features/system/index.ts';
import { registerViews } from './features/views/index.ts';
import { registerDocuments } from './http/documents.ts';
import { LOOPS, scheduledJobs } from './job-kinds.ts';
import { Failure } from './kernel/failure.ts';
import { countSealed } from './sealed-rows.ts';
import type { ServerParts } from './server-parts.ts';
import { stowIngest } from './stow-ingest.ts';
import { VERSION } from './version.ts';

/** What goes on beside requests, to be ended with the server. */
export interface Ends {
  readonly stopAnnotations: () => void;
  readonly stopDicomweb: () => Promise<void>;
}

/** How a study follows what physicians decide about its results. */
export const resultsOf =
  ({ audit, clock, state: { events } }: Pick<ServerParts, 'audit' | 'clock' | 'state'>): ResultDecided =>
  (tx, actor, decided) =>
    resultDecided({ audit, clock, events }, tx, actor, decided);

const reportsOf = (
  parts: ServerParts,
  { signIn, installationName }: Settings,
  { isAskedFirst }: { readonly isAskedFirst: ReportDeps['isBlind'] },
): Parameters<typeof registerReports>[1] => ({
  ...{ db: parts.db, audit: parts.audit, clock: parts.clock, isBlind: isAskedFirst, installation: installationName },
  storeMade: (made) => parts.ingest.storeMade(made),
  requireProof: async (tx, actor) => {
    if (signIn.provesToSign !== true) return;
    // Nobody sits at a token who could show who they are.
    if (actor.via !== 'session') throw new Failure('PROOF_REQUIRED');
    await parts.identity.requireProof(tx, actor);
  },
  studyRead: (tx, actor, studyId) => resultsOf(parts)(tx, actor, { studyId, stands: true, wasLast: false }),
});

/** What whoever runs the installation looks after. */
function registerSite(router: Router, parts: ServerParts, { dicom, maxUploadBytes }: Settings): void {
  const { db, state, objects, audit, clock } = parts;
  registerSystem(router, {
    ...{ db, objects, audit, clock, version: VERSION, scrubDays: parts.scrubDays, dataDir: parts.backup.dataDir },
    checkQueue: parts.queue.check,
    redis: state.redis,
    jobs: { registry: scheduledJobs(parts.backup.everyMs), loops: LOOPS, depths: parts.queue.depths },
    startDemo: (actor) => startDemo(parts, actor),
    sealed: (actor) =>
      db.reading(scopeOf(actor), async (tx) =>
        countSealed(parts, { projects: await findSealedProjects(tx), factors: await findSealedFactors(tx) }),
      ),
  });
  registerAccessReview(router, { db, audit, clock, nodes: reviewedNodes });
  registerBackups(router, { db, clock, everyMs: parts.backup.everyMs });
  registerNodes(router, { db, audit, clock, queue: parts.queue, counters: state.counters, listening: dicom });
  registerOrthanc(router, { db, audit, place: parts.orthanc, maxBodyBytes: maxUploadBytes });
}

interface Leaving {
  readonly heavy: ReturnType<typeof createHeavyWork>;
  readonly pixels: ReturnType<typeof createPixels>;
  readonly reports: ReturnType<typeof registerReports>;
  readonly installationName: string;
  readonly studies: Studies;
}

/** What of a patient leaves as files: exports, the whole record, media. */
function registerLeaving(
  router: Router,
  parts: ServerParts,
  { heavy, pixels, reports, installationName, studies }: Leaving,
): ReturnType<typeof registerExport> {
  const masking = { codecs: pixels.codecs, headers: heavy, scratch: parts.scratch };
  const exporting = { ...parts, heavy, masking };
  const exports = registerExport(router, {
    ...exporting,
    listStudies: (actor, query) => studies.list(actor, query),
    record: {
      installation: installationName,
      reports: (actor, study) => reports.pdfs(actor, study),
      accessLog: accessLogOf(parts, installationName),
    },
  });
  registerMedia(router, { ...exporting, pixels, site: installationName });
  return exports;
}

/** Patients and studies, what is wanted of their lists, and what patients may ask for. */
function registerRecords(router: Router, parts: ServerParts): Studies {
  const { db, state, audit, identity, clock, kinds } = parts;
  const patients = registerPatients(router, { db, audit, clock, kinds, readers: findReaders });
  registerPrivacy(router, {
    ...{ db, audit, clock, queue: parts.queue, auditKey: parts.auditKey },
    elsewhere: orthancCopies(parts.orthanc),
    requireProof: (tx, actor) => identity.requireProof(tx, actor),
  });
  const { events, changes } = state;
  const studies = registerStudies(router, { db, audit, clock, patients, kinds, events, changes, assigned: tellAssigned });
  registerViews(router, { db, audit, clock });
  registerNotices(router, { db, clock, events });
  registerHanging(router, { db, audit, clock });
  return studies;
}

/** Visits by links, which the app asks for before any route. */
export interface VisitParts {
  readonly deps: Parameters<typeof createVisits>[0];
  readonly visits: Visits;
}

export function openVisits({ db, clock, audit, identity }: ServerParts, { publicUrl }: Settings): VisitParts {
  const deps = {
    ...{ db, clock, audit, peopleOf: (userIds: readonly string[]) => identity.peopleOf(userIds) },
    isSecure: new URL(publicUrl).protocol === 'https:',
    onChange: (listener: (userId: string | undefined) => void) => identity.revocations.onChange(listener),
  };
  return { deps, visits: createVisits(deps) };
}

const predicting = (router: Router, parts: ServerParts, installation: string): ReturnType<typeof registerPredictions> => {
  const { db, audit, clock, objects, uploads, queue, state, modelsFolder: root } = parts;
  const { events } = state;
  return registerPredictions(router, {
    ...{ db, audit, clock, objects, uploads, queue, events, root, installation },
    resultDecided: resultsOf(parts),
  });
};

export function registerFeatures(router: Router, parts: ServerParts, settings: Settings, visits: VisitParts): Ends {
  const { publicUrl, installationName } = settings;
  const { db, state, objects, scratch, audit, identity, ingest, clock } = parts;
  identity.register(router);
  identity.registerEmergency(router, { hours: settings.breakGlass?.hours, tell: tellEmergency });
  const studies = registerRecords(router, parts);
  const heavy = createHeavyWork();
  const pixels = createPixels({ db, changes: state.changes, objects, headers: heavy });
  const stopAnnotations = registerAnnotations(router, {
    ...{ db, audit, clock, objects, pixels, events: state.events },
    storeMade: (made) => ingest.storeMade(made),
  });
  const { askFrom, reader: predictions } = predicting(router, parts, installationName);
  const reports = registerReports(router, reportsOf(parts, settings, predictions));
  const consultations = registerConsultations(router, { db, audit, clock, events: state.events, askFrom });
  registerFhir(router, {
    ...{ db, audit, consultations, predictions, reports, journal: journalReader(db) },
    publicUrl,
    version: VERSION,
    since: clock.now(),
  });
  registerStats(router, {
    ...{ db, clock, audit, countReviews: ingest.countReviews },
    disk: () => roomOf(parts.backup.dataDir),
  });
  const { sendStudy } = registerLeaving(router, parts, { heavy, pixels, reports, installationName, studies });
  registerSharing(
    router,
    { ...visits.deps, pixels, site: installationName, strangers: identity.strangers, tellClosed: tellShareClosed, sendStudy },
    visits.visits,
  );
  ingest.register(router);
  registerJournal(router, parts, installationName);
  const dicomweb = { db, pixels, objects, scratch, audit, heavy, publicUrl, ingest: stowIngest(ingest) };
  const stopDicomweb = registerDicomweb(router, dicomweb);
  registerSite(router, parts, settings);
  registerDocuments(router, { publicUrl, version: VERSION });
  return { stopAnnotations, stopDicomweb };
}
