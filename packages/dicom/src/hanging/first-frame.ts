import { type SortableFrame, sortFrames } from './sort-frames.ts';

const VOLUME_MODALITIES = new Set(['CT', 'MR', 'PT', 'NM']);

/** The frame shown first: the middle of a stack of slices, the first frame of everything else. */
export function firstIndex(frameCount: number, modality: string | undefined, isSpatial: boolean): number {
  if (frameCount <= 0) return 0;
  const isVolume = isSpatial || (VOLUME_MODALITIES.has(modality ?? '') && frameCount > 2);
  return isVolume ? Math.floor((frameCount - 1) / 2) : 0;
}

/** The frame of a series that is shown first, of all its frames in any order and the modality of its first instance; undefined where there is none. */
export function firstFrame<T extends SortableFrame>(all: readonly T[], modality: string | undefined): T | undefined {
  const { frames, isSpatial } = sortFrames(all);
  return frames[firstIndex(frames.length, modality, isSpatial)];
}
