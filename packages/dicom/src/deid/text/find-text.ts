import type { DecodedFrame } from '../../pixels/frame-format.ts';
import { componentsOf } from './components.ts';
import { levelsOf } from './levels.ts';
import { linesOf, type TextBox } from './lines.ts';
import { tilesOf } from './tiles.ts';

/**
 * What in a decoded frame looks like written text: boxes in pixels, the likeliest first; undefined where the frame is none of grey or colour that can be
 * looked at (more than 16 bits a sample, fractions). It suspects, and misses: docs/benchmarks.md says how often. Text of one to two letters, steeply slanted or
 * handwritten is not found.
 */
export function findText(frame: DecodedFrame): readonly TextBox[] | undefined {
  const picture = levelsOf(frame);
  if (picture === undefined) return undefined;
  const tiles = tilesOf(picture);
  return [true, false]
    .flatMap((isBright) => linesOf(picture, componentsOf(picture, tiles, isBright)))
    .sort((left, right) => right.score - left.score);
}
