import { performance } from 'node:perf_hooks';
import {
  createNode,
  listCallers,
  listNodeFigures,
  listNodeLog,
  listNodes,
  removeNode,
  restoreNode,
  tryNode,
  updateNode,
} from '@negatoscope/contract';
import { NOTHING, partition, type Service, type ServiceJob, service, serviceJob } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/log/log.ts';
import type { Changes, Counters } from '../../platform/shared-state/index.ts';
import type { TlsFiles } from '../../platform/tls/files.ts';
import type { Audit, AuditRecord } from '../audit/index.ts';
import type { Archive } from './ask/archive.ts';
import { askedOf } from './ask/asked.ts';
import { type Certify, keeperOf } from './commitment/keeping.ts';
import { type TellingDeps, tellCommitments } from './commitment/tell.ts';
import { TELL_COMMITMENTS } from './job-kinds.ts';
import type { Search } from './listen/find.ts';
import type { Happenings } from './listen/happenings.ts';
import { DEFAULT_LIMITS, type ListenLimits } from './listen/limits.ts';
import { type Listener, openListener } from './listen/listener.ts';
import type { NodeServices } from './listen/operation-for.ts';
import type { Retriever } from './listen/retrieve.ts';
import type { StepKeeper } from './listen/steps.ts';
import type { Keeper } from './listen/store.ts';
import type { Worklist } from './listen/worklist.ts';
import { LogKeeping } from './log/keeping.ts';
import { eventOfAnswer } from './log/of-answer.ts';
import type { Recorder } from './log/recorder.ts';
import { plainAddress, resolveByDns } from './nodes/addresses.ts';
import { findDestination, findKnown, type KnownNode, nodeIdOf, readNode, recall } from './nodes/known.ts';
import { recalledNodes } from './nodes/recalled.ts';
import { findWorklistTitles } from './nodes/repository.ts';
import type { NodeDeps } from './nodes/service.ts';
import * as nodes from './nodes/service.ts';
import { registerTransfers } from './transfers/routes.ts';
import { searchLimits } from './transfers/search-limits.ts';
import type { TransferDeps } from './transfers/service.ts';

export type { Archive, RetrievedInstance } from './ask/archive.ts';
export type { InstanceToSend } from './ask/store-all.ts';
export type { Certify } from './commitment/keeping.ts';
export { nodeJobs } from './jobs.ts';
export type { Search } from './listen/find.ts';
export type { Listener } from './listen/listener.ts';
export type { StepKeeper } from './listen/steps.ts';
export type { Keeper } from './listen/store.ts';
export type { Worklist } from './listen/worklist.ts';
export { reviewedNodes } from './nodes/reviewed.ts';

/** Joins what is known of nodes to the router. */
export function registerNodes(
  router: Router,
  deps: NodeDeps & Pick<TransferDeps, 'queue'> & { readonly counters: Counters },
): void {
  registerTransfers(router, { ...deps, own: deps.listening, searches: searchLimits(deps.counters) });
  router.handle(listNodes, ({ actor }) => nodes.list(deps, actor));
  router.handle(createNode, async ({ actor, body, reply }) => {
    const node = await nodes.create(deps, actor, body);
    void reply.code(201);
    return node;
  });
  router.handle(updateNode, ({ actor, params, body }) => nodes.update(deps, actor, params.id, body));
  router.handle(removeNode, async ({ actor, params }) => {
    await nodes.remove(deps, actor, params.id);
    return undefined;
  });
  router.handle(restoreNode, ({ actor, params }) => nodes.restore(deps, actor, params.id));
  router.handle(listNodeLog, ({ actor, params, query }) => nodes.logOf(deps, actor, { id: params.id, query }));
  router.handle(listNodeFigures, ({ actor, query }) => nodes.figures(deps, actor, query.days));
  router.handle(listCallers, ({ actor }) => nodes.callers(deps, actor));
  router.handle(tryNode, ({ actor, params }) => nodes.tryOut(deps, actor, params.id));
}

/** What is counted of associations, in words of this server. */
export interface AssociationWatch {
  association(outcome: string, code: string | null): void;
  dimse(done: { readonly operation: string; readonly outcome: string; readonly code: string | null; readonly ms: number }): void;
}

export interface DimsePorts {
  readonly db: Db;
  readonly audit: Pick<Audit, 'note' | 'noteLightly' | 'record' | 'use'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** By which it is heard that a node was changed. */
  readonly changes: Pick<Changes, 'subscribe' | 'isTrusted'>;
  /** Keeps what a node sends into a group (null is none), in the one pipeline of ingest. */
  readonly openKeeper: (by: Service, groupId: string | null) => Keeper;
  /** What a node of a group finds there. */
  readonly search: Search;
  /** What a node retrieves. */
  readonly archive: Archive;
  /** What films are asked for. */
  readonly worklist: Worklist;
  /** Which instances a node may be sure of. */
  readonly certify: Certify;
  /** Who counts what happens. */
  readonly watch?: AssociationWatch | undefined;
  /** Keeps what a node tells of performed procedure steps. */
  readonly openSteps: (by: Service, node: { readonly id: string; readonly groupId: string | null }) => StepKeeper;
}

/** Who a node is to the rest of the server (docs/decisions/0032): it brings instances, or has studies, and sees identities; the journal names it by its id. */
const actorOf = ({ id, mayStore, mayQuery, mayRetrieve, mayWorklist }: KnownNode): Service =>
  service(`dicom-node:${id}`, [
    ...(mayStore ? (['imports.create'] as const) : []),
    ...(mayQuery || mayRetrieve ? (['studies.read'] as const) : []),
    ...(mayWorklist ? (['consultations.read'] as const) : []),
    ...(mayStore || mayQuery || mayRetrieve || mayWorklist ? (['patients.identity'] as const) : []),
  ]);

const happeningsOf = (recorder: Recorder, watch: AssociationWatch | undefined): Happenings => ({
  accepted: (nodeId) => {
    watch?.association('accepted', null);
    recorder.event({ nodeId, kind: 'ASSOCIATION', isOurs: false, outcome: 'OK', code: null, done: 1, isQuiet: true });
  },
  broken: (nodeId, code) => {
    watch?.association('broken', code);
    recorder.event({ nodeId, kind: 'ASSOCIATION', isOurs: false, outcome: 'FAILED', code, failed: 1 });
  },
  answered: (nodeId, request) => {
    const event = eventOfAnswer(nodeId, request);
    watch?.dimse({ operation: event.kind, outcome: event.outcome, code: event.code, ms: request.ms });
    recorder.event(event);
  },
  sentAway: (caller) => {
    watch?.association('refused', caller.code);
    recorder.caller({ ...caller, address: plainAddress(caller.address) });
  },
});

/** Where associations are heard, and what this server is called. */
interface Where {
  readonly aeTitle: string;
  readonly host: string;
  /** Undefined: by TLS only. */
  readonly port: number | undefined;
  readonly tls?: TlsFiles;
}

/** Retrievals that go on at a time, of all nodes. */
const MOST_RETRIEVALS = 16;
/** Reports of storage commitment that are held for one association. */
const MOST_REPORTS = 4;

function placesFor(most: number): Retriever['begin'] {
  let taken = 0;
  return () => {
    if (taken >= most) return undefined;
    taken += 1;
    return {
      end: () => {
        taken -= 1;
      },
    };
  };
}

/** What is of one association beside its node. */
interface OfAssociation extends Pick<Retriever, 'log' | 'begin'> {
  readonly own: Where;
  readonly remoteAddress: string;
  /** The node as it is now; undefined when it is no longer the one that associated. */
  readonly recall: () => Promise<KnownNode | undefined>;
}

function retrieverOf(
  { db, audit, archive }: DimsePorts,
  node: KnownNode,
  { own, remoteAddress, log, begin, recall }: OfAssociation,
): Retriever {
  const actor = actorOf(node);
  // As with searches: of its group, or of none.
  const scope = partition(node.groupId);
  return {
    find: (keys, most) => archive.find(scope, keys, most),
    opener: (instances) => archive.opener(scope, instances),
    findDestination: async (title) => {
      const found = await findDestination(db, { node, remoteAddress }, title);
      return found && askedOf(found, own);
    },
    begin,
    mayGoOn: async () => (await recall())?.mayRetrieve === true,
    note: async ({ level, instances, destination }) => {
      const { id, groupId } = node;
      const details = { level, instances: instances.length, destination };
      await audit.note({ action: 'dicom-node.retrieve', actor, entityType: 'dicom-node', entityId: id, groupId, details });
      for (const study of new Set(instances.map((instance) => instance.study)))
        await audit.use(actor, { studyId: study.id, patientId: study.patientId, groupId, kind: 'retrieve', sentTo: destination });
    },
    log,
  };
}

/** What is done for a node in one association. */
function servicesOf(ports: DimsePorts, node: KnownNode, of: OfAssociation): NodeServices {
  const { aeTitle } = of.own;
  const { db, audit, openKeeper, openSteps, search, worklist } = ports;
  const { groupId, id: entityId } = node;
  const actor = actorOf(node);
  const note = (
    action: AuditRecord['action'],
    shown: readonly string[],
    level: { readonly level?: string } = {},
  ): Promise<void> =>
    audit.noteLightly({
      ...{ action, actor, entityType: 'dicom-node', entityId, groupId, shown },
      details: { ...level, results: shown.length },
    });
  return {
    keeper: openKeeper(actor, groupId),
    finder: { search, groupId, aeTitle, note: (level, shown) => note('dicom-node.query', shown, { level }) },
    retriever: retrieverOf(ports, node, of),
    worklist: {
      worklist,
      groupId,
      stations: async () => {
        const rows = await db.reading(NOTHING, (tx) => findWorklistTitles(tx, groupId));
        return [node.aeTitle, ...rows.map(({ ae_title: title }) => title).filter((title) => title !== node.aeTitle)];
      },
      note: (shown) => note('dicom-node.worklist', shown),
    },
    steps: openSteps(actor, node),
    commitment: { keeper: keeperOf(ports, actor, node), aeTitle, begin: placesFor(MOST_REPORTS) },
  };
}

/** Who was not told in their own association is told by one of ours. */
export const commitmentJobs = (deps: TellingDeps): ServiceJob[] => [
  serviceJob(TELL_COMMITMENTS, ['system.manage'], async (by, _payload, { signal }) => ({
    told: await tellCommitments(deps, by, signal),
  })),
];

/** Listens for associations of known nodes. */
export function listenForDicom(ports: DimsePorts, where: Where & { readonly limits?: Partial<ListenLimits> }): Listener {
  const { aeTitle, limits } = where;
  const { db, clock, log, changes } = ports;
  const begin = placesFor(MOST_RETRIEVALS);
  const looking = { db, clock, resolve: resolveByDns };
  const now = () => performance.now();
  const read = recalledNodes({ changes, now, read: (id) => readNode(db, id) });
  const keeping = new LogKeeping({ db, clock, log, nodeIdOf: (title, address) => nodeIdOf(looking, title, address) });
  const listener = openListener(
    {
      aeTitle,
      limits: { ...DEFAULT_LIMITS, ...limits },
      log,
      now,
      findNode: (calling) => findKnown(looking, calling),
      recall: (node) => recall(read, node),
      openServices: (node, remoteAddress, ofNode) =>
        servicesOf(ports, node, {
          own: where,
          remoteAddress,
          log: ofNode.child({ node: node.id }),
          begin,
          recall: () => recall(read, node),
        }),
      happenings: happeningsOf(keeping.recorder, ports.watch),
    },
    where,
  );
  keeping.begin(listener);
  return {
    ...listener,
    close: async (patienceMs) => {
      await listener.close(patienceMs);
      await keeping.end();
    },
  };
}
