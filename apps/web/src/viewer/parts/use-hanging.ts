import { useCallback, useEffect, useState } from 'react';
import { isDocumentModality, type SeriesSummary } from '../model/study-model.ts';
import { type LayoutId, PANE_COUNT } from './layout.ts';

export interface Hanging {
  readonly layout: LayoutId;
  readonly active: number;
  /** Series in each pane, by pane number. */
  readonly shown: readonly (string | undefined)[];
  readonly setActive: (pane: number) => void;
  readonly show: (pane: number, seriesInstanceUid: string) => void;
  readonly setLayout: (layout: LayoutId) => void;
  readonly step: (step: 1 | -1) => void;
}

/** Fills empty panes with the next image series not shown yet. */
function fill(shown: readonly (string | undefined)[], count: number, series: readonly SeriesSummary[]): (string | undefined)[] {
  const used = new Set(shown.slice(0, count));
  const free = series.filter(({ modality, seriesInstanceUid }) => !isDocumentModality(modality) && !used.has(seriesInstanceUid));
  return Array.from({ length: count }, (_, index) => shown[index] ?? free.shift()?.seriesInstanceUid);
}

/** Which series hang where. */
export function useHanging(series: readonly SeriesSummary[] | undefined, initialSeriesUid: string | undefined): Hanging {
  const [layout, setLayoutId] = useState<LayoutId>('1x1');
  const [active, setActive] = useState(0);
  const [shown, setShown] = useState<readonly (string | undefined)[]>([initialSeriesUid]);

  useEffect(() => {
    if (series === undefined) return;
    setShown((current) => {
      if (current[0] !== undefined) return current;
      const first = series.find(({ modality }) => !isDocumentModality(modality)) ?? series[0];
      return [first?.seriesInstanceUid, ...current.slice(1)];
    });
  }, [series]);

  const show = useCallback((pane: number, seriesInstanceUid: string) => {
    setShown((current) => {
      const next = [...current];
      next[pane] = seriesInstanceUid;
      return next;
    });
    setActive(pane);
  }, []);

  const setLayout = (next: LayoutId): void => {
    const count = PANE_COUNT[next];
    setLayoutId(next);
    setShown((current) => fill(count === 1 ? [current[active]] : current, count, series ?? []));
    setActive((current) => (current < count ? current : 0));
  };

  const step = (by: 1 | -1): void => {
    const index = series?.findIndex(({ seriesInstanceUid }) => seriesInstanceUid === shown[active]) ?? -1;
    const next = series?.[index + by];
    if (next !== undefined) show(active, next.seriesInstanceUid);
  };

  return { layout, active, shown, setActive, show, setLayout, step };
}
