import { readItems, readNumbers, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import type { StateReference, StateScope } from './types.ts';

const [SERIES, IMAGES, SOP_INSTANCE, FRAMES] = ['00081115', '00081140', '00081155', '00081160'] as const;
const MOST = 20_000;

/** The images of Referenced Image Sequence. One whose frame numbers can't be read is for none: it is left out. */
function imagesOf(item: DicomJsonObject): StateReference[] {
  const seriesInstanceUid = readString(item, '0020000E');
  return readItems(item, IMAGES)
    .slice(0, MOST)
    .flatMap((image): StateReference[] => {
      const sopInstanceUid = readString(image, SOP_INSTANCE);
      if (sopInstanceUid === undefined) return [];
      const said = image[FRAMES]?.Value?.length ?? 0;
      const frames = readNumbers(image, FRAMES) ?? [];
      if (said > 0 && frames.length === 0) return [];
      return [{ seriesInstanceUid, sopInstanceUid, frames }];
    });
}

/** The images that a state refers to (PS3.3 C.11.11), whatever their series. */
export const referencesOf = (dataset: DicomJsonObject): StateReference[] =>
  readItems(dataset, SERIES).flatMap(imagesOf).slice(0, MOST);

/** The images that a part of a state is for; undefined where it names none, which is all of them. */
export const scopeOf = (item: DicomJsonObject): StateScope => (readItems(item, IMAGES).length === 0 ? undefined : imagesOf(item));

/** One frame of one image; `frameNumber` from 1. */
export interface StateTarget {
  readonly sopInstanceUid: string;
  readonly frameNumber: number;
}

/** Frames of each image; a list of 20,000 is looked through once, not for each frame of a series. */
const indexes = new WeakMap<readonly StateReference[], Map<string, StateReference[]>>();

function indexOf(references: readonly StateReference[]): Map<string, StateReference[]> {
  const index = new Map<string, StateReference[]>();
  for (const one of references) {
    const named = index.get(one.sopInstanceUid);
    if (named === undefined) index.set(one.sopInstanceUid, [one]);
    else named.push(one);
  }
  return index;
}

function namedIn(references: readonly StateReference[], { sopInstanceUid, frameNumber }: StateTarget): boolean {
  const index = indexes.get(references) ?? indexOf(references);
  indexes.set(references, index);
  return (index.get(sopInstanceUid) ?? []).some(({ frames }) => frames.length === 0 || frames.includes(frameNumber));
}

/** Whether a state is for a frame: it touches no other. */
export const refersTo = ({ references }: { readonly references: readonly StateReference[] }, target: StateTarget): boolean =>
  namedIn(references, target);

/** Whether a part of a state is for a frame that the state is for. */
export const isInScope = (scope: StateScope, target: StateTarget): boolean => scope === undefined || namedIn(scope, target);
