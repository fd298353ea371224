import { useCallback, useState } from 'react';
import { useReadSeries } from '../parts/use-read-series.ts';
import type { Room } from '../parts/use-room.ts';
import type { LayersState } from './layer.ts';
import { readLayers } from './read-layers.ts';
import { useMapSeries } from './use-map-series.ts';

const MODALITIES: ReadonlySet<string> = new Set(['SEG', 'RTSTRUCT', 'RTDOSE']);
const OPACITY = 0.45;

/** What can be laid over the images of the desk, and what of it is: nothing until somebody asks for it, an image is read as it was made. */
export function useLayers(room: Room): LayersState {
  const maps = useMapSeries(room);
  const {
    items: layers,
    failed,
    isLoading,
  } = useReadSeries(
    room,
    ({ modality = '', seriesInstanceUid }) => MODALITIES.has(modality) || maps.has(seriesInstanceUid),
    readLayers,
  );
  const [shown, setIds] = useState<ReadonlySet<string>>(new Set());
  const [opacity, setOpacity] = useState(OPACITY);
  const setShown = useCallback(
    (ids: readonly string[], isShown: boolean) =>
      setIds((current) => {
        const next = new Set(current);
        for (const id of ids)
          if (isShown) next.add(id);
          else next.delete(id);
        return next;
      }),
    [],
  );
  const toggle = useCallback(
    (id: string) => setIds((current) => new Set(current.has(id) ? [...current].filter((one) => one !== id) : [...current, id])),
    [],
  );
  return { layers, failed, isLoading, shown, opacity, toggle, setShown, setOpacity };
}
