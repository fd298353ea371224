import type { KeyObject } from 'node:crypto';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Router } from './access/router.ts';
import { createDamageList } from './archive/objects/damage.ts';
import { createPixels } from './archive/pixels/index.ts';
import type { RowKinds } from './archive/row-kind.ts';
import { accessLogOf, type JournalSettings, journalReader, journalSettings, registerJournal } from './compose-journal.ts';
import type { ComposeOptions } from './compose-options.ts';
import type { BackupSettings } from './config/backup-settings.ts';
import { shareDescriptors } from './config/descriptors.ts';
import type { OrthancSettings } from './config/orthanc-settings.ts';
import { projectKeyOf } from './config/secrets.ts';
import type { Settings } from './config/settings.ts';
import { startDemo } from './demo/start.ts';
import { registerAnnotations } from './features/annotations/index.ts';
import { type Audit, createAudit } from './features/audit/index.ts';
import { registerBackups } from './features/backup/index.ts';
import { registerConsultations } from './features/consultations/index.ts';
import { createHeavyWork, registerDicomweb } from './features/dicomweb/index.ts';
import { registerNodes } from './features/dimse/index.ts';
import { registerExport, registerMedia } from './features/export/index.ts';
import { registerFhir } from './features/fhir/index.ts';
import { registerHanging } from './features/hanging/index.ts';
import { createIdentity, type Identity } from './features/identity/index.ts';
import { createIngest, type Entrance, type Ingest, type IngestOptions, type Inspection } from './features/ingest/index.ts';
import { registerNotices, tellAssigned } from './features/notices/index.ts';
import { queueForOrthanc, registerOrthanc } from './features/orthanc/index.ts';
import { registerPatients } from './features/patients/index.ts';
import { type ResultDecided, registerPredictions } from './features/predictions/index.ts';
import { registerPrivacy } from './features/privacy/index.ts';
import { type ReportDeps, registerReports } from './features/reports/index.ts';
import { registerStats } from './features/stats/index.ts';
import { registerStudies, resultDecided } from './features/studies/index.ts';
import { registerSystem } from './features/system/index.ts';
import { registerViews } from './features/views/index.ts';
import { createApp } from './http/app.ts';
import { registerDocuments } from './http/documents.ts';
import { registerOhif } from './http/ohif.ts';
import { createRouter, type Registered, refuseTheRest } from './http/router.ts';
import { findWebFolder, registerStatic } from './http/static.ts';
import { LOOPS, scheduledJobs } from './job-kinds.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { Failure } from './kernel/failure.ts';
import { openScratches, openStore } from './object-store.ts';
import { type Db, openDatabase } from './platform/db/database.ts';
import { JOB_PATIENCE, REQUEST_PATIENCE } from './platform/db/pool.ts';
import type { Logger } from './platform/log/log.ts';
import { DiskStore, WriterThreads } from './platform/objects/disk/index.ts';
import type { Scratch } from './platform/objects/scratch/index.ts';
import type { Staging } from './platform/objects/staging/index.ts';
import { type GuardedObjects, GuardedStore, MeasuredStore } from './platform/objects/store/index.ts';
import { openQueue, type Queue } from './platform/queue/queue.ts';
import type { SharedState } from './platform/shared-state/index.ts';
import { ROW_KINDS } from './row-kinds.ts';
import { openSharedState } from './shared-state.ts';
import { stageScript } from './stage-script.ts';
import { stowIngest } from './stow-ingest.ts';
import { VERSION } from './version.ts';

/** Upon which the one pipeline of ingest stands. */
interface SharedParts {
  readonly db: Db;
  readonly state: SharedState;
  readonly objects: GuardedObjects;
  readonly scratch: Scratch;
  /** Where films wait that somebody sent to a model, for a day. */
  readonly uploads: Scratch;
  /** Where exports without identity wait for a download, for a week. */
  readonly exports: Scratch;
  readonly audit: Audit;
  readonly identity: Identity;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly kinds: RowKinds;
}

/** What every process of the server is made of. */
export interface ServerParts extends SharedParts {
  readonly ingest: Ingest;
  readonly auditKey: Buffer;
  /** Seals the keys of projects of de-identification. */
  readonly projectKey: KeyObject;
  readonly anchorFolder: string;
  readonly modelsFolder: string;
  readonly scrubDays: number;
  /** Where DICOM nodes reach this server, and what it is called. */
  readonly dicom: Settings['dicom'];
  readonly orthanc: OrthancSettings | undefined;
  readonly journal: JournalSettings;
  readonly backup: BackupSettings & Pick<Settings, 'dataDir' | 'databaseUrl'>;
  close(): Promise<void>;
}

export async function openServerParts(options: ComposeOptions, role: 'web' | 'worker'): Promise<ServerParts> {
  const { settings, secrets, log, database, clock = systemClock } = options;
  const onError = (error: Error): void =>
    log.warn({ code: 'code' in error ? error.code : error.name }, 'database connection lost');
  const patience = role === 'web' ? REQUEST_PATIENCE : JOB_PATIENCE;
  const db = openDatabase({ ...database, poolSize: options.poolSize ?? 12, patience, onError, watch: options.metrics });
  const state = await openSharedState(options, { db, onError });
  const audit = createAudit({ db, clock });
  const disk = await openDisk(settings, log);
  const damage = createDamageList({ db, changes: state.changes, log, kinds: ROW_KINDS });
  const { store, close: closeStore } = await openStore(settings, disk);
  const measured = options.metrics === undefined ? store : new MeasuredStore(store, options.metrics);
  const objects = new GuardedStore(measured, damage);
  const { scratch, uploads, exports, close: closeScratches } = await openScratches(settings);
  const identity = openIdentity(options, { db, state, audit, clock });
  const queue = await openQueue(database.connection, { worker: role === 'worker', events: state.events, onError });
  const shared = { db, state, objects, scratch, uploads, exports, audit, identity, queue, clock, kinds: ROW_KINDS };
  const ingest = openIngest(options, shared, disk.staging);
  return {
    ...shared,
    ingest,
    auditKey: Buffer.from(secrets.auditKey, 'hex'),
    projectKey: projectKeyOf(secrets),
    anchorFolder: path.join(settings.dataDir, 'audit'),
    modelsFolder: path.join(settings.dataDir, 'models'),
    scrubDays: settings.scrubDays,
    dicom: settings.dicom,
    orthanc: settings.orthanc,
    journal: journalSettings(settings),
    backup: { ...settings.backup, dataDir: settings.dataDir, databaseUrl: settings.databaseUrl },
    close: async () => {
      await ingest.close();
      identity.close();
      await queue.close();
      damage.close();
      await closeStore();
      closeScratches();
      await state.close();
      await db.close();
    },
  };
}

const openDisk = (settings: Settings, log: Logger): Promise<DiskStore<Inspection>> =>
  DiskStore.open<Inspection>({
    root: path.join(settings.dataDir, 'objects'),
    maxOpenFiles: shareDescriptors().cachedFiles,
    writers: (writing) => new WriterThreads(stageScript, writing),
    onWaiting: ({ objects: waiting, bytes }) => {
      if (waiting > 0)
        log.warn({ objects: waiting, bytes }, 'stored objects wait for room on the disk: read only until there is some');
      else log.info('nothing waits for room on the disk any more');
    },
  });

const openIdentity = (
  { settings, secrets, log, passwordCost }: ComposeOptions,
  parts: Pick<ServerParts, 'db' | 'state' | 'audit' | 'clock'>,
): Identity =>
  createIdentity({
    ...parts,
    log,
    secret: Buffer.from(secrets.sessionSecret),
    factorKey: Buffer.from(secrets.factorKey, 'hex'),
    publicUrl: new URL(settings.publicUrl),
    signIn: settings.signIn,
    mail: settings.mail,
    site: settings.installationName,
    ...(passwordCost === undefined ? {} : { passwordCost }),
  });

/** What comes from Orthanc does not go back; what the server made or invented itself stays here. */
const SENT_ENTRANCES: readonly Entrance[] = ['UPLOAD', 'STOW', 'DIMSE'];
const sendStored: NonNullable<IngestOptions['stored']> = (tx, entrance, ids) =>
  SENT_ENTRANCES.includes(entrance) ? queueForOrthanc(tx, ids) : Promise.resolve();

function openIngest(
  { settings, log, metrics }: ComposeOptions,
  { db, objects, scratch, audit, clock, kinds, queue, identity }: SharedParts,
  staging: Staging<Inspection>,
): Ingest {
  return createIngest({
    db,
    staging,
    objects,
    scratch,
    audit,
    clock,
    log,
    kinds,
    limits: { maxUploadBytes: settings.maxUploadBytes, maxFileBytes: settings.maxFileBytes },
    queue,
    personOf: identity.personOf,
    requireStanding: identity.revocations.requireStanding,
    cameIn:
      metrics && ((entrance, results) => metrics.cameIn(results.map(({ outcome, reason }) => ({ entrance, outcome, reason })))),
    ...(settings.orthanc?.send === true ? { stored: sendStored } : {}),
  });
}

export interface WebServer {
  readonly app: FastifyInstance;
  readonly routes: Registered;
  readonly parts: ServerParts;
  close(): Promise<void>;
}

/** The web process: every feature joined to the router. The one place where the parts meet. */
export async function composeWeb(options: ComposeOptions): Promise<WebServer> {
  const { settings, log } = options;
  const parts = await openServerParts(options, 'web');
  const { authenticate, localeOf, revocations } = parts.identity;
  const app = await createApp({
    log,
    trustProxy: settings.trustProxy,
    publicUrl: new URL(settings.publicUrl),
    authenticate,
    rights: revocations,
    answered: options.metrics?.answered,
  });
  const router = createRouter(app, { audit: parts.audit });
  const { stopAnnotations, stopDicomweb } = registerFeatures(router, parts, settings);
  refuseTheRest(app, router.registered);
  await registerOhif(app, { authenticate, localeOf });
  const webFolder = findWebFolder();
  if (webFolder === undefined) log.warn('the web app is not built: only the API answers');
  else await registerStatic(app, webFolder);

  return {
    app,
    routes: router.registered,
    parts,
    close: async () => {
      stopAnnotations();
      await app.close();
      await stopDicomweb();
      await parts.close();
    },
  };
}

/** What goes on beside requests, to be ended with the server. */
interface Ends {
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
  });
  registerBackups(router, { db, clock, everyMs: parts.backup.everyMs });
  registerNodes(router, { db, audit, clock, queue: parts.queue, counters: state.counters, listening: dicom });
  registerOrthanc(router, { db, audit, place: parts.orthanc, maxBodyBytes: maxUploadBytes });
}

interface Leaving {
  readonly heavy: ReturnType<typeof createHeavyWork>;
  readonly pixels: ReturnType<typeof createPixels>;
  readonly reports: ReturnType<typeof registerReports>;
  readonly installationName: string;
}

/** What of a patient leaves as files: exports, the whole record, media. */
function registerLeaving(router: Router, parts: ServerParts, { heavy, pixels, reports, installationName }: Leaving): void {
  const exporting = { ...parts, heavy };
  registerExport(router, {
    ...exporting,
    record: {
      installation: installationName,
      reports: (actor, study) => reports.pdfs(actor, study),
      accessLog: accessLogOf(parts, installationName),
    },
  });
  registerMedia(router, { ...exporting, pixels, site: installationName });
}

function registerFeatures(router: Router, parts: ServerParts, settings: Settings): Ends {
  const { publicUrl, installationName } = settings;
  const { db, state, objects, scratch, audit, identity, ingest, clock, kinds } = parts;
  identity.register(router);
  const patients = registerPatients(router, { db, audit, clock, kinds });
  registerPrivacy(router, {
    ...{ db, audit, clock, queue: parts.queue, auditKey: parts.auditKey },
    requireProof: (tx, actor) => identity.requireProof(tx, actor),
  });
  const { events, changes } = state;
  registerStudies(router, { db, audit, clock, patients, kinds, events, changes, assigned: tellAssigned });
  registerViews(router, { db, audit, clock });
  registerNotices(router, { db, clock, events });
  registerHanging(router, { db, audit, clock });
  const heavy = createHeavyWork();
  const pixels = createPixels({ db, changes: state.changes, objects, headers: heavy });
  const stopAnnotations = registerAnnotations(router, {
    ...{ db, audit, clock, objects, pixels, events: state.events },
    storeMade: (made) => ingest.storeMade(made),
  });
  const { askFrom, reader: predictions } = registerPredictions(router, {
    ...{ db, audit, clock, objects, uploads: parts.uploads, queue: parts.queue, events: state.events },
    root: parts.modelsFolder,
    resultDecided: resultsOf(parts),
    installation: installationName,
  });
  const reports = registerReports(router, reportsOf(parts, settings, predictions));
  const consultations = registerConsultations(router, { db, audit, clock, events: state.events, askFrom });
  registerFhir(router, {
    ...{ db, audit, consultations, predictions, reports, journal: journalReader(db) },
    publicUrl,
    version: VERSION,
    since: clock.now(),
  });
  registerStats(router, { db, clock, countReviews: ingest.countReviews });
  registerLeaving(router, parts, { heavy, pixels, reports, installationName });
  ingest.register(router);
  registerJournal(router, parts, installationName);
  const dicomweb = { db, pixels, objects, scratch, audit, heavy, publicUrl, ingest: stowIngest(ingest) };
  const stopDicomweb = registerDicomweb(router, dicomweb);
  registerSite(router, parts, settings);
  registerDocuments(router, { publicUrl, version: VERSION });
  return { stopAnnotations, stopDicomweb };
}
