import { Enums, type RenderingEngine, StackViewport, type Types } from '@cornerstonejs/core';
import { DicomwebError, type DicomwebErrorCode } from '../model/dicomweb.ts';
import { windowFunction } from '../model/library-dataset.ts';
import { rangeToWindow } from '../model/presets.ts';
import { isMonochrome1, type SeriesModel } from '../model/study-model.ts';
import { isFrameLoaded, registerSeries } from './frame-loader.ts';
import { PaneDisplay } from './pane-display.ts';
import { describeGeometry } from './pane-geometry.ts';
import type { PaneTimings } from './probe.ts';
import { SeriesLoader } from './series-loader.ts';
import { EMPTY_PANE, type PaneSnapshot } from './snapshot.ts';

const DEFAULT_FRAMES_PER_SECOND = 12;

const errorCodeOf = (error: unknown): DicomwebErrorCode => (error instanceof DicomwebError ? error.code : 'UNDECODABLE');

/** One viewport: which series and frame it shows and how. React reads it through `subscribe` and `getSnapshot`. */
export class Pane {
  readonly id: string;
  /** How the image is shown: window, zoom, turning. */
  readonly display: PaneDisplay;
  readonly #rendering: RenderingEngine;
  readonly #element: HTMLDivElement;
  readonly #timings: PaneTimings;
  readonly #listeners = new Set<() => void>();
  readonly #observer: ResizeObserver;
  #snapshot: PaneSnapshot = EMPTY_PANE;
  #series: SeriesModel | undefined;
  #loader: SeriesLoader | undefined;
  #status: PaneSnapshot['status'] = 'empty';
  #errorCode: DicomwebErrorCode | undefined;
  #index = 0;
  /** Whether the viewport holds the frames of the present series; it does from the first frame that could be loaded. */
  #isStackSet = false;
  #refreshHandle: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #framesPerSecond = DEFAULT_FRAMES_PER_SECOND;

  constructor(id: string, rendering: RenderingEngine, element: HTMLDivElement, timings: PaneTimings) {
    this.id = id;
    this.#rendering = rendering;
    this.#element = element;
    this.#timings = timings;
    this.display = new PaneDisplay(
      () => (this.#isStackSet ? this.#viewport() : undefined),
      () => this.#scheduleRefresh(),
    );
    rendering.enableElement({
      viewportId: id,
      type: Enums.ViewportType.STACK,
      element,
      defaultOptions: { background: [0, 0, 0] },
    });
    for (const event of [Enums.Events.VOI_MODIFIED, Enums.Events.CAMERA_MODIFIED, Enums.Events.STACK_NEW_IMAGE]) {
      element.addEventListener(event, this.#scheduleRefresh);
    }
    element.addEventListener(Enums.Events.IMAGE_RENDERED, this.#onRendered);
    this.#observer = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientHeight > 0) rendering.resize(true, true);
      this.#scheduleRefresh();
    });
    this.#observer.observe(element);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): PaneSnapshot => this.#snapshot;

  get series(): SeriesModel | undefined {
    return this.#series;
  }

  destroy(): void {
    this.clear();
    this.#observer.disconnect();
    if (this.#refreshHandle !== undefined) cancelAnimationFrame(this.#refreshHandle);
    for (const event of [Enums.Events.VOI_MODIFIED, Enums.Events.CAMERA_MODIFIED, Enums.Events.STACK_NEW_IMAGE]) {
      this.#element.removeEventListener(event, this.#scheduleRefresh);
    }
    this.#element.removeEventListener(Enums.Events.IMAGE_RENDERED, this.#onRendered);
    this.#listeners.clear();
  }

  /** Shows that a series is on its way before its metadata are here. */
  setLoading(): void {
    this.clear();
    this.#status = 'loading';
    this.#publish();
  }

  setFailed(error: unknown): void {
    this.clear();
    this.#status = 'failed';
    this.#errorCode = errorCodeOf(error);
    this.#publish();
  }

  setSeries(series: SeriesModel): void {
    this.clear();
    this.#series = series;
    this.#index = series.firstIndex;
    this.#framesPerSecond = Math.min(60, Math.max(1, Math.round(series.framesPerSecond ?? DEFAULT_FRAMES_PER_SECOND)));
    if (series.frames.length === 0) {
      this.#status = 'unsupported';
      this.#publish();
      return;
    }
    this.#status = 'loading';
    registerSeries(series);
    this.#loader = new SeriesLoader(series, series.firstIndex, {
      onFrame: (index) => this.#onFrame(index),
      onComplete: () => this.#timings.onComplete(this.id, series.seriesInstanceUid),
    });
    if (isFrameLoaded(series.frames[series.firstIndex]?.imageId ?? '')) this.#draw();
    this.#publish();
  }

  /** Takes the series away; what is on its way is aborted. */
  clear(): void {
    this.stop();
    this.#loader?.close();
    this.#loader = undefined;
    this.#series = undefined;
    this.#isStackSet = false;
    this.#status = 'empty';
    this.#errorCode = undefined;
    this.#index = 0;
  }

  /** Goes to a frame, clamped to the series. A frame that is not here yet appears when it is; the one before stays meanwhile. */
  goTo(index: number): void {
    const count = this.#series?.frames.length ?? 0;
    const target = Math.min(Math.max(0, Math.round(index)), count - 1);
    if (count === 0 || target === this.#index) return;
    this.#index = target;
    this.#loader?.setFocus(target);
    if (this.#loader?.stateOf(target) === 'loaded') this.#draw();
    this.#publish();
  }

  scrollBy(delta: number): void {
    this.goTo(this.#index + delta);
  }

  retry(): void {
    this.#loader?.retry(this.#index);
  }

  togglePlay(): void {
    if (this.#timer === undefined) this.#play();
    else this.stop();
    this.#publish();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  setFramesPerSecond(value: number): void {
    this.#framesPerSecond = Math.min(60, Math.max(1, Math.round(value)));
    if (this.#timer !== undefined) this.#play();
    this.#publish();
  }

  #viewport(): Types.IStackViewport | undefined {
    const viewport = this.#rendering.getViewport(this.id);
    return viewport instanceof StackViewport ? viewport : undefined;
  }

  #play(): void {
    this.stop();
    this.#timer = setInterval(() => {
      const count = this.#series?.frames.length ?? 0;
      const next = (this.#index + 1) % Math.max(1, count);
      const state = this.#loader?.stateOf(next);
      // Playing waits for a frame that is on its way and passes over one that failed.
      if (count > 1 && (state === 'loaded' || state === 'failed')) this.goTo(next);
    }, 1000 / this.#framesPerSecond);
  }

  #onFrame(index: number): void {
    if (index === this.#index && this.#loader?.stateOf(index) === 'loaded') this.#draw();
    this.#scheduleRefresh();
  }

  #draw(): void {
    const viewport = this.#viewport();
    const series = this.#series;
    if (viewport === undefined || series === undefined) return;
    const index = this.#index;
    this.#status = 'ready';
    const isFirst = !this.#isStackSet;
    this.#isStackSet = true;
    const shown = isFirst
      ? viewport.setStack(
          series.frames.map(({ imageId }) => imageId),
          index,
        )
      : viewport.setImageIdIndex(index);
    shown.then(
      () => {
        if (isFirst && this.#series === series) this.display.ensureWindow();
      },
      (error: unknown) => {
        if (this.#series === series) this.#errorCode = errorCodeOf(error);
        this.#scheduleRefresh();
      },
    );
  }

  readonly #onRendered = (): void => {
    const series = this.#series;
    if (series !== undefined && this.#isStackSet) this.#timings.onRendered(this.id, series.seriesInstanceUid);
    this.#scheduleRefresh();
  };

  readonly #scheduleRefresh = (): void => {
    this.#refreshHandle ??= requestAnimationFrame(() => {
      this.#refreshHandle = undefined;
      this.#publish();
    });
  };

  #publish(): void {
    this.#snapshot = this.#describe();
    this.#timings.onChange(this.id, this.#snapshot);
    for (const listener of this.#listeners) listener();
  }

  #describe(): PaneSnapshot {
    const series = this.#series;
    const frame = series?.frames[this.#index];
    const frameState = this.#loader?.stateOf(this.#index);
    const errorCode = frameState === 'failed' ? errorCodeOf(this.#loader?.errorOf(this.#index)) : this.#errorCode;
    const common = {
      ...EMPTY_PANE,
      series,
      status: this.#status,
      errorCode,
      index: this.#index,
      frame,
      frameState,
      frameCount: series?.frames.length ?? 0,
      loadedCount: this.#loader?.loadedCount ?? 0,
      states: this.#loader === undefined ? [] : [...this.#loader.states],
      calibration: frame?.calibration ?? EMPTY_PANE.calibration,
      isPlaying: this.#timer !== undefined,
      framesPerSecond: this.#framesPerSecond,
    };
    const viewport = this.#viewport();
    if (viewport === undefined || frame === undefined || !this.#isStackSet || viewport.getImageIds().length === 0) return common;
    const { voiRange, invert = false } = viewport.getProperties();
    const { flipHorizontal = false, flipVertical = false } = viewport.getCamera();
    return {
      ...common,
      ...describeGeometry(viewport, frame),
      // Null, against its type, for colour images.
      window: voiRange ? rangeToWindow(voiRange, windowFunction(frame.dataset) === 'LINEAR_EXACT') : undefined,
      // MONOCHROME1 is drawn inverted by nature; that is not what the reader asked for.
      isInverted: invert !== isMonochrome1(frame.dataset),
      isFlippedHorizontally: flipHorizontal,
      isFlippedVertically: flipVertical,
    };
  }
}
