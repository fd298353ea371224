import { focusOn, type SlideTile, slideTileOf, slideTiles } from '@negatoscope/dicom';
import type { Drawn } from '../engine/measurements.ts';
import type { Point } from './look.ts';
import type { ShownSlide } from './plan-tiles.ts';

/** Kinds that are lines on a slide as they are on an image. */
const DRAWN: ReadonlySet<Drawn['kind']> = new Set(['LENGTH', 'FREEHAND', 'RECTANGLE']);

/** A drawing as it lies on a slide, in pixels of its finest level. */
export interface SlideMark {
  readonly item: Drawn;
  readonly points: readonly Point[];
}

/** Where a drawing lies on a slide, whichever level it was drawn on; undefined where it is of another path, plane or slide. */
export function markOf(slide: ShownSlide, item: Drawn): SlideMark | undefined {
  const [finest] = slide.levels;
  const level = slide.levels.find(({ sopInstanceUid }) => sopInstanceUid === item.sopInstanceUid);
  if (level === undefined || item.geometry.space !== 'PIXEL' || !DRAWN.has(item.kind)) return undefined;
  const tile = slideTileOf(level, item.frame);
  const wanted = focusOn(slide.channel, level, slide.plane);
  if (tile === undefined || tile.focus.path !== wanted.path || tile.focus.plane !== wanted.plane) return undefined;
  const [across, down] = [finest.columns / level.columns, finest.rows / level.rows];
  const { points } = item.geometry;
  return {
    item,
    points: Array.from({ length: points.length / 2 }, (_, at) => ({
      x: ((points[2 * at] ?? 0) + tile.x) * across,
      y: ((points[2 * at + 1] ?? 0) + tile.y) * down,
    })),
  };
}

/** The farthest that a point of a drawing may lie from its frame's corner (`AnnotationGeometry`). */
const FARTHEST = 100_000;

/** Points of a slide in pixels of the frame that a drawing is kept with; undefined where they lie too far away, or the drawing is no mark of this slide. */
export function inOwnFrame(slide: ShownSlide, item: Drawn, points: readonly Point[]): (readonly [number, number])[] | undefined {
  const [finest] = slide.levels;
  const level = slide.levels.find(({ sopInstanceUid }) => sopInstanceUid === item.sopInstanceUid);
  const tile = level && slideTileOf(level, item.frame);
  if (level === undefined || tile === undefined) return undefined;
  const [across, down] = [finest.columns / level.columns, finest.rows / level.rows];
  const own = points.map(({ x, y }) => [x / across - tile.x, y / down - tile.y] as const);
  return own.every(([x, y]) => Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST) ? own : undefined;
}

/** The tile of the finest level that a point lies in, and so the frame that what begins there is kept with; of a point beside all tiles the nearest. */
export function tileUnder(slide: ShownSlide, { x, y }: Point): SlideTile | undefined {
  const [finest] = slide.levels;
  const focus = focusOn(slide.channel, finest, slide.plane);
  const [column, row] = [Math.max(0, Math.min(x, finest.columns - 1)), Math.max(0, Math.min(y, finest.rows - 1))];
  const [here] = slideTiles(finest, { left: column, top: row, right: column + 0.5, bottom: row + 0.5 }, 64, focus) ?? [];
  if (here !== undefined || finest.placed === undefined) return here;
  const apart = (tile: SlideTile): number => Math.hypot(tile.x - column, tile.y - row);
  const own = finest.placed.filter((tile) => tile.focus.path === focus.path && tile.focus.plane === focus.plane);
  return own.reduce<SlideTile | undefined>(
    (best, tile) => (best === undefined || apart(tile) < apart(best) ? tile : best),
    undefined,
  );
}

/** Points of a slide in pixels of a tile of it. */
export const inTile = (points: readonly Point[], tile: SlideTile): (readonly [number, number])[] =>
  points.map(({ x, y }) => [x - tile.x, y - tile.y] as const);
