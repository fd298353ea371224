import type { PixelRectangle } from '../burned-in.ts';

/** What is made black: a rectangle in one frame, from 0, or in all of them. */
export interface PixelMask extends PixelRectangle {
  readonly frame?: number | undefined;
}

interface Pixels {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
}

const isWhole = (mask: PixelMask): boolean => [mask.left, mask.top, mask.right, mask.bottom].every(Number.isSafeInteger);

/** The masks as far as they lie in the picture; undefined for one that lies outside of it, is empty or names a frame that there is not. */
export function masksWithin(masks: readonly PixelMask[], { rows, columns, frames }: Pixels): readonly PixelMask[] | undefined {
  const cut = masks.map(({ left, top, right, bottom, frame }) => ({
    ...{ left: Math.max(0, left), top: Math.max(0, top), right: Math.min(columns, right), bottom: Math.min(rows, bottom) },
    ...(frame === undefined ? {} : { frame }),
  }));
  const isInside = (mask: PixelMask): boolean =>
    isWhole(mask) &&
    mask.left < mask.right &&
    mask.top < mask.bottom &&
    (mask.frame === undefined || (Number.isInteger(mask.frame) && mask.frame >= 0 && mask.frame < frames));
  return cut.every(isInside) ? cut : undefined;
}
