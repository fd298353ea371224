import { scopeOf, userOf } from '../../../access/index.ts';
import { notifySeries } from '../../../archive/notify.ts';
import { noteHealed } from '../../../archive/objects/damage.ts';
import { areNamed } from '../../../archive/objects/orphans.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import { lockBatch, lookUp, type StudyPlan } from '../../../archive/write/batch-lookup.ts';
import { fileBatch } from '../../../archive/write/batch-write.ts';
import {
  type Insertion,
  insertCounted,
  placesOfAll,
  type SeriesIds,
  seriesOfAll,
} from '../../../archive/write/instance-write.ts';
import type { PlacedInstance } from '../../../archive/write/next-places.ts';
import { withRetry } from '../../../archive/write/retry.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { StagedObject } from '../../../platform/objects/staging/index.ts';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';
import type { AuditRecord } from '../../audit/index.ts';
import { type Decided, decideBatch } from '../decide/batch-decide.ts';
import { type Certain, OutcomeUnknown, withCertainty } from '../decide/certain.ts';
import { keepAside } from '../decide/keep-aside.ts';
import { markMismatches } from '../decide/mismatch.ts';
import { type Candidate, relate } from '../decide/relations.ts';
import type { FileResult, ResolvedTarget, Staged, StagedInstance } from '../types.ts';
import { eventsOf } from './batch-events.ts';
import { writeReports } from './batch-report.ts';
import { type BatchRequest, type BatchTools, isInstance } from './batch-request.ts';
import { resultOf } from './batch-result.ts';
import { commitNext } from './next-batch.ts';
import { tellStored } from './tell-stored.ts';

/**
 * Makes the files of some requests of one `batchKey` durable and gives the outcome of each, in order: compare, publish the objects, one
 * transaction, answer. Whatever is answered as stored survives a crash from then on. Fails for all of them together; `mayTryAlone` says whether
 * each may then be committed alone, before the drafts are discarded.
 */
export async function commitBatch(tools: BatchTools, requests: readonly BatchRequest[]): Promise<FileResult[][]> {
  const [first] = requests;
  if (first === undefined) return [];
  const followed = await commitNext(tools, requests);
  if (followed !== undefined) return followed;
  const published = new Set<StagedObject>();
  const instances = requests.flatMap(({ staged }) => staged.filter(isInstance));
  const scope = scopeOf(first.actor);
  const { groupId } = first.target;
  const { results, kept, placed } = await withRetry(async () => {
    const candidates = await relate(tools, scope, { staged: instances, groupId });
    const fresh = candidates.filter(({ relation, staged: { draft } }) => relation.kind !== 'same' && !draft.isPublished);
    await tools.objects.put(fresh.map((candidate) => candidate.staged.draft));
    const certain: Certain<Indexing> = { db: tools.db, scope, isThere: (tx, { kept }) => areNamed(tx, tools.kinds, [...kept]) };
    return withCertainty(certain, (tx) => indexBatch(tx, { tools, target: first.target, requests, candidates }));
  });
  for (const { draft } of instances) if (draft.isPublished) published.add(draft);
  tools.places.learn(groupId, placed);
  await tidy(tools.objects, instances, { published, kept });
  return results;
}

/**
 * Not after a failure of the store, which is everyone's and ended the drafts, nor when the transaction may have been committed: only the fault of one
 * of them (its import was closed meanwhile) leaves the others whole.
 */
export const mayTryAlone = (error: unknown, requests: readonly BatchRequest[]): boolean =>
  !(error instanceof OutcomeUnknown) &&
  requests.every(({ staged }) => staged.every((one) => !isInstance(one) || one.draft.failure === undefined));

/** Gives up what was not published. Published ones stay: the connection may have been lost after the commit, which `removeOrphans` finds out later. */
export async function discardBatch({ staged }: BatchRequest): Promise<void> {
  for (const one of staged) if (isInstance(one)) await one.draft.discard();
}

/** Objects that nothing names go at once; what a crash leaves is found by `removeOrphans`. */
async function tidy(
  objects: ObjectStore,
  instances: readonly StagedInstance[],
  { published, kept }: { published: ReadonlySet<StagedObject>; kept: ReadonlySet<string> },
): Promise<void> {
  for (const { draft } of instances) if (!published.has(draft)) await draft.discard();
  const unused = [...published].filter((draft) => !kept.has(draft.id));
  await objects.delete(unused.map((draft) => draft.id)).catch(() => undefined);
}

export interface Work {
  readonly tools: Pick<BatchTools, 'audit' | 'objects' | 'stored'>;
  /** Group, patient and mismatch are those of every request. */
  readonly target: ResolvedTarget;
  readonly requests: readonly BatchRequest[];
  readonly candidates: readonly Candidate[];
}

interface Indexing {
  readonly results: FileResult[][];
  /** Objects that rows name once it is committed. */
  readonly kept: ReadonlySet<string>;
  readonly placed: readonly PlacedInstance[];
}

async function indexBatch(tx: Tx, work: Work): Promise<Indexing> {
  const { requests, candidates } = work;
  const { decided, kept, placed, written } = candidates.length > 0 ? await index(tx, work) : NOTHING_INDEXED;
  const decisionOf = decisionIn(decided);
  const reports = requests.map(({ actor, target: own, staged }) => ({
    target: { ...own, userId: userOf(actor) },
    results: staged.map((one) => (one.kind === 'verdict' ? one.result : resultOf(one, decisionOf(one)))),
    announced: staged.flatMap((one) => (one.kind === 'verdict' ? one.announced : [])),
  }));
  await Promise.all([written, writeReports(tx, reports), tellStored(tx, work, (one) => decisionOf(one)?.kind === 'store')]);
  return { results: reports.map(({ results }) => results), kept, placed };
}

interface Indexed {
  readonly decided: readonly Decided[];
  /** Objects that are needed. */
  readonly kept: ReadonlySet<string>;
  /** What is stored, and where. */
  readonly placed: readonly PlacedInstance[];
  /** What was sent last, and is not answered yet: what follows is sent behind it. */
  readonly written: Promise<unknown>;
}
const NOTHING_INDEXED: Indexed = { decided: [], kept: new Set(), placed: [], written: Promise.resolve() };

async function index(tx: Tx, work: Work): Promise<Indexed> {
  const { target, candidates } = work;
  const summaries = candidates.map(({ staged }) => staged.summary);
  // By one exchange: each statement sees what was committed before it began, so the lookup sees what the locks have waited for.
  const [, lookup] = await Promise.all([lockBatch(tx, target.groupId, summaries), lookUp(tx, target, summaries)]);
  const decided = decideBatch(lookup, target, candidates);
  const kept = new Set<string>();
  for (const { candidate, decision } of decided) {
    if (decision.kind === 'store') kept.add(candidate.staged.draft.id);
    // A row names it, whoever published it.
    if (decision.kind === 'duplicate') kept.add(decision.instanceId);
  }
  const filed = await fileDecisions(tx, work, decided);
  const written = sendDecisions(tx, work, filed);
  // It is awaited with what follows; a failure of that must not leave it alone.
  written.catch(() => undefined);
  await noteRepairs(tx, work, decided);
  for (const id of await keepAside(tx, work, decided)) kept.add(id);
  return { decided, kept, placed: placesOfAll(filed), written };
}

/** Damaged objects that files of this batch made whole are whole from this transaction on. */
export async function noteRepairs(tx: Tx, { tools, target, requests }: Work, decided: readonly Decided[]): Promise<void> {
  const healed = decided.flatMap(({ candidate: { relation, staged }, decision }) =>
    relation.kind === 'same' && relation.healed === true ? [{ id: relation.instanceId, staged, decision }] : [],
  );
  if (healed.length === 0) return;
  await noteHealed(
    tx,
    healed.map(({ id }) => id),
  );
  await tools.audit.recordAll(
    tx,
    healed.map(({ id, staged, decision }): AuditRecord => {
      const actor = requests.find((request) => request.staged.includes(staged))?.actor ?? null;
      const patientId = 'study' in decision ? decision.study.patient.id : null;
      return { action: 'instance.repaired', actor, entityType: 'instance', entityId: id, patientId, groupId: target.groupId };
    }),
  );
}

/** Writes what was decided, notifies and audits; conflicts are `keepAside`'s. */
export async function writeDecisions(tx: Tx, work: Work, decided: readonly Decided[]): Promise<void> {
  await sendDecisions(tx, work, await fileDecisions(tx, work, decided));
}

/** What a batch changes, of which patients, studies and series are there and locked. */
interface Filed {
  readonly insertions: readonly Insertion[];
  readonly series: SeriesIds;
  readonly studies: readonly StudyPlan[];
  readonly events: readonly AuditRecord[];
}

async function fileDecisions(tx: Tx, work: Work, decided: readonly Decided[]): Promise<Filed> {
  const { groupId } = work.target;
  const insertions: Insertion[] = [];
  const firsts = new Map<StudyPlan, Insertion>();
  const touched = new Set<StudyPlan>();
  for (const { candidate, decision } of decided) {
    if (decision.kind === 'store') {
      const insertion = { staged: candidate.staged, study: decision.study };
      insertions.push(insertion);
      if (!firsts.has(decision.study)) firsts.set(decision.study, insertion);
    }
    if (decision.kind === 'store' || (decision.kind === 'duplicate' && decision.restores)) touched.add(decision.study);
  }
  const studies = [...touched];
  if (studies.length === 0) return { insertions, series: new Map(), studies, events: [] };
  const first = (study: StudyPlan) => firsts.get(study)?.staged.summary;
  const series = await fileBatch(tx, groupId, { studies, first, insertions });
  await markFiled(tx, work, { studies, decided });
  return { insertions, series, studies, events: eventsOf(work.requests, { groupId, touched, decisionOf: decisionIn(decided) }) };
}

const decisionIn = (decided: readonly Decided[]): ((one: Staged) => Decided['decision'] | undefined) => {
  const decisions = new Map<Staged, Decided['decision']>(decided.map(({ candidate, decision }) => [candidate.staged, decision]));
  return (one) => decisions.get(one);
};

/** None needs the others' answers: they are sent together, all of them before this returns. */
async function sendDecisions(tx: Tx, { tools, target }: Work, { insertions, series, studies, events }: Filed): Promise<void> {
  if (studies.length === 0) return;
  await Promise.all([
    insertCounted(tx, target.groupId, { insertions, series }),
    refreshPatients(tx, [...new Set(studies.map((study) => study.patient.id))]),
    notifySeries(tx, seriesOfAll({ insertions, series })),
    tools.audit.recordAll(tx, events),
  ]);
}

/** Each study is marked in the name of who sent the file that it is marked for. */
async function markFiled(
  tx: Tx,
  { tools, target: { groupId }, requests }: Work,
  { studies, decided }: { studies: readonly StudyPlan[]; decided: readonly Decided[] },
): Promise<void> {
  for (const study of studies) {
    if (study.mismatch === undefined) continue;
    const { received } = study.mismatch;
    const file = decided.find(({ candidate: { staged } }) => staged.summary.identity === received)?.candidate.staged;
    const request = requests.find(({ staged }) => file !== undefined && staged.includes(file)) ?? requests[0];
    if (request === undefined) continue;
    const { importId, mismatchReason: reason } = request.target;
    await markMismatches(tx, { actor: request.actor, audit: tools.audit, groupId }, { studies: [study], importId, reason });
  }
}
