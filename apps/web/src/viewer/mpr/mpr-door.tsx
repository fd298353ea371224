import { canApply } from '@negatoscope/dicom';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { StudyAnnotations } from '../annotations/study-annotations.ts';
import type { Pane } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { SeriesModel } from '../model/study-model.ts';
import type { LayersState } from '../overlaid/layer.ts';
import { usePaneValue } from '../parts/use-pane-snapshot.ts';
import { firstIndexOf, NO_STATES, type StatesOffer } from '../states/offered.ts';

/** Its code comes when it is asked for. */
const MprRoom = lazy(async () => ({ default: (await import('./mpr-room.tsx')).MprRoom }));

interface MprDoor {
  /** Opens the planes of what the pane shows; undefined where it shows no images. */
  readonly onMpr: (() => void) | undefined;
  readonly room: React.ReactNode;
}

/** Planes through the series of a pane: how to open them, and what is then shown. What is drawn on them is kept with the series' study. */
export function useMprDoor(
  pane: Pane | undefined,
  annotationsOf: (study: StudyRef) => StudyAnnotations | undefined,
  layers: LayersState,
  { states }: Pick<StatesOffer, 'states'> = NO_STATES,
): MprDoor {
  const [opened, setOpened] = useState<{ readonly pane: Pane; readonly series: SeriesModel }>();
  const series = usePaneValue(pane, (snapshot) => snapshot.series);
  const hasStates = useMemo(
    () => states.some(({ state }) => canApply(state) && firstIndexOf(state, opened?.series) >= 0),
    [states, opened],
  );
  const canOpen = pane !== undefined && series !== undefined && series.frames.length > 0;
  return {
    onMpr: canOpen ? () => setOpened({ pane, series }) : undefined,
    room: opened?.series === series && opened !== undefined && (
      <Suspense>
        <MprRoom
          {...opened}
          {...{ layers, hasStates }}
          study={opened.series.study}
          annotations={annotationsOf(opened.series.study)}
          onClose={() => setOpened(undefined)}
        />
      </Suspense>
    ),
  };
}
