import type { Conflict } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import {
  type ConflictRow,
  findConflict,
  lockConflict,
  openConflictAgain,
  undoingOf,
} from '../../../archive/records/conflicts.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import { studyPlan } from '../../../archive/write/batch-lookup.ts';
import { writePatients, writeStudies } from '../../../archive/write/batch-write.ts';
import {
  clearMarkOf,
  dropEmptySeries,
  findPlaced,
  findVersion,
  type OldVersion,
  restoreVersion,
  takeOut,
} from '../../../archive/write/replace.ts';
import { withRetry } from '../../../archive/write/retry.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { type DecisionTools, restaged } from './conflict-decision.ts';
import { describeConflict, requireConflict } from './conflicts.ts';

/**
 * Takes back a decision: the conflict waits again. What was discarded is still there; where the received one took the place of the stored
 * one, or joined a study, that is undone exactly, as long as it stands there. Fails with NOT_FOUND, CONFLICT for one that waits,
 * UNDO_EXPIRED, UNDO_SUPERSEDED (the instance was replaced again, or the same file waits already), UNDO_TARGET_GONE (the study is in the trash).
 */
export async function reopenConflict(tools: DecisionTools, actor: Person, id: string): Promise<Conflict> {
  const scope = scopeOf(actor);
  const reopened = await withRetry(() =>
    tools.db.withScope(scope, async (tx) => {
      const row = await requireConflict(lockConflict(tx, id));
      if (row.status === 'OPEN') throw new Failure('CONFLICT');
      const undoing = await undoingOf(tx, id);
      if (undoing?.in_time !== true) throw new Failure('UNDO_EXPIRED');
      if (undoing.waits) throw new Failure('UNDO_SUPERSEDED');
      const patientId = row.status === 'REPLACED' ? await putBack(tx, tools, row) : null;
      await openConflictAgain(tx, id);
      await tools.audit.record(tx, {
        action: 'conflict.reopen',
        actor,
        entityType: 'conflict',
        entityId: id,
        patientId,
        groupId: row.group_id,
        details: { kind: row.kind, sopInstanceUid: row.sop_instance_uid, decision: row.status },
      });
      return requireConflict(findConflict(tx, id));
    }),
  );
  return describeConflict(tools, scope, reopened, true);
}

/** The received instance leaves its study and the one that it replaced, if it did, comes back. Gives the patient. */
async function putBack(tx: Tx, tools: DecisionTools, row: ConflictRow): Promise<string> {
  const received = await findPlaced(tx, row.id);
  if (received === undefined) throw new Failure('UNDO_SUPERSEDED');
  const study = await studyPlan(tx, received.studyId);
  if (study === undefined || study.wasDeleted || study.patient.wasDeleted) throw new Failure('UNDO_TARGET_GONE');
  // Their locks: neither goes into the trash, or to somebody else, meanwhile.
  await writePatients(tx, row.group_id, [study]);
  await writeStudies(tx, row.group_id, { studies: [study], first: () => undefined });
  const version = await findVersion(tx, row.id);
  await takeOut(tx, received);
  if (version !== undefined) await restoreVersion(tx, version, await jsonOf(tools, version), row.id);
  await dropEmptySeries(tx, received);
  await clearMarkOf(tx, received.studyId, row.id);
  await refreshPatients(tx, [study.patient.id]);
  return study.patient.id;
}

/** A version whose header was not found when it was replaced is read again. */
async function jsonOf(tools: DecisionTools, { id, sizeBytes, fileSha256, json }: OldVersion): Promise<Buffer> {
  return json ?? (await restaged(tools, { id, size_bytes: sizeBytes, file_sha256: fileSha256 })).json;
}
