import type { Db, RowScope, Tx } from '../../platform/db/database.ts';
import type { ObjectDraft, ObjectStore } from '../../platform/objects/types.ts';
import { type Actor, scopeOf } from '../access/index.ts';
import type { Audit } from '../audit/index.ts';
import { type Decided, type Decision, decideBatch } from './batch-decide.ts';
import { lockBatch, lookUp, type StudyPlan } from './batch-lookup.ts';
import { writeReport } from './batch-report.ts';
import { type Insertion, type WrittenSeries, writeInstances, writePatients, writeStudies } from './batch-write.ts';
import { type Candidate, relate } from './relations.ts';
import { type Gate, withRetry } from './retry.ts';
import type { FileResult, ResolvedTarget, Staged, StagedInstance } from './types.ts';

export interface BatchTools {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly audit: Audit;
  /** Bounds the commits in flight, so that a crowd of clients waits here and not for a database connection. */
  readonly gate: Gate;
}

interface Context {
  readonly actor: Actor;
  readonly target: ResolvedTarget;
  readonly scope: RowScope;
}

/**
 * Makes a batch durable and gives the outcome of each file, in order: compare, publish the objects, one transaction, answer. Whatever
 * is answered as stored survives a crash from then on.
 */
export function commitBatch(
  tools: BatchTools,
  request: { actor: Actor; target: ResolvedTarget; staged: readonly Staged[] },
): Promise<FileResult[]> {
  const { actor, target, staged } = request;
  const context: Context = { actor, target, scope: scopeOf(actor) };
  return tools.gate.run(async () => {
    const published = new Set<ObjectDraft>();
    const instances = staged.filter((one) => one.kind === 'instance');
    const attempt = withRetry(async () => {
      const candidates = await relate(tools, context.scope, { staged: instances, groupId: target.groupId, published });
      const fresh = candidates.filter(({ relation, staged: { draft } }) => relation.kind !== 'same' && !published.has(draft));
      await publish(
        tools.objects,
        fresh.map((candidate) => candidate.staged.draft),
      );
      for (const { staged: one } of fresh) published.add(one.draft);
      return tools.db.withScope(context.scope, (tx) => indexBatch(tx, { tools, context, staged, candidates }));
    });
    const { results, kept } = await attempt.catch(async (error: unknown) => {
      // Published ones stay: the connection may have been lost after the commit. `removeOrphans` knows better later.
      for (const { draft } of instances) await draft.discard();
      throw error;
    });
    await tidy(tools.objects, instances, { published, kept });
    return results;
  });
}

/** All or none: on a full disk what did fit is taken back at once. No transaction has begun yet. */
async function publish(objects: ObjectStore, drafts: readonly ObjectDraft[]): Promise<void> {
  try {
    await objects.publish(drafts);
  } catch (error) {
    await objects.delete(drafts.map((draft) => draft.id)).catch(() => undefined);
    throw error;
  }
}

/** Objects that nothing names go at once; what a crash leaves is found by `removeOrphans`. */
async function tidy(
  objects: ObjectStore,
  instances: readonly StagedInstance[],
  { published, kept }: { published: ReadonlySet<ObjectDraft>; kept: ReadonlySet<string> },
): Promise<void> {
  for (const { draft } of instances) if (!published.has(draft)) await draft.discard();
  const unused = [...published].filter((draft) => !kept.has(draft.id));
  await objects.delete(unused.map((draft) => draft.id)).catch(() => undefined);
}

interface Work {
  readonly tools: BatchTools;
  readonly context: Context;
  readonly staged: readonly Staged[];
  readonly candidates: readonly Candidate[];
}

async function indexBatch(tx: Tx, work: Work): Promise<{ results: FileResult[]; kept: Set<string> }> {
  const { context, staged, candidates } = work;
  const { target } = context;
  const kept = new Set<string>();
  let decided: Decided[] = [];
  if (candidates.length > 0) {
    await lockBatch(tx, target, candidates);
    const lookup = await lookUp(tx, target, candidates);
    decided = decideBatch(lookup, target, candidates);
    await writeDecisions(tx, work, decided);
    for (const id of await writeConflicts(tx, target, decided)) kept.add(id);
    for (const { candidate, decision } of decided) if (decision.kind === 'store') kept.add(candidate.staged.draft.id);
  }
  const verdicts = new Map(decided.map(({ candidate, decision }) => [candidate.staged, decision]));
  const results = staged.map((one) => (one.kind === 'verdict' ? one.result : resultOf(one, verdicts.get(one))));
  const announced = staged.flatMap((one) => (one.kind === 'verdict' ? one.announced : []));
  await writeReport(tx, { ...target, userId: context.actor.userId }, { results, announced });
  return { results, kept };
}

async function writeDecisions(tx: Tx, work: Work, decided: readonly Decided[]): Promise<void> {
  const { groupId } = work.context.target;
  const insertions: Insertion[] = [];
  const touched = new Set<StudyPlan>();
  for (const { candidate, decision } of decided) {
    if (decision.kind === 'store') insertions.push({ staged: candidate.staged, study: decision.study });
    if (decision.kind === 'store' || (decision.kind === 'duplicate' && decision.restores)) touched.add(decision.study);
  }
  if (touched.size === 0) return;
  const studies = [...touched];
  await writePatients(tx, groupId, studies);
  const first = (study: StudyPlan) => insertions.find((insertion) => insertion.study === study)?.staged.summary;
  await writeStudies(tx, groupId, { studies, first });
  const series = await writeInstances(tx, groupId, insertions);
  await tx.run(
    'SELECT ng_refresh_patients($1::uuid[])',
    [[...new Set(studies.map((study) => study.patient.id))]],
    'ingest-refresh',
  );
  await notify(tx, series);
  for (const study of studies) await record(tx, work, { study, decided });
}

async function record(
  tx: Tx,
  { tools, context }: Work,
  { study, decided }: { study: StudyPlan; decided: readonly Decided[] },
): Promise<void> {
  const ofStudy = (kind: Decision['kind']): number =>
    decided.filter(({ decision }) => decision.kind === kind && 'study' in decision && decision.study === study).length;
  await tools.audit.record(tx, {
    action: 'study.import',
    actor: context.actor,
    entityType: 'study',
    entityId: study.id,
    patientId: study.patient.id,
    groupId: context.target.groupId,
    details: {
      importId: context.target.importId,
      entrance: context.target.entrance,
      stored: ofStudy('store'),
      conflicts: ofStudy('conflict'),
      newStudy: study.isNew,
      newPatient: study.patient.isNew,
      restored: study.wasDeleted || study.patient.wasDeleted,
    },
  });
}

export async function notify(tx: Tx, series: readonly WrittenSeries[]): Promise<void> {
  const payloads = series.map(({ id, studyId }) => JSON.stringify({ seriesId: id, studyId }));
  await tx.rows(
    "SELECT pg_notify('negatoscope_series', payload) FROM unnest($1::text[]) AS p(payload)",
    [payloads],
    'ingest-notify',
  );
}

/** Keeps instances aside; one that waits, or was decided to stay aside, is not kept twice. Gives the ids of the objects that are needed. */
async function writeConflicts(tx: Tx, target: ResolvedTarget, decided: readonly Decided[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { candidate, decision } of decided) {
    if (decision.kind !== 'conflict') continue;
    const { staged } = candidate;
    const { summary } = staged;
    const row = await tx.first<{ id: string }>(
      `INSERT INTO conflicts (id, group_id, kind, study_id, existing_instance_id, study_instance_uid, series_instance_uid, sop_instance_uid,
         size_bytes, file_sha256, json)
       SELECT $1::uuid, $2::uuid, $3, $4::uuid, $5::uuid, $6, $7, $8, $9::bigint, $10::bytea, $11::bytea
       WHERE NOT EXISTS (SELECT FROM conflicts WHERE sop_instance_uid = $8 AND file_sha256 = $10 AND group_id IS NOT DISTINCT FROM $2::uuid AND status = 'KEPT')
       ON CONFLICT (sop_instance_uid, file_sha256, group_id) WHERE status = 'OPEN' DO NOTHING RETURNING id`,
      [
        staged.draft.id,
        target.groupId,
        decision.reason,
        decision.study.id,
        decision.existingInstanceId,
        summary.studyInstanceUid,
        summary.seriesInstanceUid,
        summary.sopInstanceUid,
        staged.sizeBytes,
        staged.fileSha256,
        staged.json,
      ],
      'ingest-insert-conflict',
    );
    if (row !== undefined) ids.push(row.id);
  }
  return ids;
}

function resultOf(staged: StagedInstance, decision: Decision | undefined): FileResult {
  if (decision === undefined) throw new Error('A file of the batch was not decided.');
  const { summary } = staged;
  const base = {
    name: staged.name,
    sizeBytes: staged.sizeBytes,
    sha256: staged.fileSha256.toString('hex'),
    studyInstanceUid: summary.studyInstanceUid,
    seriesInstanceUid: summary.seriesInstanceUid,
    sopInstanceUid: summary.sopInstanceUid,
    sopClassUid: summary.sopClassUid,
  };
  const restored = { outcome: 'stored', reason: 'RESTORED' } as const;
  switch (decision.kind) {
    case 'reject':
      return { ...base, outcome: 'rejected', reason: decision.reason };
    case 'conflict':
      return { ...base, outcome: 'conflict', reason: decision.reason };
    case 'duplicate': {
      const outcome = decision.restores ? restored : ({ outcome: 'duplicate', reason: 'SAME_CONTENT' } as const);
      return { ...base, ...outcome, patientId: decision.study.patient.id, instanceId: decision.instanceId };
    }
    case 'store': {
      const outcome = decision.restores ? restored : ({ outcome: 'stored' } as const);
      return { ...base, ...outcome, patientId: decision.study.patient.id, instanceId: staged.draft.id };
    }
  }
}
