import { focusOn, type Slide, type SlideChannel, type SlideLevel, slideTiles } from '@negatoscope/dicom';
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

/** One optical path of a slide, and the focal plane of its finest level that is looked at. */
export interface ShownSlide extends Slide {
  readonly channel: SlideChannel;
  readonly plane: number;
}

/** A slide by one of its paths and planes; what a slide has none of is its first. */
export function shownSlide(slide: Slide, channelIndex: number, plane: number): ShownSlide {
  const channel = slide.channels[channelIndex] ?? { name: undefined, levels: slide.levels, path: 0 };
  const { length } = channel.levels[0].stack.planes;
  return { ...slide, levels: channel.levels, channel, plane: Math.max(0, Math.min(plane, length - 1)) };
}

const tilesOf = (slide: ShownSlide, level: SlideLevel, look: Look, size: Size): readonly WantedTile[] | undefined =>
  slideTiles(level, partOf(slide, level, look, size), MOST_TILES, focusOn(slide.channel, level, slide.plane))?.map((tile) => ({
    level,
    tile,
  }));

/** What is drawn of a slide: the level that suits the screen over the coarsest one, which is there at once. */
export function planTiles(slide: ShownSlide, look: Look, size: Size, density: number): TilePlan {
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
