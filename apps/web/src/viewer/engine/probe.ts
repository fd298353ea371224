import type { PaneSnapshot } from './snapshot.ts';

/** Figures of the active viewport for benches and end-to-end tests; milliseconds since the viewer was opened. */
export interface ViewerProbe {
  firstImageMs: number | undefined;
  completeMs: number | undefined;
  currentIndex: number;
  framesLoaded: number;
  frameCount: number;
}

declare global {
  interface Window {
    __negatoscopeViewer?: ViewerProbe;
  }
}

export interface PaneTimings {
  readonly onRendered: (paneId: string, seriesInstanceUid: string) => void;
  readonly onComplete: (paneId: string, seriesInstanceUid: string) => void;
  readonly onChange: (paneId: string, snapshot: PaneSnapshot) => void;
}

/** Marks the first drawn image and the complete series once for each series, and keeps `window.__negatoscopeViewer` up to date. */
export class Timings implements PaneTimings {
  readonly #openedAt: number;
  readonly #rendered = new Set<string>();
  readonly #completed = new Set<string>();
  readonly #probe: ViewerProbe = {
    firstImageMs: undefined,
    completeMs: undefined,
    currentIndex: 0,
    framesLoaded: 0,
    frameCount: 0,
  };
  activePaneId: string | undefined;

  constructor(openedAt: number) {
    this.#openedAt = openedAt;
    window.__negatoscopeViewer = this.#probe;
  }

  readonly onRendered = (_paneId: string, seriesInstanceUid: string): void => {
    if (this.#rendered.has(seriesInstanceUid)) return;
    this.#rendered.add(seriesInstanceUid);
    performance.mark('negatoscope:first-image', { detail: { seriesInstanceUid } });
    this.#probe.firstImageMs ??= performance.now() - this.#openedAt;
  };

  readonly onComplete = (_paneId: string, seriesInstanceUid: string): void => {
    if (this.#completed.has(seriesInstanceUid)) return;
    this.#completed.add(seriesInstanceUid);
    performance.mark('negatoscope:series-complete', { detail: { seriesInstanceUid } });
    this.#probe.completeMs ??= performance.now() - this.#openedAt;
  };

  readonly onChange = (paneId: string, { index, loadedCount, frameCount }: PaneSnapshot): void => {
    if (this.activePaneId !== undefined && paneId !== this.activePaneId) return;
    this.#probe.currentIndex = index;
    this.#probe.framesLoaded = loadedCount;
    this.#probe.frameCount = frameCount;
  };

  close(): void {
    if (window.__negatoscopeViewer === this.#probe) delete window.__negatoscopeViewer;
  }
}
