import { useEffect, useState, useSyncExternalStore } from 'react';
import type { StudyAnnotations } from '../annotations/study-annotations.ts';
import type { Pane } from '../engine/index.ts';
import { EMPTY_MPR, MprSession, type MprSnapshot } from '../engine/volume/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { loadMapping } from '../model/study-source.ts';

const never = (): (() => void) => () => undefined;
const empty = (): MprSnapshot => EMPTY_MPR;

export interface MprSource {
  readonly study: StudyRef;
  readonly series: SeriesModel;
  /** The pane that showed the series. */
  readonly pane: Pane;
  readonly annotations: StudyAnnotations | undefined;
}

/** Planes through a series for as long as the component is there; all of their memory goes with it. */
export function useMpr({ study, series, pane, annotations }: MprSource): {
  readonly mpr: MprSession | undefined;
  readonly snapshot: MprSnapshot;
} {
  const [mpr, setMpr] = useState<MprSession>();
  useEffect(() => {
    const opened = new MprSession(series, {
      loadMapping: () => loadMapping(study, series.seriesInstanceUid),
      store: annotations,
      presentation: pane.display.presentation,
    });
    setMpr(opened);
    return () => {
      setMpr(undefined);
      opened.close();
    };
  }, [study, series, pane, annotations]);
  return { mpr, snapshot: useSyncExternalStore(mpr?.subscribe ?? never, mpr?.getSnapshot ?? empty) };
}
