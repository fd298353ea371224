import type { SeriesSummary } from '@negatoscope/dicom';
import { useEffect, useState } from 'react';
import type { StudyRef } from '../model/dicomweb.ts';
import type { UnreadSeries } from '../model/unread-series.ts';
import { listedOf, type Room } from './use-room.ts';

const MOST_SERIES = 30;

export interface ReadSeries<T> {
  readonly items: readonly T[];
  readonly failed: readonly UnreadSeries[];
  readonly isLoading: boolean;
}

/** What some series hold, of the studies of the desk: read once the first image is here, one after the other. `read` is always the same. */
export function useReadSeries<T>(
  room: Room,
  isWanted: (series: SeriesSummary) => boolean,
  read: (study: StudyRef, seriesInstanceUid: string) => Promise<readonly T[]>,
): ReadSeries<T> {
  const { isSettled } = room;
  const wanted = listedOf(room)
    .flatMap(({ study, series = [] }) => series.map((one) => ({ study, ...one })))
    .filter(isWanted)
    .slice(0, MOST_SERIES);
  // Names what is wanted: lists are made anew on every pass.
  const key = wanted.map(({ study, seriesInstanceUid }) => `${study.studyInstanceUid} ${seriesInstanceUid}`).join();
  const [found, setFound] = useState<ReadSeries<T>>({ items: [], failed: [], isLoading: false });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is wanted.
  useEffect(() => {
    const nothing: ReadSeries<T> = { items: [], failed: [], isLoading: false };
    setFound(nothing);
    if (!isSettled || wanted.length === 0) return;
    let isCurrent = true;
    const run = async (): Promise<void> => {
      let next: ReadSeries<T> = { ...nothing, isLoading: true };
      setFound(next);
      for (const { study, seriesInstanceUid, description } of wanted) {
        const items = await read(study, seriesInstanceUid).catch(() => undefined);
        if (!isCurrent) return;
        next =
          items === undefined
            ? { ...next, failed: [...next.failed, { seriesInstanceUid, title: description }] }
            : { ...next, items: [...next.items, ...items] };
        setFound(next);
      }
      setFound({ ...next, isLoading: false });
    };
    void run();
    return () => {
      isCurrent = false;
    };
  }, [key, isSettled]);
  return found;
}
