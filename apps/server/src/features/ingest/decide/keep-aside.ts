import { noteHealed } from '../../../archive/objects/damage.ts';
import { findAside, writeConflicts } from '../../../archive/write/conflict-write.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { GuardedObjects } from '../../../platform/objects/store/index.ts';
import type { Audit } from '../../audit/index.ts';
import type { Importer, ResolvedTarget, Staged, StagedInstance } from '../types.ts';
import { type Decided, keptAside } from './batch-decide.ts';
import { heal, readerOf } from './relations.ts';

interface Work {
  readonly tools: { readonly objects: GuardedObjects; readonly audit: Pick<Audit, 'record'> };
  readonly target: ResolvedTarget;
  readonly requests: readonly { readonly actor: Importer; readonly staged: readonly Staged[] }[];
}

/** Keeps conflicts of a batch aside; what is aside already is healed by its very file. Gives the ids of the objects that are needed. */
export async function keepAside(tx: Tx, work: Work, decided: readonly Decided[]): Promise<string[]> {
  const ids = await writeConflicts(tx, work.target, keptAside(decided));
  for (const { candidate, decision } of decided)
    if (decision.kind === 'conflict' && !ids.includes(candidate.staged.draft.id)) await healWaiting(tx, work, candidate.staged);
  return ids;
}

/** The sender of a file that is aside already may delete their copy when they are told so: it is read, and made whole where it is not. */
async function healWaiting(tx: Tx, { tools: { objects, audit }, target, requests }: Work, staged: StagedInstance): Promise<void> {
  const { fileSha256: sha256, sizeBytes } = staged;
  for (const { id } of await findAside(tx, target.groupId, staged)) {
    if (!(await heal(objects, { id, sizeBytes, sha256 }, { sizeBytes, read: readerOf(objects, staged) }))) continue;
    await noteHealed(tx, [id]);
    await audit.record(tx, {
      action: 'conflict.repaired',
      actor: requests.find((request) => request.staged.includes(staged))?.actor ?? null,
      entityType: 'conflict',
      entityId: id,
      groupId: target.groupId,
    });
  }
}
