import type { Scope } from '../../../access/index.ts';
import { type StoredFileRow, storedFiles, storedJson } from '../../../archive/metadata/stored.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { GuardedObjects, ObjectStore, WholeObject } from '../../../platform/objects/store/index.ts';
import type { HeaderReader } from '../stage/header.ts';
import type { StagedInstance } from '../types.ts';
import { hasSameDataset, type InstanceContent, saysTheSame } from './same-content.ts';

/** What a file is to the instance that has its UID already: in the index, or earlier in the same batch. */
export type Relation =
  | { readonly kind: 'new' }
  /** `healed`: its stored object was damaged and is whole again, from this file. */
  | { readonly kind: 'same'; readonly instanceId: string; readonly healed?: true }
  | { readonly kind: 'other'; readonly instanceId: string };

export interface Candidate {
  readonly staged: StagedInstance;
  readonly relation: Relation;
}

/**
 * Compares the files of a batch with what is stored, before the transaction: contents may have to be read. The transaction looks again
 * and starts over when another import was faster.
 */
export async function relate(
  { db, objects, headers }: { db: Db; objects: GuardedObjects; headers: HeaderReader },
  scope: Scope,
  batch: { staged: readonly StagedInstance[]; groupId: string | null },
): Promise<Candidate[]> {
  if (batch.staged.length === 0) return [];
  const uids = [...new Set(batch.staged.map(({ summary }) => summary.sopInstanceUid))];
  const [rows = []] = await db.asking(scope, [storedFiles(uids, batch.groupId)]);
  const holders = new Map<string, Holder>(rows.map((row) => [row.sop_instance_uid, holderOfRow(objects, row)]));
  const candidates: Candidate[] = [];
  for (const staged of batch.staged) {
    const own = holderOfStaged(staged, readerOf(objects, staged));
    const holder = holders.get(staged.summary.sopInstanceUid);
    if (holder === undefined) holders.set(staged.summary.sopInstanceUid, own);
    candidates.push({ staged, relation: await relationTo({ objects, headers }, holder, own) });
  }
  return candidates;
}

interface Holder extends InstanceContent {
  readonly instanceId: string;
  readonly fileSha256: Buffer;
  /** The stored object; undefined for a file of this batch. */
  readonly stored?: WholeObject;
}

/**
 * Nothing is called a duplicate of what is not there as it was received, for its sender may then delete the only good copy: the stored object is
 * read. The very file heals it; any other can't be compared with it, and a person decides.
 */
async function relationTo(
  { objects, headers }: { objects: GuardedObjects; headers: HeaderReader },
  holder: Holder | undefined,
  own: Holder,
): Promise<Relation> {
  if (holder === undefined) return { kind: 'new' };
  const { instanceId, stored } = holder;
  const isIdentical = holder.fileSha256.equals(own.fileSha256);
  if (stored !== undefined && isIdentical && (await heal(objects, stored, own)))
    return { kind: 'same', instanceId, healed: true };
  if (stored !== undefined && !isIdentical && (await isDamaged(objects, stored))) return { kind: 'other', instanceId };
  const isSame = isIdentical || (await hasSameDataset(holder, own)) || (await saysTheSame(holder, own, headers));
  return isSame ? { kind: 'same', instanceId } : { kind: 'other', instanceId };
}

/** Reads all of a stored object; what is wrong with it is noted. */
async function isDamaged(objects: GuardedObjects, stored: WholeObject): Promise<boolean> {
  const damage = await objects.examine(stored);
  if (damage !== undefined) await objects.mark(stored.id, damage);
  return damage !== undefined;
}

/** Fails with OBJECT_DAMAGED for a stored object that is not as it was received: nothing is decided with it. */
export async function requireWhole(objects: GuardedObjects, stored: WholeObject): Promise<void> {
  if (await isDamaged(objects, stored)) throw new Failure('OBJECT_DAMAGED');
}

/**
 * Reads a stored object and writes it anew from the very same file when it is damaged. True when a transaction must tell of it (`noteHealed`): a
 * restored object stays noted until then, and an attempt before this one may have restored it.
 */
export async function heal(
  objects: GuardedObjects,
  stored: WholeObject,
  file: Pick<InstanceContent, 'sizeBytes' | 'read'>,
): Promise<boolean> {
  if (!(await isDamaged(objects, stored))) return objects.isDamaged(stored.id);
  await objects.restore(stored.id, file);
  return true;
}

/** Reads a file of a batch, wherever it is now. */
export const readerOf =
  (objects: ObjectStore, { draft }: StagedInstance): InstanceContent['read'] =>
  (offset, length) =>
    draft.isPublished ? objects.read(draft.id, offset, length) : draft.read(offset, length);

const holderOfStaged = (staged: StagedInstance, read: InstanceContent['read']): Holder => ({
  instanceId: staged.draft.id,
  fileSha256: staged.fileSha256,
  sizeBytes: staged.sizeBytes,
  json: async () => staged.json,
  read,
});

const holderOfRow = (objects: ObjectStore, row: StoredFileRow): Holder => ({
  instanceId: row.id,
  fileSha256: row.file_sha256,
  sizeBytes: row.size_bytes,
  json: () => storedJson(objects, row),
  read: (offset, length) => objects.read(row.id, offset, length),
  stored: { id: row.id, sizeBytes: row.size_bytes, sha256: row.file_sha256 },
});
