import type { Logger } from 'pino';
import { type Person, type Service, type ServiceJob, scopeOf, seesIdentity } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import type { Staging } from '../../platform/objects/staging/index.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import type { Queue } from '../../platform/queue/queue.ts';
import type { Audit } from '../audit/index.ts';
import { Arrivals } from './commit/arrivals.ts';
import type { BatchTools } from './commit/batch-request.ts';
import { CommitQueue } from './commit/commit-queue.ts';
import { KnownPlaces } from './commit/known-places.ts';
import type { AcceptedTools } from './intake/accepted.ts';
import { closeImport } from './intake/close-import.ts';
import { type MadeInstances, storeMade } from './intake/made.ts';
import { openImport } from './intake/reports.ts';
import { registerImports } from './intake/routes.ts';
import { runFiles } from './intake/run.ts';
import { askingBefore, type Beat, createSession, type IngestSession, onBeat, type SessionTools } from './intake/session.ts';
import { resolveTarget } from './intake/target.ts';
import { ingestJobs } from './jobs.ts';
import { countReviews } from './review/identity-review.ts';
import type { MergeTools } from './review/merge-records.ts';
import { registerReviews } from './review/review-routes.ts';
import { createHeaderReader } from './stage/header.ts';
import type { Inspection } from './stage/inspection.ts';
import { rebuildMetadata } from './stage/rebuild-metadata.ts';
import type { FileResult, Importer, ImportTarget, IncomingFile, IngestLimits, ResolvedTarget } from './types.ts';

export { partOf } from './intake/part.ts';
export type { Beat, IngestSession } from './intake/session.ts';
export { type Inspection, inspectHeader } from './stage/inspection.ts';
export type { Entrance, FileResult, ImportTarget, IncomingFile, IngestLimits, Staged } from './types.ts';

const GIB = 1024 ** 3;
export const DEFAULT_INGEST_LIMITS: IngestLimits = {
  maxUploadBytes: 50 * GIB,
  maxFileBytes: 8 * GIB,
  maxInflatedBytes: GIB / 2,
  maxZipEntries: 200_000,
  maxExpandedBytes: 100 * GIB,
  maxParts: 100_000,
};

export interface IngestOptions {
  readonly db: Db;
  /** Inspects with `inspectHeader`. */
  readonly staging: Staging<Inspection>;
  readonly objects: GuardedObjects;
  /** Where ZIPs are spooled, and wait that were accepted for later. */
  readonly scratch: Scratch;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  /** What hangs on patients and studies follows when they are filed elsewhere. */
  readonly kinds: RowKinds;
  readonly limits?: Partial<IngestLimits>;
  readonly queue: Pick<Queue, 'send' | 'waiting'>;
  /** A person as they are now, without a session; undefined when they may not sign in. */
  readonly personOf: (userId: string) => Promise<Person | undefined>;
  /** Fails with NOT_AUTHENTICATED or FORBIDDEN when what a request was begun with has ended or changed since. */
  readonly requireStanding: (actor: Person) => Promise<void>;
  /** Told within the transaction what is stored. */
  readonly stored?: BatchTools['stored'];
  /** Told what became of files. */
  readonly cameIn?: BatchTools['cameIn'] | undefined;
  readonly endEmergencies: MergeTools['endEmergencies'];
  /** Without it the objects of a batch are durable before its transaction begins. */
  readonly isStoreNear?: boolean;
  /** On which the commits end of who sees no identities; the clock's without it. */
  readonly beat?: Beat;
}

export interface Ingest {
  register(router: Router): void;
  /** Needs `imports.create`, which the caller's route has checked. Fails as `resolveTarget` says. */
  openSession(actor: Importer, target: ImportTarget): Promise<IngestSession>;
  /**
   * Takes files one after the other and commits them in batches; the outcome of each, in order. Never opens ZIPs. When the store fails behind files that
   * are kept, the others are STORAGE_FULL or STORAGE_FAILED, those that were not read as one; when nothing is kept, it fails.
   */
  ingestFiles(actor: Importer, target: ImportTarget, parts: AsyncIterable<IncomingFile>): Promise<FileResult[]>;
  /** Takes instances that the server itself made into the study that they are of: see `storeMade` of intake/made.ts. */
  storeMade(made: MadeInstances): Promise<FileResult[]>;
  /** Opens an import whose files come later, under its id; gives the id. */
  openImport(actor: Person, target: ImportTarget): Promise<string>;
  closeImport(actor: Importer, importId: string): Promise<void>;
  /** How many identities wait in the list of the identity review that this person sees. */
  countReviews(actor: Person): Promise<number>;
  /** Makes the metadata of a series anew from its instances. Fails with OBJECT_DAMAGED when one of them is damaged too. */
  rebuildMetadata(by: Service, seriesId: string): Promise<void>;
  /** The handlers of this feature's jobs. */
  readonly jobs: readonly ServiceJob[];
  /** Removes what earlier processes left half-made; called at start. Gives the number of files removed. */
  cleanTemporary(): Promise<number>;
  close(): Promise<void>;
}

/** The one pipeline by which instances come in, whatever the entrance. */
export function createIngest(options: IngestOptions): Ingest {
  const { db, staging, objects, scratch, audit, clock, queue, kinds, personOf } = options;
  const limits = { ...DEFAULT_INGEST_LIMITS, ...options.limits };
  const headers = createHeaderReader({ maxInflatedBytes: limits.maxInflatedBytes });
  const arrivals = new Arrivals(db);
  const commits = commitsOf(options, { headers, arrivals });
  const tools = { db, staging, objects, audit, headers, commits, clock, kinds, maxFileBytes: limits.maxFileBytes };
  const openings = openingsOf(tools, options);
  const accepted: AcceptedTools = { db, objects, scratch, clock, queue, limits, personOf, ...openings };
  const openSession: Ingest['openSession'] = (actor, target) => openFor(db, openings, actor, target);
  return {
    countReviews: (actor) => countReviews(db, actor),
    rebuildMetadata: (by, seriesId) => rebuildMetadata({ db, objects, headers }, by, seriesId),
    jobs: ingestJobs({ ...options, accepted }),
    register: (router) => {
      registerImports(router, accepted);
      registerReviews(router, { ...tools, endEmergencies: options.endEmergencies });
    },
    openSession,
    ingestFiles: async (actor, target, parts) => {
      const session = await openSession(actor, target);
      const { results } = await runFiles({ session, limits, scratch, opensZips: false, tellsPart: true }, parts);
      return results;
    },
    storeMade: (made) => storeMade({ ...tools, scratch, limits }, made),
    openImport: (actor, target) =>
      db.withScope(
        scopeOf(actor),
        async (tx) => (await openImport(tx, actor.userId, await resolveTarget(tx, actor, target))).importId,
      ),
    closeImport: (actor, importId) => db.withScope(scopeOf(actor), (tx) => closeImport(tx, importId, false)),
    cleanTemporary: async () => (await staging.clean()) + (await scratch.clean()),
    close: async () => {
      await arrivals.close();
      await headers.close();
    },
  };
}

function commitsOf(
  { db, objects, audit, log, kinds, stored, cameIn, isStoreNear = false }: IngestOptions,
  { headers, arrivals }: Pick<BatchTools, 'arrivals'> & { readonly headers: ReturnType<typeof createHeaderReader> },
): CommitQueue {
  const places = new KnownPlaces();
  const tools = { db, objects, audit, headers, log, kinds, places, arrivals, cameIn, isStoreNear };
  return new CommitQueue({ ...tools, ...(stored === undefined ? {} : { stored }) });
}

interface Openings {
  openResolved(actor: Importer, target: ResolvedTarget): IngestSession;
  /** An upload takes minutes: who sends it is asked for again before each commit. */
  openForRequest(actor: Person, target: ResolvedTarget): IngestSession;
}

function openingsOf(tools: SessionTools, { requireStanding, beat }: IngestOptions): Openings {
  const openResolved: Openings['openResolved'] = (actor, target) => {
    const session = createSession(tools, { actor, target });
    return seesIdentity(actor) ? session : onBeat(session, beat);
  };
  return {
    openResolved,
    openForRequest: (actor, target) => askingBefore(openResolved(actor, target), () => requireStanding(actor)),
  };
}

async function openFor(
  db: Db,
  { openResolved, openForRequest }: Openings,
  actor: Importer,
  target: ImportTarget,
): Promise<IngestSession> {
  const resolved = await db.withScope(scopeOf(actor), (tx) => resolveTarget(tx, actor, target));
  // Behind a service there is no session that could end.
  return actor.kind === 'service' ? openResolved(actor, resolved) : openForRequest(actor, resolved);
}
