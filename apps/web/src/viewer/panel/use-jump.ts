import { useEffect, useState } from 'react';
import type { Pane } from '../engine/index.ts';
import { usePaneValue } from '../parts/use-pane-snapshot.ts';

export interface FrameTarget {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly frame: number;
}

/** Goes to a frame in the active pane, which is given its series first where it shows another one. */
export function useJump(pane: Pane | undefined, show: (seriesInstanceUid: string) => void): (target: FrameTarget) => void {
  const [target, setTarget] = useState<FrameTarget>();
  const series = usePaneValue(pane, (snapshot) => snapshot.series);
  useEffect(() => {
    if (target === undefined || pane === undefined || series?.seriesInstanceUid !== target.seriesInstanceUid) return;
    const index = series.frames.findIndex(
      ({ sopInstanceUid, frameNumber }) => sopInstanceUid === target.sopInstanceUid && frameNumber === target.frame,
    );
    if (index >= 0) pane.goTo(index);
    setTarget(undefined);
  }, [pane, series, target]);
  return (wanted) => {
    if (pane?.series?.seriesInstanceUid !== wanted.seriesInstanceUid) show(wanted.seriesInstanceUid);
    setTarget(wanted);
  };
}
