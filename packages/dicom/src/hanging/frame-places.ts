import { readItems, readNumber, readNumbers, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { parsePlaneOrientation, toVector3 } from './geometry.ts';
import type { SortableFrame } from './sort-frames.ts';

/** The functional groups of an instance, from which {@link functionalGroup} gives those of a frame (PS3.3 C.7.6.16.1). */
export interface FrameGroups {
  readonly shared: DicomJsonObject | undefined;
  readonly perFrame: readonly DicomJsonObject[];
}

export const frameGroupsOf = (dataset: DicomJsonObject): FrameGroups => ({
  shared: readItems(dataset, '52009229')[0],
  perFrame: readItems(dataset, '52009230'),
});

/** First item of a functional group of a frame, from 0: per-frame before shared. */
export const functionalGroup = ({ shared, perFrame }: FrameGroups, frame: number, tag: string): DicomJsonObject | undefined =>
  readItems(perFrame[frame], tag)[0] ?? readItems(shared, tag)[0];

/** A frame and where it lies. */
export interface PlacedFrame extends SortableFrame {
  readonly position: ReturnType<typeof toVector3>;
  readonly orientation: ReturnType<typeof parsePlaneOrientation>;
  readonly instanceNumber: number | undefined;
}

/** More frames than any film or pyramid has: a number that a file only says must not fill the memory. */
const MOST_FRAMES = 2 ** 18;

/** Frames of one instance in frame order, no more than 262,144; none when it has no pixels. */
export function placedFrames(dataset: DicomJsonObject, groups: FrameGroups = frameGroupsOf(dataset)): PlacedFrame[] {
  const hasPixels = (readNumber(dataset, '00280010') ?? 0) > 0 && (readNumber(dataset, '00280011') ?? 0) > 0;
  const sopInstanceUid = readString(dataset, '00080018');
  if (!hasPixels || sopInstanceUid === undefined) return [];
  const count = Math.min(MOST_FRAMES, Math.max(1, Math.trunc(readNumber(dataset, '00280008') ?? 1)));
  const instanceNumber = readNumber(dataset, '00200013');
  return Array.from({ length: count }, (_, index) => ({
    sopInstanceUid,
    frameNumber: index + 1,
    instanceNumber,
    position: toVector3(readNumbers(functionalGroup(groups, index, '00209113') ?? dataset, '00200032')),
    orientation: parsePlaneOrientation(readNumbers(functionalGroup(groups, index, '00209116') ?? dataset, '00200037')),
  }));
}
