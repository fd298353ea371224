import { decodedBytes, frameFormatOf, pixelTagOf, WHOLE_SLIDE_MICROSCOPY } from '@negatoscope/dicom';
import { forgetLoaded, loadFrame } from './engine/frame-loader.ts';
import { forgetPlan } from './engine/frame-plans.ts';
import { loadQueue } from './engine/load-queue.ts';
import { line } from './model/line.ts';
import { type FrameState, nextToLoad } from './model/load-order.ts';
import type { FrameModel, SeriesModel } from './model/study-model.ts';

/** Of decoded pixels: what a quick line brings while the room is made. */
const AHEAD_BYTES = 16 * 1024 * 1024;
/** Two of the browser's six connections stay free for what the room itself asks for. */
const AT_ONCE = 4;

/** What was loaded before the room stood. */
const ahead = new Set<string>();

export function loadAhead(frame: FrameModel, isAsked: boolean): Promise<void> {
  ahead.add(frame.imageId);
  return loadFrame(frame, isAsked);
}

/** Forgets it: nothing of one person's patients stays for the next one. */
export function forgetAhead(): void {
  for (const imageId of ahead) {
    forgetLoaded(imageId);
    forgetPlan(imageId);
  }
  ahead.clear();
}

const bytesOf = ({ dataset }: FrameModel): number => decodedBytes(frameFormatOf(dataset, pixelTagOf(dataset)));

/**
 * Loads the frames around the first one while the room is made and the line would be idle; the room's own queue goes on from there, and shares what is on
 * its way. On a quick line alone: on a slow one it would hold up what the reader asks for. Never rejects.
 */
export async function loadAround({ frames, firstIndex, sopClassUid }: SeriesModel): Promise<void> {
  const first = frames[firstIndex];
  if (first === undefined || sopClassUid === WHOLE_SLIDE_MICROSCOPY) return;
  let left = Math.floor(AHEAD_BYTES / Math.max(1, bytesOf(first))) - 1;
  const states: FrameState[] = frames.map((_, index) => (index === firstIndex ? 'loaded' : 'idle'));
  const goOn = async (): Promise<void> => {
    while (left > 0 && !line().isSlow && loadQueue.laneCount === 0) {
      const index = nextToLoad(states, firstIndex);
      const frame = index === undefined ? undefined : frames[index];
      if (index === undefined || frame === undefined) return;
      states[index] = 'loading';
      left -= 1;
      await loadAhead(frame, false);
    }
  };
  // The room asks again for what fails here, and shows the reason.
  await Promise.allSettled(Array.from({ length: AT_ONCE }, goOn));
}
