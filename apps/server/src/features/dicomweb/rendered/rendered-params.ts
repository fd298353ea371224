import { isWindow, type Window, type WindowFunction } from '@negatoscope/dicom';
import { PICTURE_TYPES, type PictureParams, type PictureType, type Viewport } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { type MediaRange, matchesType } from '../accept.ts';

/** How a picture is asked for. */
export interface RenderedParams extends PictureParams {
  /** Names of parameters that are understood and not followed. */
  readonly ignored: readonly string[];
}

const MAX_SIDE = 16_384;
/** Of WebP: a viewport is the most that a picture may have, and a pixel less is within it. */
const MAX_WEBP_SIDE = 16_383;
const DEFAULT_QUALITY = 90;
const NUMBER = /^[+-]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})(e[+-]?\d{1,3})?$/i;

const bad = (detail: string): Failure => new Failure('BAD_REQUEST', { detail });

function numbers(text: string): number[] {
  return text.split(',').map((part) => {
    const value = NUMBER.test(part.trim()) ? Number(part) : Number.NaN;
    if (!Number.isFinite(value)) throw bad('Numbers separated by commas are expected.');
    return value;
  });
}

const SHAPES: readonly WindowFunction[] = ['linear', 'linear-exact', 'sigmoid'];

/** `window=center,width[,function]` (PS3.18 8.3.5.1.3); linear when no function is given. */
export function parseWindow(text: string): Window {
  const parts = text.split(',');
  const named = (parts[2] ?? 'linear').trim().toLowerCase();
  const shape = SHAPES.find((one) => one === named);
  if (parts.length < 2 || parts.length > 3 || shape === undefined) throw bad('window is center,width,function.');
  const [center = 0, width = 0] = numbers(parts.slice(0, 2).join(','));
  const window = { center, width, shape };
  if (!isWindow(window)) throw bad('The width of a window is at least 1, or above 0 for functions other than linear.');
  return { kind: 'window', ...window };
}

/** `viewport=vw,vh[,sx,sy,sw,sh]` (PS3.18 8.3.5.1.4); a negative sw or sh flips the image. */
export function parseViewport(text: string): Viewport {
  const values = numbers(text);
  const [width = 0, height = 0, left = 0, top = 0, regionWidth = 0, regionHeight = 0] = values;
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE;
  if ((values.length !== 2 && values.length !== 6) || !isSide(width) || !isSide(height))
    throw bad('viewport is vw,vh or vw,vh,sx,sy,sw,sh.');
  if (values.length === 2) return { width, height, region: undefined, isFlippedHorizontally: false, isFlippedVertically: false };
  if (left < 0 || top < 0 || regionWidth === 0 || regionHeight === 0)
    throw bad('The region of the viewport is empty or outside.');
  return {
    width,
    height,
    region: {
      left: Math.floor(left),
      top: Math.floor(top),
      width: Math.max(1, Math.round(Math.abs(regionWidth))),
      height: Math.max(1, Math.round(Math.abs(regionHeight))),
    },
    isFlippedHorizontally: regionWidth < 0,
    isFlippedVertically: regionHeight < 0,
  };
}

const withinFormat = (viewport: Viewport | undefined, type: PictureType): Viewport | undefined =>
  viewport === undefined || type !== 'image/webp'
    ? viewport
    : {
        ...viewport,
        width: Math.min(MAX_WEBP_SIDE, viewport.width),
        height: Math.min(MAX_WEBP_SIDE, viewport.height),
      };

function parseQuality(text: string): number {
  const quality = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (quality < 1 || quality > 100) throw bad('quality is a whole number from 1 to 100.');
  return quality;
}

/** The image type that the client likes best among those of 8.7.4. Fails with NOT_ACCEPTABLE. */
export function renderedType(ranges: readonly MediaRange[]): PictureType {
  for (const range of ranges) {
    const type = PICTURE_TYPES.find((candidate) => matchesType(range, candidate));
    if (type !== undefined) return type;
  }
  throw new Failure('NOT_ACCEPTABLE');
}

const optional = <T>(text: string | null, parse: (text: string) => T): T | undefined =>
  text === null || text === '' ? undefined : parse(text);

/** Query parameters of rendered resources and thumbnails (PS3.18 8.3.5). Fails with BAD_REQUEST or NOT_ACCEPTABLE. */
export function parseRenderedParams(search: URLSearchParams, ranges: readonly MediaRange[]): RenderedParams {
  const type = renderedType(ranges);
  return {
    type,
    quality: optional(search.get('quality'), parseQuality) ?? DEFAULT_QUALITY,
    window: optional(search.get('window'), parseWindow),
    viewport: withinFormat(optional(search.get('viewport'), parseViewport), type),
    ignored: ['annotation', 'iccprofile'].filter((name) => search.has(name)),
  };
}
