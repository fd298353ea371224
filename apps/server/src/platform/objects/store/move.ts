import { createHash } from 'node:crypto';
import type { ObjectSource, ObjectStore } from './port.ts';
import { ObjectUnreadable } from './port.ts';
import { SENT_CHUNK_BYTES } from './started-object.ts';

/** Where objects are moved to. */
export interface MoveTarget extends Pick<ObjectStore, 'read' | 'restore'> {
  /** Of what was put there before; undefined where there is nothing, or it came otherwise. */
  labelOf(id: string): Promise<{ readonly sizeBytes: number; readonly sha256: string } | undefined>;
}

/** An object as its row names it; what has no hash there is compared with what is moved. */
export interface MovedObject {
  readonly id: string;
  readonly sha256: Buffer | null;
}

/**
 * `moved`: it was copied and read back; `there`: it was there before. `damaged`: what is to be moved is not what was received, and stays; `missing`: in neither.
 * `other`: what was read back is not what was sent.
 */
export type MoveOutcome = 'moved' | 'there' | 'damaged' | 'missing' | 'other';

async function hashOf(store: Pick<ObjectStore, 'read'>, id: string, sizeBytes: number): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < sizeBytes; at += SENT_CHUNK_BYTES)
    hash.update(await store.read(id, at, Math.min(SENT_CHUNK_BYTES, sizeBytes - at)));
  return hash.digest('hex');
}

/**
 * Copies an object, unless it is there, and reads it back; with `removes` its old copy goes once the new one was read whole and is what the row says. May be
 * broken off and begun again at any point. Fails as the stores do.
 */
export async function moveObject(
  { id, sha256 }: MovedObject,
  { from, to, removes }: { readonly from: ObjectStore; readonly to: MoveTarget; readonly removes: boolean },
): Promise<MoveOutcome> {
  const wanted = sha256?.toString('hex');
  const label = await to.labelOf(id);
  const sizeBytes = await from.size(id).catch((error: unknown) => {
    if (error instanceof ObjectUnreadable && error.reason === 'MISSING') return undefined;
    throw error;
  });
  if (sizeBytes === undefined) return label === undefined ? 'missing' : 'there';
  if (label !== undefined && (wanted === undefined || label.sha256 === wanted)) {
    // What it is labelled with was told by who put it: before the old copy goes, its bytes are read.
    if (!removes) return 'there';
    if ((await hashOf(to, id, label.sizeBytes)) !== label.sha256) return 'other';
    await from.delete([id]);
    return 'there';
  }
  const found = await hashOf(from, id, sizeBytes);
  if (wanted !== undefined && found !== wanted) return 'damaged';
  const source: ObjectSource = { sizeBytes, read: (offset, length) => from.read(id, offset, length) };
  await to.restore(id, source);
  if ((await hashOf(to, id, sizeBytes)) !== found) return 'other';
  if (removes) await from.delete([id]);
  return 'moved';
}
