import type { DicomJsonObject } from '../types.ts';
import { type SlideLevel, slideLevelOf } from './level.ts';

/** One slide as its series has it: the finest level first, each the same picture with fewer pixels. */
export interface Slide {
  readonly levels: readonly [SlideLevel, ...SlideLevel[]];
  /** Whether something of it is not among the levels: other focal planes, other optical paths. */
  readonly isOneOfSeveral: boolean;
}

/** Whether two matrices are one picture: their sides differ by rounding alone. */
function isSamePicture(fine: SlideLevel, coarse: SlideLevel): boolean {
  const factor = fine.columns / coarse.columns;
  return Math.abs(coarse.rows * factor - fine.rows) <= Math.max(2 * factor, fine.rows / 100);
}

function slideFrom(levels: readonly SlideLevel[]): Slide | undefined {
  const [finest, ...others] = [...levels].sort((a, b) => b.columns * b.rows - a.columns * a.rows);
  if (finest === undefined) return undefined;
  const kept: [SlideLevel, ...SlideLevel[]] = [finest];
  let isOneOfSeveral = finest.isOneOfSeveral;
  for (const level of others) {
    // A second one of the same size is another optical path, or was scanned again.
    const isAnother = kept.some(({ columns, rows }) => columns === level.columns && rows === level.rows);
    if (isAnother) isOneOfSeveral = true;
    else if (isSamePicture(finest, level)) kept.push(level);
  }
  return { levels: kept, isOneOfSeveral };
}

/** The slides of a series by the metadata of its instances, in the order in which they are met; none where no instance is a level of one. */
export function slidesOf(datasets: readonly DicomJsonObject[]): Slide[] {
  const bySlide = new Map<string, SlideLevel[]>();
  for (const dataset of datasets) {
    const level = slideLevelOf(dataset);
    if (level === undefined) continue;
    const known = bySlide.get(level.slide);
    if (known === undefined) bySlide.set(level.slide, [level]);
    else known.push(level);
  }
  return [...bySlide.values()].flatMap((levels) => slideFrom(levels) ?? []);
}
