import type { RenderedFrame } from '@negatoscope/dicom';
import type { SeriesModel } from '../model/study-model.ts';
import { drawingCounts } from './drawing/counts.ts';
import { type FrameStore, frameStore } from './frame-store.ts';
import type { Drawn } from './pane-geometry.ts';
import type { PaneSnapshot } from './snapshot.ts';

/** Figures of the active viewport for benches and end-to-end tests; milliseconds since the viewer was opened. */
export interface ViewerProbe {
  firstImageMs: number | undefined;
  completeMs: number | undefined;
  /** The frame that is drawn, from 0; -1 where none is. */
  currentIndex: number;
  /** The frame that was asked for, from 0. */
  askedIndex: number;
  /** The frame that the library painted last, from 0; -1 before the first. */
  renderedIndex: number;
  framesLoaded: number;
  frameCount: number;
  /** Whether what was painted last is the frame without loss, and not a preview of it. */
  isWhole: boolean;
  /** Frames of which there is a picture. */
  picturesReady: number;
  /** The picture that was given to the library, before it is zoomed: 8 bits, 1 or 3 channels. */
  picture: RenderedFrame | undefined;
  /** Addresses of the frames, in display order. */
  imageIds: readonly string[];
  /** Work that drawings have made in this page. */
  readonly drawings: Readonly<typeof drawingCounts>;
  /** Decoded frames that are kept. */
  readonly kept: FrameStore['size'];
  goTo: (index: number) => void;
}

declare global {
  interface Window {
    __negatoscopeViewer?: ViewerProbe;
  }
}

export interface PaneTimings {
  readonly onRendered: (paneId: string, seriesInstanceUid: string, drawn: Pick<Drawn, 'index' | 'picture' | 'isWhole'>) => void;
  readonly onComplete: (paneId: string, seriesInstanceUid: string) => void;
  readonly onChange: (paneId: string, snapshot: PaneSnapshot) => void;
}

/** Marks the first picture (unless one stood before the panes did), the first in a pane, the first frame without loss, a picture of each frame and the complete series, once for each series, and keeps `window.__negatoscopeViewer` up to date. */
export class Timings implements PaneTimings {
  readonly #openedAt: number;
  /** Marks that were set, by name and series. */
  readonly #marked = new Set<string>();
  readonly #probe: ViewerProbe = {
    firstImageMs: undefined,
    completeMs: undefined,
    currentIndex: -1,
    askedIndex: 0,
    renderedIndex: -1,
    framesLoaded: 0,
    picturesReady: 0,
    isWhole: false,
    frameCount: 0,
    picture: undefined,
    imageIds: [],
    drawings: drawingCounts,
    get kept() {
      return frameStore.size;
    },
    goTo: (index) => this.goTo?.(index),
  };
  #series: SeriesModel | undefined;
  activePaneId: string | undefined;
  goTo: ((index: number) => void) | undefined;

  constructor(openedAt: number) {
    this.#openedAt = openedAt;
    window.__negatoscopeViewer = this.#probe;
  }

  readonly onRendered: PaneTimings['onRendered'] = (paneId, seriesInstanceUid, { index, picture, isWhole }) => {
    if (paneId === (this.activePaneId ?? paneId)) Object.assign(this.#probe, { renderedIndex: index, picture, isWhole });
    if (isWhole) this.#mark('first-whole', seriesInstanceUid);
    this.#mark('first-usable', seriesInstanceUid);
    if (this.#mark('first-image', seriesInstanceUid)) this.#probe.firstImageMs ??= performance.now() - this.#openedAt;
  };

  readonly onComplete = (_paneId: string, seriesInstanceUid: string): void => {
    if (this.#mark('series-complete', seriesInstanceUid)) this.#probe.completeMs ??= performance.now() - this.#openedAt;
  };

  readonly onChange = (paneId: string, snapshot: PaneSnapshot): void => {
    const { series, shownIndex, askedIndex, loadedCount, pictureCount, frameCount } = snapshot;
    if (series !== undefined && frameCount > 0 && pictureCount === frameCount)
      this.#mark('series-pictures', series.seriesInstanceUid);
    if (this.activePaneId !== undefined && paneId !== this.activePaneId) return;
    this.#probe.currentIndex = shownIndex ?? -1;
    this.#probe.askedIndex = askedIndex;
    if (series !== this.#series)
      Object.assign(this.#probe, {
        imageIds: series?.frames.map(({ imageId }) => imageId) ?? [],
        renderedIndex: shownIndex ?? -1,
      });
    this.#series = series;
    this.#probe.framesLoaded = loadedCount;
    this.#probe.picturesReady = pictureCount;
    this.#probe.frameCount = frameCount;
  };

  /** Once for each series; false when it was set before. */
  #mark(name: string, seriesInstanceUid: string): boolean {
    const key = `${name} ${seriesInstanceUid}`;
    if (this.#marked.has(key)) return false;
    this.#marked.add(key);
    performance.mark(`negatoscope:${name}`, { detail: { seriesInstanceUid } });
    return true;
  }

  close(): void {
    if (window.__negatoscopeViewer === this.#probe) delete window.__negatoscopeViewer;
  }
}
