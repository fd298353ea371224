import type { PlacedTile, SlideLevel } from '@negatoscope/dicom';

/** Numbers of a tile: its frame, its place, its path and plane. */
const EACH = 5;

/** A level of a slide as it goes from thread to thread and is kept: sixty thousand tiles as numbers, not as objects. */
export interface PackedLevel extends Omit<SlideLevel, 'placed'> {
  readonly tiles: Int32Array<ArrayBuffer> | undefined;
}

export function packLevel({ placed, ...level }: SlideLevel): PackedLevel {
  if (placed === undefined) return { ...level, tiles: undefined };
  const tiles = new Int32Array(placed.length * EACH);
  for (const [at, { frame, x, y, focus }] of placed.entries()) tiles.set([frame, x, y, focus.path, focus.plane], at * EACH);
  return { ...level, tiles };
}

export function unpackLevel({ tiles, ...level }: PackedLevel): SlideLevel {
  if (tiles === undefined) return { ...level, placed: undefined };
  const placed: PlacedTile[] = [];
  const number = (at: number): number => tiles[at] ?? 0;
  for (let at = 0; at < tiles.length; at += EACH) {
    const focus = { path: number(at + 3), plane: number(at + 4) };
    placed.push({ frame: number(at), x: number(at + 1), y: number(at + 2), focus });
  }
  return { ...level, placed };
}
