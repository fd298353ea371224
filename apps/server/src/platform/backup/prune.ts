import { randomBytes } from 'node:crypto';
import { putDocument } from './documents.ts';
import { encodeIndex } from './index-file.ts';
import { emptyPack, type FilledPack, PACKS, putPack } from './packs.ts';
import { INDEXES, PACK_BYTES, type Pieces, type Place } from './pieces.ts';
import type { BackupTarget } from './target.ts';

/** A pack of which less than so much is needed is written anew without the rest. */
const WORTH_KEEPING = 0.5;

export interface Pruned {
  readonly packs: number;
  readonly bytes: number;
}

/**
 * Removes the pieces that nothing needs, and what runs that were cut off left. First what is kept is named anew, then the old names go, then the bytes:
 * cut off at any point, everything that is needed is there. Nobody else may write to the target meanwhile.
 */
export async function prune(
  target: BackupTarget,
  { pieces, key, isNeeded }: { readonly pieces: Pieces; readonly key: Buffer; readonly isNeeded: (place: Place) => boolean },
): Promise<Pruned> {
  const kept = new Map<string, Place[]>();
  const total = new Map<string, number>();
  let unneeded = 0;
  for (const place of pieces.places()) {
    total.set(place.pack, (total.get(place.pack) ?? 0) + place.storedBytes);
    if (!isNeeded(place)) unneeded += 1;
    else kept.set(place.pack, [...(kept.get(place.pack) ?? []), place]);
  }
  const sparse = [...kept]
    .filter(([pack, places]) => bytesOf(places) < (total.get(pack) ?? 0) * WORTH_KEEPING)
    .map(([pack]) => pack);
  const fresh = unneeded > 0 ? await nameAnew(target, { pieces, key, kept, sparse }) : [...total.keys()];
  return removeOthers(target, new Set(fresh));
}

const bytesOf = (places: readonly Place[]): number => places.reduce((sum, { storedBytes }) => sum + storedBytes, 0);

/** One index of all that is kept, with what stood in sparse packs in new ones; the indexes that it stands for go after it is durable. Gives its packs. */
async function nameAnew(
  target: BackupTarget,
  {
    pieces,
    key,
    kept,
    sparse,
  }: { pieces: Pieces; key: Buffer; kept: ReadonlyMap<string, readonly Place[]>; sparse: readonly string[] },
): Promise<readonly string[]> {
  const packs = [...kept].filter(([pack]) => !sparse.includes(pack)).map(([name, entries]) => ({ name, entries }));
  for (const filled of await repack(target, { pieces, key, places: sparse.flatMap((pack) => kept.get(pack) ?? []) }))
    packs.push({ name: filled.name, entries: filled.entries.map((entry) => ({ ...entry, pack: filled.name })) });
  const entries = packs.flatMap((pack, number) => pack.entries.map((entry) => ({ ...entry, pack: number })));
  const index = { packs: packs.map(({ name }) => name), replaces: pieces.indexes, entries };
  await putDocument(target, key, `${INDEXES}/${randomBytes(16).toString('hex')}`, encodeIndex(index));
  for (const old of pieces.indexes) await target.remove(old);
  return index.packs;
}

async function repack(
  target: BackupTarget,
  { pieces, key, places }: { pieces: Pieces; key: Buffer; places: readonly Place[] },
): Promise<FilledPack[]> {
  const done: FilledPack[] = [];
  let pack = emptyPack();
  const end = async (): Promise<void> => {
    if (pack.entries.length === 0) return;
    await putPack(target, key, pack);
    // The bytes are written: only where they are is remembered.
    done.push({ ...pack, parts: [] });
    pack = emptyPack();
  };
  for (const place of places) {
    const { hash, storedBytes, sizeBytes, flags } = place;
    pack.entries.push({ hash, offset: pack.bytes, storedBytes, sizeBytes, flags });
    pack.parts.push(await pieces.stored(place));
    pack.bytes += storedBytes;
    if (pack.bytes >= PACK_BYTES) await end();
  }
  await end();
  return done;
}

/** What no index names is left of a run that was cut off, or was just replaced. */
async function removeOthers(target: BackupTarget, needed: ReadonlySet<string>): Promise<Pruned> {
  let packs = 0;
  let bytes = 0;
  for (const { name, sizeBytes } of await target.list(PACKS)) {
    if (needed.has(name)) continue;
    await target.remove(name);
    packs += 1;
    bytes += sizeBytes;
  }
  return { packs, bytes };
}
