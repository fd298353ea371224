import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createDamageList } from './archive/objects/damage.ts';
import { createPlaces } from './archive/records/still-seen.ts';
import { openVisits, registerFeatures } from './compose-features.ts';
import { journalSettings } from './compose-journal.ts';
import type { ComposeOptions } from './compose-options.ts';
import { shareDescriptors } from './config/descriptors.ts';
import { sealingKeysOf } from './config/secrets.ts';
import type { Settings } from './config/settings.ts';
import { createAudit } from './features/audit/index.ts';
import { createIdentity, type Identity } from './features/identity/index.ts';
import { createIngest, type Entrance, type Ingest, type IngestOptions, type Inspection } from './features/ingest/index.ts';
import { queueForOrthanc } from './features/orthanc/index.ts';
import { createApp } from './http/app.ts';
import { registerOhif } from './http/ohif.ts';
import { createRouter, type Registered, refuseTheRest } from './http/router.ts';
import { findWebFolder, registerStatic } from './http/static.ts';
import { systemClock } from './kernel/clock.ts';
import { openScratches, openStore } from './object-store.ts';
import { openDatabase } from './platform/db/database.ts';
import { JOB_PATIENCE, REQUEST_PATIENCE } from './platform/db/pool.ts';
import { lossOf } from './platform/db/primary.ts';
import type { Logger } from './platform/log/log.ts';
import { DiskStore, WriterThreads } from './platform/objects/disk/index.ts';
import type { Staging } from './platform/objects/staging/index.ts';
import { GuardedStore, MeasuredStore } from './platform/objects/store/index.ts';
import { openQueue } from './platform/queue/queue.ts';
import { ROW_KINDS } from './row-kinds.ts';
import type { ServerParts, SharedParts } from './server-parts.ts';
import { openSharedState } from './shared-state.ts';
import { stageScript } from './stage-script.ts';

export async function openServerParts(options: ComposeOptions, role: 'web' | 'worker'): Promise<ServerParts> {
  const { settings, secrets, log, database, clock = systemClock } = options;
  const onError = (error: Error): void => log.warn({ code: 'code' in error ? error.code : error.name }, lossOf(error));
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
    ...saidBy(settings, secrets),
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

/** What settings and secrets say, in the form in which parts want it. */
const saidBy = (settings: Settings, secrets: ComposeOptions['secrets']) => ({
  auditKey: Buffer.from(secrets.auditKey, 'hex'),
  ...sealingKeysOf(secrets),
  anchorFolder: path.join(settings.dataDir, 'audit'),
  modelsFolder: path.join(settings.dataDir, 'models'),
  scrubDays: settings.scrubDays,
  dicom: settings.dicom,
  orthanc: settings.orthanc,
  journal: journalSettings(settings),
  backup: { ...settings.backup, dataDir: settings.dataDir, databaseUrl: settings.databaseUrl },
});

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
    endEmergencies: (tx, records, actor) => identity.endEmergencies(tx, records, { actor, because: 'MERGED' }),
    isStoreNear: settings.objectStore === 'disk',
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
  const visits = openVisits(parts, settings);
  const app = await createApp({
    log,
    trustProxy: settings.trustProxy,
    publicUrl: new URL(settings.publicUrl),
    authenticate,
    rights: revocations,
    places: createPlaces({ db: parts.db, changes: parts.state.changes }),
    visits: visits.visits,
    answered: options.metrics?.answered,
  });
  const router = createRouter(app, { audit: parts.audit });
  const { stopAnnotations, stopDicomweb } = registerFeatures(router, parts, settings, visits);
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
