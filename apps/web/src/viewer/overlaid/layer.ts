import type { DoseGrid, ParametricMap, Rgb, Segmentation, Structures } from '@negatoscope/dicom';
import type { StudyRef } from '../model/dicomweb.ts';
import type { UnreadSeries } from '../model/unread-series.ts';

/** One of the things in a layer that is shown or hidden by itself. */
export interface LayerItem {
  readonly id: string;
  readonly number: number;
  readonly name: string | undefined;
  readonly color: Rgb;
  /** Contours of it that could not be had, and are not drawn. */
  readonly missing?: number;
}

interface LayerBase {
  readonly study: StudyRef;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly title: string | undefined;
  readonly items: readonly LayerItem[];
}

/** What an instance lays over images. */
export type Layer = LayerBase &
  (
    | { readonly kind: 'segmentation'; readonly segmentation: Segmentation }
    | { readonly kind: 'structures'; readonly structures: Structures }
    | { readonly kind: 'dose'; readonly dose: DoseGrid }
    | { readonly kind: 'map'; readonly map: ParametricMap }
  );

export interface LayersState {
  readonly layers: readonly Layer[];
  readonly failed: readonly UnreadSeries[];
  readonly isLoading: boolean;
  /** Of items. */
  readonly shown: ReadonlySet<string>;
  /** 0 to 1. */
  readonly opacity: number;
  readonly toggle: (id: string) => void;
  readonly setShown: (ids: readonly string[], isShown: boolean) => void;
  readonly setOpacity: (opacity: number) => void;
}
