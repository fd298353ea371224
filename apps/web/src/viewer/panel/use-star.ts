import { useCallback, useMemo } from 'react';
import { newId } from '../../api/new-id.ts';
import type { StudyAnnotations } from '../annotations/study-annotations.ts';
import type { Pane } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { AnnotationsState } from '../parts/use-annotations.ts';
import { type KeyFrame, keyFramesOf, placeKey } from './key-frames.ts';

export interface StarState {
  readonly frames: readonly KeyFrame[];
  /** Marks the frame that a pane shows as a key image, or takes one's own mark away. */
  readonly toggle: (pane: Pane | undefined) => void;
  readonly remove: (frame: KeyFrame) => void;
}

/** The key images of a study. They are annotations of the frame as a whole, and go through the same queue, undo and redo. */
export function useStar(
  { annotations, snapshot }: AnnotationsState,
  annotationsOf: (study: StudyRef) => StudyAnnotations | undefined,
): StarState {
  const frames = useMemo(() => keyFramesOf(snapshot.items), [snapshot.items]);
  const remove = useCallback(
    ({ ownId }: KeyFrame) => {
      if (ownId !== undefined) annotations?.remove(ownId);
    },
    [annotations],
  );
  const toggle = useCallback(
    (pane: Pane | undefined) => {
      const { frame, series } = pane?.getSnapshot() ?? {};
      // A frame of the prior is a key image of the prior.
      const own = series && annotationsOf(series.study);
      if (frame === undefined || series === undefined || own === undefined) return;
      const place = { sopInstanceUid: frame.sopInstanceUid, frame: frame.frameNumber };
      const known = keyFramesOf(own.getSnapshot().items).find((one) => placeKey(one) === placeKey(place));
      if (known?.ownId !== undefined) own.remove(known.ownId);
      else
        own.draw(
          newId(),
          { ...place, seriesInstanceUid: series.seriesInstanceUid, kind: 'KEY_IMAGE' },
          { geometry: { space: 'PIXEL', points: [] }, label: null },
        );
    },
    [annotationsOf],
  );
  return { frames, toggle, remove };
}
