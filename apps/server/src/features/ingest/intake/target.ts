import { MismatchReason } from '@negatoscope/contract';
import { hasArm, idsOf, mayFill, requirePermission, scopeOf, seesIdentity, userOf } from '../../../access/index.ts';
import { groupExists, openOwnPartition } from '../../../archive/partitions.ts';
import { partitionOfPatient } from '../../../archive/records/patients.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { Importer, ImportTarget, ResolvedTarget } from '../types.ts';

/**
 * Decides in which group files are stored. Fails with NOT_FOUND for a patient, group or import out of scope, GROUP_REQUIRED for a
 * researcher without a group, FORBIDDEN for another group than one of one's own or a mismatch that one may not accept, VALIDATION_FAILED for one
 * without patient or reason, UNPROCESSABLE when patient and group disagree, IMPORT_FINISHED for a closed import.
 * Who does not see identities names no patient (FORBIDDEN) and imports into a partition of their own.
 */
export async function resolveTarget(tx: Tx, actor: Importer, target: ImportTarget): Promise<ResolvedTarget> {
  if (target.importId !== undefined) return resolveOpenImport(tx, actor, { ...target, importId: target.importId });
  if (target.acceptMismatch === true) requireMismatch(actor, target);
  const groupId = seesIdentity(actor) ? await decideGroup(tx, actor, target) : await ownPartition(tx, actor, target);
  return {
    entrance: target.entrance,
    importId: newId(),
    isOpen: false,
    groupId,
    patientId: target.patientId ?? null,
    onMismatch: target.onMismatch ?? 'reject',
    acceptMismatch: target.acceptMismatch ?? false,
    mismatchReason: target.acceptMismatch === true ? (target.mismatchReason?.trim() ?? null) : null,
  };
}

/** Images of one person in another's record are a decision about identity: whoever makes it may make it, and says why. */
function requireMismatch(actor: Importer, target: ImportTarget): void {
  requirePermission(actor, 'identity-review.decide');
  const missing = (path: string): Failure =>
    new Failure('VALIDATION_FAILED', { errors: [{ path, message: 'Needed to accept another identity.' }] });
  if (target.patientId === undefined) throw missing('patientId');
  if (!MismatchReason.safeParse(target.mismatchReason).success) throw missing('mismatchReason');
}

/** Nobody would look after what a researcher without a group brings. */
function requireGroup(actor: Importer): void {
  if (actor.kind === 'person' && actor.role === 'RESEARCHER' && actor.groupId === null) throw new Failure('GROUP_REQUIRED');
}

/** The group in which files of a target are stored. Fails as `resolveTarget` does. */
export async function decideGroup(
  tx: ReadTx,
  actor: Importer,
  target: Pick<ImportTarget, 'groupId' | 'patientId'>,
): Promise<string | null> {
  requireGroup(actor);
  const named = target.groupId;
  // What a service brings is of no group until one is named.
  const home = actor.kind === 'person' ? actor.groupId : null;
  const isTheirs = actor.kind === 'person' ? mayFill(actor, named ?? null) : named === home;
  if (named !== undefined && !isTheirs) {
    if (!hasArm(scopeOf(actor), 'all')) throw new Failure('FORBIDDEN');
    if (named !== null && !(await groupExists(tx, named))) throw notFound();
  }
  if (target.patientId === undefined) return named === undefined ? home : named;
  const patient = await partitionOfPatient(tx, target.patientId);
  if (patient === undefined) throw notFound();
  if (named !== undefined && named !== patient.group_id) {
    throw new Failure('UNPROCESSABLE', { detail: 'The patient is not of this group.' });
  }
  return patient.group_id;
}

/**
 * Where the files of who does not see identities go: into a partition of their own, so that no answer, list or moment depends on what others have
 * (docs/decisions/0016-pseudonyms.md). It is made with the first import.
 */
async function ownPartition(tx: Tx, actor: Importer, { patientId, groupId }: ImportTarget): Promise<string> {
  requireGroup(actor);
  if (actor.kind !== 'person') throw new Failure('FORBIDDEN');
  const isOwn = groupId === undefined || groupId === actor.groupId || groupId === actor.userId;
  if (patientId !== undefined || !isOwn) throw new Failure('FORBIDDEN');
  await openOwnPartition(tx, actor.userId, actor.groupId);
  return actor.userId;
}

/** Whether an import that goes to a group may be added to: one that was opened seeing identities goes into the record. */
function isInScope(actor: Importer, groupId: string | null): boolean {
  if (groupId !== null && groupId === userOf(actor)) return true;
  if (!seesIdentity(actor)) return false;
  const scope = scopeOf(actor);
  return hasArm(scope, 'all') || (groupId === null ? hasArm(scope, 'ungrouped') : idsOf(scope, 'group').includes(groupId));
}

async function resolveOpenImport(
  tx: Tx,
  actor: Importer,
  { importId, entrance }: ImportTarget & { importId: string },
): Promise<ResolvedTarget> {
  const row = await tx.first(
    'SELECT user_id, group_id, patient_id, on_mismatch, accept_mismatch, mismatch_reason, status FROM imports WHERE id = $1',
    [importId],
  );
  // Whoever left the group that it goes to is out of its scope: what is added would be nothing that they may see.
  if (row === undefined || !isInScope(actor, row.group_id)) throw notFound();
  if (row.status !== 'RUNNING') throw new Failure('IMPORT_FINISHED');
  // Who opened the import may have lost the permission since, and an administrator's token may lack it.
  if (row.accept_mismatch) requirePermission(actor, 'identity-review.decide');
  return {
    entrance,
    importId,
    isOpen: true,
    groupId: row.group_id,
    patientId: row.patient_id,
    onMismatch: row.on_mismatch,
    acceptMismatch: row.accept_mismatch,
    mismatchReason: row.mismatch_reason,
  };
}
