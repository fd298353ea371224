import type { BodyOf, Conflict, decideConflicts as decideConflictsOperation, ResultOf } from '@negatoscope/contract';
import { type Actor, scopeOf } from '../../access/index.ts';
import { type StudyPlan, studyPlan } from '../../archive/write/batch-lookup.ts';
import { writeInstances, writePatients, writeStudies } from '../../archive/write/batch-write.ts';
import { contradictsStudy } from '../../archive/write/identity.ts';
import type { IndexableInstance } from '../../archive/write/received.ts';
import { withRetry } from '../../archive/write/retry.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { ObjectDraft } from '../../platform/objects/types.ts';
import type { Audit } from '../audit/index.ts';
import { notify } from './batch.ts';
import { type ConflictRow, type ConflictTools, describeConflict, requireConflict } from './conflicts.ts';
import type { HeaderReader } from './header.ts';
import { markMismatches } from './mismatch.ts';
import { storedJson } from './relations.ts';
import type { HeaderDigest, StagedInstance } from './types.ts';

export interface DecisionTools extends ConflictTools {
  readonly audit: Audit;
  readonly headers: HeaderReader;
}

export type ConflictDecision = 'keep' | 'replace' | 'discard';

const STATUS = { keep: 'KEPT', replace: 'REPLACED', discard: 'DISCARDED' } as const;

/**
 * Decides a conflict. `keep`: the stored one stays and the incoming one stays aside. `replace`: the incoming one takes its place, whose
 * row and header become an old version; an instance that contradicted its study's patient joins the study. `discard`: the incoming
 * object is deleted. Fails with NOT_FOUND, ALREADY_DECIDED.
 */
export async function decideConflict(
  tools: DecisionTools,
  actor: Actor,
  request: { id: string; decision: ConflictDecision },
): Promise<Conflict> {
  const scope = scopeOf(actor);
  const open = await tools.db.withScope(scope, (tx) => requireConflict(tx, request.id));
  if (open.status !== 'OPEN') throw new Failure('ALREADY_DECIDED');
  const staged = request.decision === 'replace' ? await restage(tools, open) : undefined;
  const decided = await withRetry(() =>
    tools.db.withScope(scope, async (tx) => {
      const row = await requireConflict(tx, request.id, true);
      if (row.status !== 'OPEN') throw new Failure('ALREADY_DECIDED');
      const patientId = staged === undefined ? null : await replace(tx, { tools, actor, row, staged });
      await tx.run('UPDATE conflicts SET status = $2, decided_by = $3, decided_at = now() WHERE id = $1', [
        row.id,
        STATUS[request.decision],
        actor.userId,
      ]);
      await tools.audit.record(tx, {
        action: `conflict.${request.decision}`,
        actor,
        entityType: 'conflict',
        entityId: row.id,
        patientId,
        groupId: row.group_id,
        details: { kind: row.kind, sopInstanceUid: row.sop_instance_uid, replaced: row.existing_instance_id },
      });
      return requireConflict(tx, row.id);
    }),
  );
  // Row first, then object: what is left by a crash in between is an orphan, never a row without its object.
  if (request.decision === 'discard') await tools.objects.delete([open.id]);
  return describeConflict(tools, scope, decided, true);
}

/** One decision for several conflicts, one after the other; gives why one could not be decided. */
export async function decideConflicts(
  tools: DecisionTools,
  actor: Actor,
  { ids, decision }: BodyOf<typeof decideConflictsOperation>,
): Promise<ResultOf<typeof decideConflictsOperation>> {
  const items: ResultOf<typeof decideConflictsOperation>['items'] = [];
  for (const id of new Set(ids)) {
    try {
      await decideConflict(tools, actor, { id, decision });
      items.push({ id, code: null });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      items.push({ id, code: error.code });
    }
  }
  return { items };
}

/** Takes back a decision to keep the stored one. Fails with NOT_FOUND, CONFLICT for any other state. */
export async function reopenConflict(tools: DecisionTools, actor: Actor, id: string): Promise<Conflict> {
  const scope = scopeOf(actor);
  const reopened = await tools.db.withScope(scope, async (tx) => {
    const row = await requireConflict(tx, id, true);
    if (row.status !== 'KEPT') throw new Failure('CONFLICT');
    await tx.run("UPDATE conflicts SET status = 'OPEN', decided_by = NULL, decided_at = NULL WHERE id = $1", [id]);
    await tools.audit.record(tx, {
      action: 'conflict.reopen',
      actor,
      entityType: 'conflict',
      entityId: id,
      groupId: row.group_id,
      details: { kind: row.kind, sopInstanceUid: row.sop_instance_uid },
    });
    return requireConflict(tx, id);
  });
  return describeConflict(tools, scope, reopened, true);
}

/** A stored object that is no draft any more, for what compares and decides drafts. */
const published = ({ objects }: DecisionTools, { id, size_bytes: sizeBytes }: StoredFile): ObjectDraft => {
  const refuse = async (): Promise<never> => {
    throw new Error('The object is written already.');
  };
  const read = (offset: number, length: number): Promise<Buffer> =>
    objects.read(id, offset, Math.min(length, sizeBytes - offset));
  return {
    id,
    sizeBytes,
    isPublished: true,
    failure: undefined,
    write: refuse,
    finish: refuse,
    read,
    discard: async () => undefined,
  };
};

interface StoredFile {
  readonly id: string;
  readonly size_bytes: number;
  readonly file_sha256: Buffer;
}

/** A stored object as ingest would have staged it. */
export async function restaged(tools: DecisionTools, row: StoredFile): Promise<StagedInstance> {
  const digest: HeaderDigest = await tools.headers.read(row.size_bytes, (offset, length) =>
    tools.objects.read(row.id, offset, Math.min(length, row.size_bytes - offset)),
  );
  if (digest.kind !== 'instance') throw new Failure('CONFLICT');
  return {
    kind: 'instance',
    name: '',
    draft: published(tools, row),
    sizeBytes: row.size_bytes,
    fileSha256: row.file_sha256,
    summary: digest.summary,
    json: Buffer.from(digest.json),
    frameTable: digest.frameTable === null ? null : Buffer.from(digest.frameTable),
  };
}

async function restage(tools: DecisionTools, row: ConflictRow): Promise<IndexableInstance> {
  const hashes = await tools.db.withSystem((tx) =>
    tx.first<{ file_sha256: Buffer }>('SELECT file_sha256 FROM conflicts WHERE id = $1', [row.id]),
  );
  if (hashes === undefined) throw new Failure('ALREADY_DECIDED');
  return restaged(tools, { ...row, ...hashes });
}

interface Replacement {
  readonly tools: DecisionTools;
  readonly actor: Actor;
  readonly row: ConflictRow;
  readonly staged: IndexableInstance;
}

/** Puts the incoming instance in its place, under the locks of patient, study and series. Gives the patient. */
async function replace(tx: Tx, { tools, actor, row, staged }: Replacement): Promise<string> {
  const study = await requireStudy(tx, row);
  await writePatients(tx, row.group_id, [study]);
  await writeStudies(tx, row.group_id, { studies: [study], first: () => staged.summary });
  if (contradictsStudy(staged.summary.identity, study)) {
    const by = { actor, audit: tools.audit, groupId: row.group_id };
    await markMismatches(tx, by, {
      studies: [{ ...study, mismatch: staged.summary.identity }],
      importId: row.import_id,
      reason: null,
    });
  }
  const holder = await tx.first<{ id: string }>(
    'SELECT id FROM instances WHERE sop_instance_uid = $1 AND group_id IS NOT DISTINCT FROM $2::uuid',
    [row.sop_instance_uid, row.group_id],
  );
  if (holder !== undefined) await retire(tx, tools, { oldId: holder.id, newId: row.id });
  const series = await writeInstances(tx, row.group_id, [{ staged, study }]);
  await tx.run('SELECT ng_refresh_patients($1::uuid[])', [[study.patient.id]]);
  await notify(tx, series);
  return study.patient.id;
}

async function requireStudy(tx: Tx, row: ConflictRow): Promise<StudyPlan> {
  const study = row.study_id === null ? undefined : await studyPlan(tx, row.study_id);
  if (study === undefined) throw new Failure('CONFLICT', { detail: 'The study of this conflict is gone.' });
  return study;
}

/** Turns an instance's row into an old version and takes it out of the counts. Its object stays. */
async function retire(tx: Tx, { objects }: DecisionTools, { oldId, newId }: { oldId: string; newId: string }): Promise<void> {
  type Row = {
    id: string;
    series_id: string;
    study_id: string;
    size_bytes: number;
    json: Buffer | null;
    metadata_object: string | null;
  };
  const old = await tx.first<Row>(
    `SELECT i.id, i.series_id, s.study_id, i.size_bytes, m.json, s.metadata_object
     FROM instances i JOIN series s ON s.id = i.series_id LEFT JOIN instance_metadata m ON m.instance_id = i.id WHERE i.id = $1`,
    [oldId],
  );
  if (old === undefined) throw new Failure('CONFLICT');
  const json = (await storedJson(objects, old)) ?? null;
  await tx.run(
    `INSERT INTO instance_versions (id, group_id, series_id, replaced_by, row, json)
     SELECT i.id, i.group_id, i.series_id, $2::uuid, to_jsonb(i), $3::bytea FROM instances i WHERE i.id = $1`,
    [oldId, newId, json],
  );
  await tx.run('DELETE FROM instances WHERE id = $1', [oldId]);
  await tx.run('UPDATE studies SET instance_count = instance_count - 1, size_bytes = size_bytes - $2 WHERE id = $1', [
    old.study_id,
    old.size_bytes,
  ]);
  await tx.run(
    'UPDATE series SET instance_count = instance_count - 1, size_bytes = size_bytes - $2, version = version + 1, updated_at = now() WHERE id = $1',
    [old.series_id, old.size_bytes],
  );
  await notify(tx, [{ id: old.series_id, studyId: old.study_id }]);
}
