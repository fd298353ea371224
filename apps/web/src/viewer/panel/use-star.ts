import { useCallback, useMemo } from 'react';
import { newId } from '../annotations/study-annotations.ts';
import type { Pane } from '../engine/index.ts';
import type { AnnotationsState } from '../parts/use-annotations.ts';
import { type KeyFrame, keyFramesOf, placeKey } from './key-frames.ts';

export interface StarState {
  readonly frames: readonly KeyFrame[];
  /** Marks the frame that a pane shows as a key image, or takes one's own mark away. */
  readonly toggle: (pane: Pane | undefined) => void;
  readonly remove: (frame: KeyFrame) => void;
}

/** The key images of a study. They are annotations of the frame as a whole, and go through the same queue, undo and redo. */
export function useStar({ annotations, snapshot }: AnnotationsState): StarState {
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
      if (frame === undefined || series === undefined || annotations === undefined) return;
      const place = { sopInstanceUid: frame.sopInstanceUid, frame: frame.frameNumber };
      const known = keyFramesOf(annotations.getSnapshot().items).find((one) => placeKey(one) === placeKey(place));
      if (known?.ownId !== undefined) annotations.remove(known.ownId);
      else
        annotations.draw(
          newId(),
          { ...place, seriesInstanceUid: series.seriesInstanceUid, kind: 'KEY_IMAGE' },
          { space: 'PIXEL', points: [] },
        );
    },
    [annotations],
  );
  return { frames, toggle, remove };
}
