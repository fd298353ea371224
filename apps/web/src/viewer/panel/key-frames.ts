import { referencesOf } from '@negatoscope/dicom';
import type { ShownAnnotation } from '../annotations/study-annotations.ts';
import type { ForeignDocument } from '../model/foreign-documents.ts';

/** A frame that somebody has marked as a key image. */
export interface KeyFrame {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly frame: number;
  /** The marks on it, one's own among them or not. */
  readonly ids: readonly string[];
  /** One's own mark, which may be taken away. */
  readonly ownId: string | undefined;
  /** The selection of others that names it; undefined for one that was marked here. */
  readonly selection?: string;
}

type SelectedBy = Pick<ForeignDocument, 'tree' | 'document' | 'study' | 'title'>;
const MOST_OF_SELECTION = 100;

/** The frames that a selection of others names, in its order; `elsewhere` counts those of other studies, or of which nobody says where they are. */
export function selectedFramesOf({ tree, document, study, title }: SelectedBy): {
  readonly frames: readonly KeyFrame[];
  readonly elsewhere: number;
} {
  const frames: KeyFrame[] = [];
  let elsewhere = 0;
  for (const { sopInstanceUid, frames: numbers } of referencesOf(tree)) {
    const place = document.evidence?.get(sopInstanceUid);
    if (place?.studyInstanceUid !== study.studyInstanceUid) elsewhere += 1;
    else
      for (const frame of numbers.length === 0 ? [1] : numbers)
        if (Number.isInteger(frame) && frame > 0 && frames.length < MOST_OF_SELECTION)
          frames.push({
            ...{ seriesInstanceUid: place.seriesInstanceUid, sopInstanceUid, frame },
            ...{ ids: [], ownId: undefined, selection: title },
          });
  }
  return { frames, elsewhere };
}

export interface FramePlace {
  readonly sopInstanceUid: string;
  readonly frame: number;
}

/** Where a frame stands in its series, from 1. */
export type PlaceOf = (frame: FramePlace) => { readonly index: number; readonly count: number } | undefined;

export const placeKey = ({ sopInstanceUid, frame }: FramePlace): string => `${sopInstanceUid}|${frame}`;

/** The key images of a study, each frame once however many have marked it, in the order in which they were marked. */
export function keyFramesOf(items: readonly ShownAnnotation[]): KeyFrame[] {
  const frames = new Map<string, KeyFrame>();
  for (const item of items) {
    if (item.kind !== 'KEY_IMAGE') continue;
    const { seriesInstanceUid, sopInstanceUid, frame, id, mayChange } = item;
    const known = frames.get(placeKey(item));
    frames.set(placeKey(item), {
      ...{ seriesInstanceUid, sopInstanceUid, frame },
      ids: [...(known?.ids ?? []), id],
      ownId: known?.ownId ?? (mayChange ? id : undefined),
    });
  }
  return [...frames.values()];
}
