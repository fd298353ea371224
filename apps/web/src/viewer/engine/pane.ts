import { Enums, type RenderingEngine, StackViewport, type Types } from '@cornerstonejs/core';
import { needsSeriesMapping, type Voi } from '@negatoscope/dicom';
import type { DicomwebErrorCode } from '../model/dicomweb.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { Cine } from './cine.ts';
import { type PlannedFrame, planOf } from './frame-plans.ts';
import { frameStore } from './frame-store.ts';
import { offerPicture, registerFrames } from './library.ts';
import { PaneDisplay } from './pane-display.ts';
import { type Drawn, describeDrawn, hasImage } from './pane-geometry.ts';
import { describeLoading, errorCodeOf, latestOf } from './pane-loading.ts';
import { type LoadMapping, PaneMapping } from './pane-mapping.ts';
import { present, voiOf } from './presentation.ts';
import type { PaneTimings } from './probe.ts';
import { resizePanes } from './resize-panes.ts';
import { SeriesLoader } from './series-loader.ts';
import { EMPTY_PANE, type PaneSnapshot } from './snapshot.ts';

const REFRESHING = [Enums.Events.CAMERA_MODIFIED, Enums.Events.STACK_NEW_IMAGE];

/** One viewport: which series and frame it shows and how. React reads it through `subscribe` and `getSnapshot`. */
export class Pane {
  readonly id: string;
  /** How the image is shown: window, zoom, turning. */
  readonly display: PaneDisplay;
  readonly cine: Cine;
  readonly #rendering: RenderingEngine;
  readonly #element: HTMLDivElement;
  readonly #timings: PaneTimings;
  readonly #listeners = new Set<() => void>();
  readonly #observer: ResizeObserver;
  #snapshot: PaneSnapshot = EMPTY_PANE;
  #series: SeriesModel | undefined;
  #mapping = new PaneMapping();
  #loader: SeriesLoader | undefined;
  #status: PaneSnapshot['status'] = 'empty';
  #errorCode: DicomwebErrorCode | undefined;
  #asked = 0;
  /** Undefined until a frame of the present series is in the viewport. */
  #drawn: Drawn | undefined;
  #isStackSet = false;
  #refreshHandle: number | undefined;
  #repaintHandle: number | undefined;

  constructor(id: string, rendering: RenderingEngine, element: HTMLDivElement, timings: PaneTimings) {
    this.id = id;
    this.#rendering = rendering;
    this.#element = element;
    this.#timings = timings;
    this.display = new PaneDisplay({
      viewport: () => (this.#drawn === undefined ? undefined : this.#viewport()),
      shown: () => this.#drawn,
      repaint: () => this.#scheduleRepaint(),
      onChange: () => this.#scheduleRefresh(),
    });
    this.cine = new Cine({
      count: () => this.#series?.frames.length ?? 0,
      index: () => this.#asked,
      isReady: (index) => this.#loader?.isSettled(index) === true,
      goTo: (index) => this.goTo(index),
      onChange: () => this.#publish(),
    });
    rendering.enableElement({
      viewportId: id,
      type: Enums.ViewportType.STACK,
      element,
      defaultOptions: { background: [0, 0, 0] },
    });
    for (const event of REFRESHING) element.addEventListener(event, this.#scheduleRefresh);
    element.addEventListener(Enums.Events.IMAGE_RENDERED, this.#onRendered);
    this.#observer = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientHeight > 0) resizePanes(rendering);
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

  /** The frame that is drawn and how, for probing. */
  get drawn(): Drawn | undefined {
    return this.#drawn;
  }

  destroy(): void {
    this.clear();
    this.#observer.disconnect();
    for (const handle of [this.#refreshHandle, this.#repaintHandle]) if (handle !== undefined) cancelAnimationFrame(handle);
    for (const event of REFRESHING) this.#element.removeEventListener(event, this.#scheduleRefresh);
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

  /**
   * The mapping of the series is asked for once, when a frame needs it, and kept for as long as the series is shown here, whatever arrives
   * meanwhile: no tissue changes its grey under the reader's eyes.
   */
  setSeries(series: SeriesModel, loadMapping: LoadMapping): void {
    this.clear();
    this.#series = series;
    this.#mapping = new PaneMapping(loadMapping);
    this.#asked = series.firstIndex;
    this.cine.start(series);
    if (series.frames.length === 0) {
      this.#status = 'unsupported';
      this.#publish();
      return;
    }
    this.#status = 'loading';
    registerFrames(series.frames);
    this.#loader = new SeriesLoader(series, series.firstIndex, {
      onFrame: (index) => this.#onFrame(index),
      onComplete: () => this.#timings.onComplete(this.id, series.seriesInstanceUid),
    });
    this.#onFrame(series.firstIndex);
    this.#publish();
  }

  /** Takes the series away, and says so; what is on its way is aborted. */
  clear(): void {
    this.cine.stop();
    this.#loader?.close();
    this.#loader = undefined;
    this.#series = undefined;
    this.#mapping = new PaneMapping();
    this.#drawn = undefined;
    this.#isStackSet = false;
    this.#status = 'empty';
    this.#errorCode = undefined;
    this.#asked = 0;
    this.display.forget();
    this.#publish();
  }

  /**
   * Asks for a frame, or a document of a series that has no frames, clamped to the series. A frame that is not here yet is drawn when it comes; the one
   * before stays, under its own label.
   */
  goTo(index: number): void {
    const { frames = [], documents = [] } = this.#series ?? {};
    const count = frames.length || documents.length;
    const target = Math.min(Math.max(0, Math.round(index)), count - 1);
    if (count === 0 || target === this.#asked) return;
    this.#asked = target;
    this.#loader?.setFocus(target);
    this.#onFrame(target);
    this.#publish();
  }

  scrollBy(delta: number): void {
    this.goTo(this.#asked + delta);
  }

  retry(): void {
    this.#loader?.retry(this.#asked);
  }

  #viewport(): Types.IStackViewport | undefined {
    const viewport = this.#rendering.getViewport(this.id);
    return viewport instanceof StackViewport ? viewport : undefined;
  }

  #onFrame(index: number): void {
    if (index === this.#asked && this.#loader?.isDrawable(index) === true) this.#draw(index);
    this.#scheduleRefresh();
  }

  #draw(index: number): void {
    const viewport = this.#viewport();
    const series = this.#series;
    const model = series?.frames[index];
    if (viewport === undefined || series === undefined || model === undefined) return;
    if (this.#drawn?.index === index) {
      if (latestOf(this.#drawn) !== this.#drawn) this.#scheduleRepaint();
      return;
    }
    const [frame, planned] = [frameStore.get(model.imageId), planOf(model.imageId)];
    if (frame === undefined || planned === undefined) return;
    const isWhole = frameStore.isWhole(model.imageId);
    if (needsSeriesMapping(planned.plan) && this.#mapping.range === undefined) {
      void this.#drawWithMapping(series, index);
      return;
    }
    try {
      const isFirst = !this.#isStackSet;
      this.#paint(viewport, { index, model, frame, planned, isWhole });
      this.#isStackSet = true;
      const shown = isFirst
        ? viewport.setStack(
            series.frames.map(({ imageId }) => imageId),
            index,
          )
        : viewport.setImageIdIndex(index);
      shown.catch((error: unknown) => this.#loader?.fail(index, error));
    } catch (error) {
      this.#loader?.fail(index, error);
    }
  }

  async #drawWithMapping(series: SeriesModel, index: number): Promise<void> {
    try {
      await this.#mapping.load();
      if (this.#series === series) this.#onFrame(this.#asked);
    } catch (error) {
      if (this.#series === series) this.#loader?.fail(index, error);
    }
  }

  /** Makes the picture of a frame and puts it where the library looks for it. Fails with PixelError. */
  #paint(viewport: Types.IStackViewport, drawn: Omit<Drawn, 'voi' | 'picture'>): Types.IImage {
    const { model, frame, planned } = drawn;
    const { presentation } = this.display;
    const picture = present(frame, planned, presentation, this.#mapping.range);
    this.#status = 'ready';
    this.#drawn = { ...drawn, voi: this.#voiOf(planned), picture };
    return offerPicture(viewport, model, picture);
  }

  #voiOf(planned: PlannedFrame): Voi | undefined {
    return voiOf(planned, this.display.presentation, this.#mapping.range);
  }

  #scheduleRepaint(): void {
    const drawn = this.#drawn;
    // What is said of the window is true at once; the picture follows with the next frame of the screen.
    if (drawn !== undefined) this.#drawn = { ...drawn, voi: this.#voiOf(drawn.planned) };
    this.#repaintHandle ??= requestAnimationFrame(() => {
      this.#repaintHandle = undefined;
      const viewport = this.#viewport();
      if (this.#drawn === undefined || viewport === undefined) return;
      viewport.renderImageObject(this.#paint(viewport, latestOf(this.#drawn)));
      viewport.render();
    });
  }

  readonly #onRendered = (): void => {
    const [series, drawn] = [this.#series, this.#drawn];
    if (series !== undefined && drawn !== undefined) {
      this.#timings.onRendered(this.id, series.seriesInstanceUid, drawn);
    }
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
    const loading = this.#loader === undefined ? {} : describeLoading(this.#loader, this.#asked);
    const common: PaneSnapshot = {
      ...EMPTY_PANE,
      series: this.#series,
      status: this.#status,
      errorCode: this.#errorCode,
      askedIndex: this.#asked,
      frameCount: this.#series?.frames.length ?? 0,
      ...loading,
      isPlaying: this.cine.isPlaying,
      framesPerSecond: this.cine.framesPerSecond,
    };
    const viewport = this.#viewport();
    // A tile covers what is drawn under a frame that failed.
    if (this.#drawn === undefined || viewport === undefined || common.frameState === 'failed') return common;
    if (!hasImage(viewport)) return common;
    return { ...common, ...describeDrawn(viewport, this.#drawn, this.display.presentation.isInverted) };
  }
}
