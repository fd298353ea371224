import { jsonNumbers } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { frameSources } from './functional-groups.ts';

/** Spacings and Pixel Aspect Ratio that nothing real has say nothing. */
const MAX_ASPECT = 16;
/** Below one percent nobody sees it, and resampling would only blur. */
const SQUARE = 0.01;

/** The vertical by the horizontal of a pair of lengths; undefined unless both are above 0 and their ratio is credible. */
function ratioOf([vertical = 0, horizontal = 0]: readonly number[]): number | undefined {
  const ratio = vertical > 0 && horizontal > 0 ? vertical / horizontal : Number.NaN;
  return ratio >= 1 / MAX_ASPECT && ratio <= MAX_ASPECT ? ratio : undefined;
}

/**
 * Height of a pixel by its width, 1 for square ones (within 1 %) and where nothing says: Pixel Spacing of the frame's groups or the dataset (PS3.3
 * C.7.6.16.2.1, 10.7.1), Imager Pixel Spacing (0018,1164), Nominal Scanned Pixel Spacing (0018,2010), Image Plane Pixel Spacing (3002,0011), Pixel Aspect Ratio (C.7.6.3.1.7). `frame` counts from 0.
 */
export function pixelAspectOf(json: DicomJsonObject, frame: number): number {
  const pairs = [
    ...frameSources(json, frame, '00289110').map((source) => jsonNumbers(source, '00280030')),
    ...['00181164', '00182010', '30020011', '00280034'].map((tag) => jsonNumbers(json, tag)),
  ];
  const ratio = pairs.map(ratioOf).find((one) => one !== undefined) ?? 1;
  return Math.abs(ratio - 1) <= SQUARE ? 1 : ratio;
}

/** An image with more pixels than this isn't made larger. */
const MAX_PIXELS = 64 * 1024 * 1024;

/**
 * Size in which square pixels show an image in its proportions: the side whose pixels are longer grows, so that nothing is lost; of an image that
 * would become huge the other side shrinks. `pixelAspect` is the height of a pixel by its width.
 */
export function displayedSize(
  rows: number,
  columns: number,
  pixelAspect: number,
): { readonly rows: number; readonly columns: number } {
  const isTall = pixelAspect >= 1;
  const grown = rows * columns * (isTall ? pixelAspect : 1 / pixelAspect);
  const changesRows = isTall === grown <= MAX_PIXELS;
  return changesRows
    ? { rows: Math.max(1, Math.round(rows * pixelAspect)), columns }
    : { rows, columns: Math.max(1, Math.round(columns / pixelAspect)) };
}
