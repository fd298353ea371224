import type { Conflict, decideConflicts as decideConflictsOperation, ResultOf } from '@negatoscope/contract';
import { type Person, type Scope, scopeOf } from '../../../access/index.ts';
import { notifySeries } from '../../../archive/notify.ts';
import { type ConflictRow, closeConflict, conflictHash, findConflict, lockConflict } from '../../../archive/records/conflicts.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import { type StudyPlan, studyPlan } from '../../../archive/write/batch-lookup.ts';
import { writePatients, writeStudies } from '../../../archive/write/batch-write.ts';
import { mismatchInStudy } from '../../../archive/write/identity.ts';
import { writeInstances } from '../../../archive/write/instance-write.ts';
import type { IndexableInstance } from '../../../archive/write/received.ts';
import { findHolder, retireInstance } from '../../../archive/write/replace.ts';
import { withRetry } from '../../../archive/write/retry.ts';
import { findWithdrawn } from '../../../archive/write/withdraw.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { StoredAlready } from '../../../platform/objects/staging/index.ts';
import { markMismatches } from '../decide/mismatch.ts';
import { requireWhole } from '../decide/relations.ts';
import type { HeaderReader } from '../stage/header.ts';
import type { HeaderDigest, StagedInstance } from '../types.ts';
import { type ConflictTools, describeConflict, requireConflict } from './conflicts.ts';
import type { MergeTools } from './merge-records.ts';

export interface DecisionTools extends ConflictTools, MergeTools {
  readonly headers: HeaderReader;
}

export type ConflictDecision = 'keep' | 'replace' | 'discard';

const STATUS = { keep: 'KEPT', replace: 'REPLACED', discard: 'DISCARDED' } as const;

/**
 * Decides a conflict. `keep`: the stored one stays and the incoming one stays aside. `replace`: the incoming one takes its place, whose
 * row and header become an old version; an instance that contradicted its study's patient joins the study. `discard`: the incoming
 * object goes, once the time for taking that back is over. Fails with NOT_FOUND, ALREADY_DECIDED, and OBJECT_DAMAGED when the incoming one is not as
 * it was received.
 */
export async function decideConflict(
  tools: DecisionTools,
  actor: Person,
  request: { id: string; decision: ConflictDecision },
): Promise<Conflict> {
  const scope = scopeOf(actor);
  const open = await tools.db.reading(scope, (tx) => requireConflict(findConflict(tx, request.id)));
  if (open.status !== 'OPEN') throw new Failure('ALREADY_DECIDED');
  const staged = request.decision === 'replace' ? await restage(tools, scope, open) : undefined;
  const decided = await withRetry(() =>
    tools.db.withScope(scope, async (tx) => {
      const row = await requireConflict(lockConflict(tx, request.id));
      if (row.status !== 'OPEN') throw new Failure('ALREADY_DECIDED');
      const patientId = staged === undefined ? null : await replace(tx, { tools, actor, row, staged });
      await closeConflict(tx, row.id, { status: STATUS[request.decision], actorId: actor.userId });
      await tools.audit.record(tx, {
        action: `conflict.${request.decision}`,
        actor,
        entityType: 'conflict',
        entityId: row.id,
        patientId,
        groupId: row.group_id,
        details: { kind: row.kind, sopInstanceUid: row.sop_instance_uid, replaced: row.existing_instance_id },
      });
      return requireConflict(findConflict(tx, row.id));
    }),
  );
  return describeConflict(tools, scope, decided, true);
}

/** Decides about several conflicts, one after the other; gives why it could not be done for one. */
export async function forEachConflict(
  ids: readonly string[],
  decide: (id: string) => Promise<unknown>,
): Promise<ResultOf<typeof decideConflictsOperation>> {
  const items: ResultOf<typeof decideConflictsOperation>['items'] = [];
  for (const id of new Set(ids)) {
    try {
      await decide(id);
      items.push({ id, code: null });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      items.push({ id, code: error.code });
    }
  }
  return { items };
}

interface StoredFile {
  readonly id: string;
  readonly size_bytes: number;
  readonly file_sha256: Buffer;
}

/** A stored object as ingest would have staged it. Fails with OBJECT_DAMAGED when it is not as it was received, CONFLICT when it is no instance. */
export async function restaged(tools: DecisionTools, row: StoredFile): Promise<StagedInstance> {
  await requireWhole(tools.objects, { id: row.id, sizeBytes: row.size_bytes, sha256: row.file_sha256 });
  const read = (offset: number, length: number): Promise<Buffer> =>
    tools.objects.read(row.id, offset, Math.min(length, row.size_bytes - offset));
  const digest: HeaderDigest = await tools.headers.read(row.size_bytes, read);
  if (digest.kind !== 'instance') throw new Failure('CONFLICT');
  return {
    kind: 'instance',
    name: '',
    draft: new StoredAlready({ id: row.id, sizeBytes: row.size_bytes, read }),
    sizeBytes: row.size_bytes,
    fileSha256: row.file_sha256,
    summary: digest.summary,
    json: Buffer.from(digest.json),
    frameTable: digest.frameTable === null ? null : Buffer.from(digest.frameTable),
  };
}

async function restage(tools: DecisionTools, scope: Scope, row: ConflictRow): Promise<IndexableInstance> {
  const hash = await tools.db.reading(scope, (tx) => conflictHash(tx, row.id));
  if (hash === undefined) throw new Failure('ALREADY_DECIDED');
  return restaged(tools, { ...row, file_sha256: hash });
}

interface Replacement {
  readonly tools: DecisionTools;
  readonly actor: Person;
  readonly row: ConflictRow;
  readonly staged: IndexableInstance;
}

/** Puts the incoming instance in its place, under the locks of patient, study and series. Gives the patient. */
async function replace(tx: Tx, { tools, actor, row, staged }: Replacement): Promise<string> {
  const study = await requireStudy(tx, row);
  if ((await findWithdrawn(tx, [row.sop_instance_uid], row.group_id)).size > 0)
    throw new Failure('CONFLICT', { detail: 'The instance was withdrawn from the record.' });
  await writePatients(tx, row.group_id, [study]);
  await writeStudies(tx, row.group_id, { studies: [study], first: () => staged.summary });
  const received = staged.summary.identity;
  const kind = mismatchInStudy(received, study);
  if (kind !== undefined) {
    const by = { actor, audit: tools.audit, groupId: row.group_id };
    await markMismatches(tx, by, {
      studies: [{ ...study, mismatch: { kind, cause: 'DECIDED', received } }],
      importId: row.import_id,
      reason: null,
    });
  }
  const holder = await findHolder(tx, row.sop_instance_uid, row.group_id);
  if (holder !== undefined && !(await retireInstance(tx, tools.objects, { oldId: holder.id, newId: row.id })))
    throw new Failure('CONFLICT');
  const series = await writeInstances(tx, row.group_id, [{ staged, study }]);
  await refreshPatients(tx, [study.patient.id]);
  await notifySeries(tx, series);
  return study.patient.id;
}

async function requireStudy(tx: Tx, row: ConflictRow): Promise<StudyPlan> {
  const study = row.study_id === null ? undefined : await studyPlan(tx, row.study_id);
  if (study === undefined) throw new Failure('CONFLICT', { detail: 'The study of this conflict is gone.' });
  return study;
}
