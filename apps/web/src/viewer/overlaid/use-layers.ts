import { useCallback, useEffect, useState } from 'react';
import { listedOf, type Room } from '../parts/use-room.ts';
import type { FailedLayer, Layer, LayersState } from './layer.ts';
import { readLayers } from './read-layers.ts';

const MODALITIES: ReadonlySet<string> = new Set(['SEG', 'RTSTRUCT', 'RTDOSE']);
const MOST_SERIES = 30;
const OPACITY = 0.45;

interface Read {
  readonly layers: readonly Layer[];
  readonly failed: readonly FailedLayer[];
  readonly isLoading: boolean;
}
const NOTHING: Read = { layers: [], failed: [], isLoading: false };

/** Layers of the studies of the desk, read once the first image is here, one series after the other. */
function useRead(room: Room): Read {
  const { isSettled } = room;
  const wanted = listedOf(room)
    .flatMap(({ study, series = [] }) => series.map((one) => ({ study, ...one })))
    .filter(({ modality }) => MODALITIES.has(modality ?? ''))
    .slice(0, MOST_SERIES);
  // Names what is wanted: lists are made anew on every pass.
  const key = wanted.map(({ study, seriesInstanceUid }) => `${study.studyInstanceUid} ${seriesInstanceUid}`).join();
  const [read, setRead] = useState(NOTHING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is wanted.
  useEffect(() => {
    setRead(NOTHING);
    if (!isSettled || wanted.length === 0) return;
    let isCurrent = true;
    const run = async (): Promise<void> => {
      let next: Read = { ...NOTHING, isLoading: true };
      setRead(next);
      for (const { study, seriesInstanceUid, description } of wanted) {
        const found = await readLayers(study, seriesInstanceUid).catch(() => undefined);
        if (!isCurrent) return;
        next =
          found === undefined
            ? { ...next, failed: [...next.failed, { seriesInstanceUid, title: description }] }
            : { ...next, layers: [...next.layers, ...found] };
        setRead(next);
      }
      setRead({ ...next, isLoading: false });
    };
    void run();
    return () => {
      isCurrent = false;
    };
  }, [key, isSettled]);
  return read;
}

/** What can be laid over the images of the desk, and what of it is: nothing until somebody asks for it, an image is read as it was made. */
export function useLayers(room: Room): LayersState {
  const read = useRead(room);
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
  return { ...read, shown, opacity, toggle, setShown, setOpacity };
}
