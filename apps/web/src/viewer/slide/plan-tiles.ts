import { type Slide, type SlideLevel, slideTiles } from '@negatoscope/dicom';
import { type Look, levelFor, partOf, type Size } from './look.ts';
import type { WantedTile } from './tile-store.ts';

/** More than a screen of 4K shows of tiles of 256 pixels; a slide that has nothing coarser is looked at from nearer. */
const MOST_TILES = 400;

export interface TilePlan {
  /** From the coarsest to the one that suits the screen: drawn in this order, each over the ones before. */
  readonly layers: readonly { readonly level: SlideLevel; readonly tiles: readonly WantedTile[] }[];
  /** Whether it takes more tiles than are shown at once: one has to look nearer. */
  readonly isTooWide: boolean;
}

const tilesOf = (slide: Slide, level: SlideLevel, look: Look, size: Size): readonly WantedTile[] | undefined =>
  slideTiles(level, partOf(slide, level, look, size), MOST_TILES)?.map((tile) => ({ level, tile }));

/** What is drawn of a slide: the level that suits the screen over the coarsest one, which is there at once. */
export function planTiles(slide: Slide, look: Look, size: Size, density: number): TilePlan {
  const level = levelFor(slide, look, density);
  const coarsest = slide.levels.at(-1) ?? level;
  const layers = (coarsest === level ? [level] : [coarsest, level]).map((one) => ({
    level: one,
    tiles: tilesOf(slide, one, look, size),
  }));
  return {
    layers: layers.flatMap(({ level: one, tiles }) => (tiles === undefined ? [] : [{ level: one, tiles }])),
    isTooWide: layers.some(({ level: one, tiles }) => one === level && tiles === undefined),
  };
}

/** All tiles of a plan, those in the middle of what is seen first; of two levels the coarser one. */
export function inOrder(slide: Slide, { layers }: TilePlan, look: Look): WantedTile[] {
  const [finest] = slide.levels;
  return layers.flatMap(({ level, tiles }) => {
    const across = finest.columns / level.columns;
    const distance = ({ tile }: WantedTile): number =>
      Math.hypot((tile.x + level.tileColumns / 2) * across - look.x, (tile.y + level.tileRows / 2) * across - look.y);
    return [...tiles].sort((a, b) => distance(a) - distance(b));
  });
}
