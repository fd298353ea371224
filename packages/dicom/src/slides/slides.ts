import type { DicomJsonObject } from '../types.ts';
import { nearestPlane, type SlideFocus } from './focus.ts';
import { type SlideLevel, slideLevelOf } from './level.ts';

type Levels = readonly [SlideLevel, ...SlideLevel[]];

/** One optical path of a slide: its levels, and which of their paths it is. */
export interface SlideChannel {
  readonly name: string | undefined;
  readonly levels: Levels;
  readonly path: number;
}

/** One slide as its series has it: the finest level first, each the same picture with fewer pixels. */
export interface Slide {
  /** Of the first channel. */
  readonly levels: Levels;
  readonly channels: readonly SlideChannel[];
  /** Whether something of it is neither among the levels nor a channel: scanned again, or planes that can't be told apart. */
  readonly isOneOfSeveral: boolean;
}

/** Whether two matrices are one picture: their sides differ by rounding alone. */
function isSamePicture(fine: SlideLevel, coarse: SlideLevel): boolean {
  const factor = fine.columns / coarse.columns;
  return Math.abs(coarse.rows * factor - fine.rows) <= Math.max(2 * factor, fine.rows / 100);
}

const pathsOf = ({ stack }: SlideLevel): string => stack.paths.map(({ id }) => id).join('\\');

interface Pyramid {
  readonly levels: [SlideLevel, ...SlideLevel[]];
  isOneOfSeveral: boolean;
}

const isSameSize = (a: SlideLevel, b: SlideLevel): boolean => a.columns === b.columns && a.rows === b.rows;

/** Puts a level where it belongs: optical paths often have instances of their own, and coarse levels may name none. */
function place(pyramids: Pyramid[], level: SlideLevel): void {
  const [first] = pyramids;
  const own = pyramids.find(({ levels: [finest] }) => pathsOf(finest) === pathsOf(level));
  if (first === undefined || (own === undefined && isSameSize(first.levels[0], level))) {
    pyramids.push({ levels: [level], isOneOfSeveral: level.isOneOfSeveral });
    return;
  }
  const pyramid = own ?? first;
  // A second one of the same size was scanned again.
  if (pyramid.levels.some((one) => isSameSize(one, level))) pyramid.isOneOfSeveral = true;
  else if (isSamePicture(pyramid.levels[0], level)) pyramid.levels.push(level);
}

const channelsOf = (levels: Levels): SlideChannel[] =>
  levels[0].stack.paths.map(({ id, name }, path) => ({ name: name ?? (id === '' ? undefined : id), levels, path }));

function slideFrom(levels: readonly SlideLevel[]): Slide | undefined {
  const pyramids: Pyramid[] = [];
  for (const level of [...levels].sort((a, b) => b.columns * b.rows - a.columns * a.rows)) place(pyramids, level);
  const [first] = pyramids;
  return (
    first && {
      levels: first.levels,
      channels: pyramids.flatMap((one) => channelsOf(one.levels)),
      isOneOfSeveral: pyramids.some(({ isOneOfSeveral }) => isOneOfSeveral),
    }
  );
}

/** The slides of a series by the metadata of its instances, in the order in which they are met; none where no instance is a level of one. */
export const slidesOf = (datasets: readonly DicomJsonObject[]): Slide[] =>
  slidesOfLevels(datasets.flatMap((dataset) => slideLevelOf(dataset) ?? []));

/** The same of levels that were read already. */
export function slidesOfLevels(levels: readonly SlideLevel[]): Slide[] {
  const bySlide = new Map<string, SlideLevel[]>();
  for (const level of levels) {
    const known = bySlide.get(level.slide);
    if (known === undefined) bySlide.set(level.slide, [level]);
    else known.push(level);
  }
  return [...bySlide.values()].flatMap((own) => slideFrom(own) ?? []);
}

/** What of a level is meant by a plane of its channel's finest one. */
export function focusOn({ levels: [finest], path }: SlideChannel, level: SlideLevel, plane: number): SlideFocus {
  const at = level === finest ? plane : nearestPlane(level.stack, plane, finest.stack.planes[plane]);
  return { path: Math.min(path, level.stack.paths.length - 1), plane: at };
}

/** The coarsest level that has so many columns; the finest where none has. */
export const suitingLevel = (levels: Levels, columns: number): SlideLevel =>
  levels.findLast((level) => level.columns >= columns) ?? levels[0];
