import { type BackupTarget, LIST, OF_OBJECT, PART, type Pieces, type Place } from '../platform/backup/index.ts';
import { BASES, type Manifests, type NamedManifest } from './manifest.ts';

/**
 * What the backups that stay need: what their lists name, and every object but those that no row named any more when the first of them was made, nor
 * since. Bases that none of them goes on from are removed.
 */
export async function keepNewest({
  target,
  manifests,
  pieces,
  kept,
}: {
  readonly target: BackupTarget;
  readonly manifests: Manifests;
  readonly pieces: Pieces;
  readonly kept: readonly NamedManifest[];
}): Promise<(place: Place) => boolean> {
  const bases = new Set(kept.flatMap(({ database }) => database?.base ?? []));
  for (const { name } of await target.list(BASES)) if (!bases.has(name)) await target.remove(name);
  const listed = new Set<string>();
  for (const name of bases)
    for (const file of (await manifests.base(name)).files) for (const piece of file.pieces) listed.add(piece);
  for (const { files, database } of kept) {
    for (const file of files) for (const piece of file.pieces) listed.add(piece);
    for (const { piece } of database?.segments ?? []) listed.add(piece);
  }
  const dead = deadObjects(kept);
  const isObject = ({ hash, flags }: Place): boolean =>
    (flags & (OF_OBJECT | PART)) === OF_OBJECT && !dead.has(hash.toString('base64'));
  // Read only here: what is longer than a piece is seldom.
  for (const place of pieces.places())
    if ((place.flags & LIST) !== 0 && isObject(place))
      for (const part of await pieces.partsOf(place.hash)) listed.add(part.toString('base64'));
  return (place) => isObject(place) || listed.has(place.hash.toString('base64'));
}

/** Named by no row at any of these backups. */
function deadObjects(kept: readonly NamedManifest[]): Set<string> {
  const [first, ...others] = kept.map(({ unseen }) => new Set(unseen));
  return new Set([...(first ?? [])].filter((hash) => others.every((unseen) => unseen.has(hash))));
}
