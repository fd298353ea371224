import { type Slide, type SlideLevel, type SlidePart, type SlideTile, slideTiles, suitingLevel } from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import type { Viewport } from './picture.ts';

/** Tiles that are decoded for one picture, and pixels of them. */
const MOST_TILES = 400;
const MOST_DECODED = 128 * 1024 * 1024;
/** The longer side of a picture for which nobody says how large. */
const USUAL_SIDE = 1024;
const MOST_PIXELS = 16 * 1024 * 1024;
/** Three quarters of a pixel are not told from one, and cost half. */
const ENOUGH = 0.75;

/** Which tiles make a picture, and its size. */
export interface SlidePlan {
  readonly level: SlideLevel;
  /** In pixels of the level. */
  readonly part: SlidePart;
  readonly tiles: readonly SlideTile[];
  readonly width: number;
  readonly height: number;
}

const whole = (value: number): number => Math.max(1, Math.round(value));

function partOf(own: SlideLevel, region: Viewport['region']): SlidePart {
  const { left, top, width, height } = region ?? { left: 0, top: 0, width: own.columns, height: own.rows };
  const part = { left, top, right: Math.min(own.columns, left + width), bottom: Math.min(own.rows, top + height) };
  if (part.right <= part.left || part.bottom <= part.top)
    throw new Failure('BAD_REQUEST', { detail: 'The region of the viewport is outside of the slide.' });
  return part;
}

const onLevel = (part: SlidePart, own: SlideLevel, level: SlideLevel): SlidePart => {
  const [across, down] = [level.columns / own.columns, level.rows / own.rows];
  return { left: part.left * across, right: part.right * across, top: part.top * down, bottom: part.bottom * down };
};

/** The tiles of a level for a part of it, of the plane in the middle, which is where scanners focus; undefined where they are too many. */
function affordable(level: SlideLevel, part: SlidePart, path: number): readonly SlideTile[] | undefined {
  const most = Math.min(MOST_TILES, Math.floor(MOST_DECODED / (level.tileColumns * level.tileRows)));
  return slideTiles(level, part, most, { path, plane: Math.floor(level.stack.planes.length / 2) });
}

/**
 * How a part of a slide is drawn (`own` is the level in whose pixels the viewport is): by the coarsest level that has a pixel for each of the picture,
 * never larger than what it shows of `own`. Fails with BAD_REQUEST for a region outside of the slide, with NOT_ACCEPTABLE where no level is coarse enough.
 */
export function planSlide({ channels }: Slide, own: SlideLevel, viewport: Viewport | undefined): SlidePlan {
  const part = partOf(own, viewport?.region);
  const [across, down] = [part.right - part.left, part.bottom - part.top];
  const room = viewport ?? { width: USUAL_SIDE, height: USUAL_SIDE };
  const scale = Math.min(1, room.width / across, room.height / down, Math.sqrt(MOST_PIXELS / (across * down)));
  const isOwn = ({ sopInstanceUid }: SlideLevel): boolean => sopInstanceUid === own.sopInstanceUid;
  const { levels, path } = channels.find((one) => one.levels.some(isOwn)) ?? { levels: [own] as const, path: 0 };
  const level = suitingLevel(levels, own.columns * scale * ENOUGH);
  const shown = onLevel(part, own, level);
  const tiles = affordable(level, shown, Math.min(path, level.stack.paths.length - 1));
  if (tiles === undefined)
    throw new Failure('NOT_ACCEPTABLE', {
      detail: 'This slide has no level that is coarse enough: a smaller region of it can be drawn (viewport=vw,vh,sx,sy,sw,sh).',
    });
  return { level, part: shown, tiles, width: whole(across * scale), height: whole(down * scale) };
}
