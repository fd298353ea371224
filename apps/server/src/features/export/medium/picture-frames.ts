import {
  type InstanceEntry,
  isImage,
  type PictureParams,
  type Pixels,
  type SeriesHandle,
} from '../../../archive/pixels/index.ts';

/** Of an instance with more, frames at equal distances are drawn: the medium has the instance itself. */
const MOST_FRAMES = 200;
const SIDE = 1024;

const PARAMS: PictureParams = {
  type: 'image/jpeg',
  quality: 85,
  window: undefined,
  viewport: { width: SIDE, height: SIDE, region: undefined, isFlippedHorizontally: false, isFlippedVertically: false },
};

/** Zero-based frames that stand for an instance on the page. */
export function shownFrames(count: number): readonly number[] {
  if (count <= MOST_FRAMES) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: MOST_FRAMES }, (_, index) => Math.round((index * (count - 1)) / (MOST_FRAMES - 1)));
}

/** Pictures of an instance as it is shown by its own window, one after the other; none of what can't be drawn. */
export async function* picturesOf(
  pixels: Pick<Pixels, 'render'>,
  series: SeriesHandle,
  entry: InstanceEntry,
): AsyncGenerator<Buffer> {
  if (!isImage(entry)) return;
  for (const frame of shownFrames(entry.frames)) {
    const picture = await drawn(pixels, { series, entry, frame });
    if (picture !== undefined) yield picture;
  }
}

/** A frame that can't be drawn costs its picture alone. */
async function drawn(
  pixels: Pick<Pixels, 'render'>,
  task: { readonly series: SeriesHandle; readonly entry: InstanceEntry; readonly frame: number },
): Promise<Buffer | undefined> {
  try {
    return await pixels.render({ ...task, params: PARAMS, withOverlays: true });
  } catch {
    return undefined;
  }
}
