import { type RenderingEngine, StackViewport, type Types } from '@cornerstonejs/core';
import { needsSeriesMapping, type PresentationState, type Voi } from '@negatoscope/dicom';
import type { DicomwebErrorCode } from '../model/dicomweb.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { Cine } from './cine.ts';
import { type PlannedFrame, planOf } from './frame-plans.ts';
import { frameStore } from './frame-store.ts';
import { offerPicture, registerFrames, showFrame } from './library.ts';
import { NextFrame } from './next-frame.ts';
import { openStack } from './open-stack.ts';
import { PaneDisplay } from './pane-display.ts';
import { type Drawn, describeDrawn, hasImage } from './pane-geometry.ts';
import { describeWithout, errorCodeOf, latestOf } from './pane-loading.ts';
import { type LoadMapping, PaneMapping } from './pane-mapping.ts';
import { PaneState } from './pane-state.ts';
import { present, voiOf } from './presentation.ts';
import type { PaneTimings } from './probe.ts';
import { SeriesLoader } from './series-loader.ts';
import type { PaneSnapshot } from './snapshot.ts';
import { Told } from './told.ts';

/** One viewport: which series and frame it shows and how. React reads it through `subscribe` and `getSnapshot`. */
export class Pane {
  readonly id: string;
  /** How the image is shown: window, zoom, turning. */
  readonly display: PaneDisplay;
  readonly cine: Cine;
  readonly #state = new PaneState(() => this.#stateChanged());
  readonly #rendering: RenderingEngine;
  readonly #timings: PaneTimings;
  readonly #told: Told;
  readonly #unwatch: () => void;
  #series: SeriesModel | undefined;
  #mapping = new PaneMapping();
  #loader: SeriesLoader | undefined;
  #status: PaneSnapshot['status'] = 'empty';
  #errorCode: DicomwebErrorCode | undefined;
  #asked = 0;
  /** Undefined until a frame of the present series is in the viewport. */
  #drawn: Drawn | undefined;
  #isStackSet = false;
  readonly #repaint = new NextFrame(() => this.#repaintNow());

  constructor(id: string, rendering: RenderingEngine, element: HTMLDivElement, timings: PaneTimings) {
    this.id = id;
    this.#rendering = rendering;
    this.#timings = timings;
    this.#told = new Told(
      () => this.#describe(),
      (snapshot) => timings.onChange(id, snapshot),
    );
    this.display = new PaneDisplay({
      viewport: () => (this.#drawn === undefined ? undefined : this.#viewport()),
      shown: () => this.#drawn,
      repaint: () => this.#scheduleRepaint(),
      onChange: () => this.#told.schedule(),
      onReset: () => this.#state.replace(),
    });
    this.cine = new Cine({
      count: () => this.#series?.frames.length ?? 0,
      index: () => this.#asked,
      isReady: (index) => this.#loader?.isSettled(index) === true,
      goTo: (index) => this.goTo(index),
      onChange: () => this.#told.publish(),
    });
    this.#unwatch = openStack(rendering, id, element, { onChange: this.#told.schedule, onRendered: this.#onRendered });
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#told.subscribe(listener);

  readonly getSnapshot = (): PaneSnapshot => this.#told.getSnapshot();

  get series(): SeriesModel | undefined {
    return this.#series;
  }

  /** The frame that is drawn and how, for probing. */
  get drawn(): Drawn | undefined {
    return this.#drawn;
  }

  destroy(): void {
    this.clear();
    this.#unwatch();
    this.#repaint.cancel();
    this.#told.close();
  }

  /** Shows that a series is on its way before its metadata are here. */
  setLoading(): void {
    this.clear();
    this.#status = 'loading';
    this.#told.publish();
  }

  setFailed(error: unknown): void {
    this.clear();
    this.#status = 'failed';
    this.#errorCode = errorCodeOf(error);
    this.#told.publish();
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
      this.#told.publish();
      return;
    }
    this.#status = 'loading';
    registerFrames(series.frames);
    this.#loader = new SeriesLoader(series, series.firstIndex, {
      onFrame: (index) => this.#onFrame(index),
      onComplete: () => this.#timings.onComplete(this.id, series.seriesInstanceUid),
    });
    this.#onFrame(series.firstIndex);
    this.#told.publish();
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
    this.#state.forget();
    this.#told.publish();
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
    this.#told.publish();
  }

  scrollBy(delta: number): void {
    this.goTo(this.#asked + delta);
  }

  /** Shows what a presentation state makes of the frames that it is for; undefined is the picture as it was. */
  showState(state: PresentationState | undefined): void {
    if (this.#series !== undefined) this.#state.choose(state);
  }

  get state(): PresentationState | undefined {
    return this.#state.chosen;
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
    this.#told.schedule();
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
      void this.#drawAfter(series, index, this.#mapping.load());
      return;
    }
    const coming = this.#state.prepare(model);
    if (coming !== undefined) {
      void this.#drawAfter(series, index, coming);
      return;
    }
    try {
      const isFirst = !this.#isStackSet;
      this.#paint(viewport, { index, model, frame, planned, isWhole });
      this.#isStackSet = true;
      showFrame(viewport, { frames: series.frames, index, isFirst }).then(
        () => this.#settle(),
        (error: unknown) => this.#loader?.fail(index, error),
      );
    } catch (error) {
      this.#loader?.fail(index, error);
    }
  }

  /** What chose or gave up a state reads it for the frame that is drawn, which is then painted anew. */
  #stateChanged(): void {
    const coming = this.#drawn && this.#state.prepare(this.#drawn.model);
    if (coming === undefined) this.#scheduleRepaint();
    else void coming.then(() => this.#scheduleRepaint());
  }

  #settle(): void {
    const viewport = this.#viewport();
    if (viewport !== undefined && this.#drawn !== undefined) this.#state.settle(viewport, this.#drawn.model);
  }

  async #drawAfter(series: SeriesModel, index: number, coming: Promise<void>): Promise<void> {
    try {
      await coming;
      if (this.#series === series) this.#onFrame(this.#asked);
    } catch (error) {
      if (this.#series === series) this.#loader?.fail(index, error);
    }
  }

  /** Makes the picture of a frame and puts it where the library looks for it. Fails with PixelError. */
  #paint(viewport: Types.IStackViewport, drawn: Omit<Drawn, 'voi' | 'picture'>): Types.IImage {
    const { model, frame } = drawn;
    const { presentation } = this.display;
    const planned = this.#state.on(model, drawn.planned);
    const picture = present(frame, planned, presentation, this.#mapping.range);
    this.#status = 'ready';
    this.#drawn = { ...drawn, planned, voi: this.#voiOf(planned), picture };
    return offerPicture(viewport, model, picture);
  }

  #voiOf(planned: PlannedFrame): Voi | undefined {
    return voiOf(planned, this.display.presentation, this.#mapping.range);
  }

  #scheduleRepaint(): void {
    const drawn = this.#drawn;
    // What is said of the window is true at once; the picture follows with the next frame of the screen.
    if (drawn !== undefined) this.#drawn = { ...drawn, voi: this.#voiOf(drawn.planned) };
    this.#repaint.schedule();
  }

  #repaintNow(): void {
    const viewport = this.#viewport();
    if (this.#drawn === undefined || viewport === undefined) return;
    viewport.renderImageObject(this.#paint(viewport, latestOf(this.#drawn)));
    viewport.render();
    this.#settle();
  }

  readonly #onRendered = (): void => {
    const [series, drawn] = [this.#series, this.#drawn];
    if (series !== undefined && drawn !== undefined) {
      this.#timings.onRendered(this.id, series.seriesInstanceUid, drawn);
    }
    this.#told.schedule();
  };

  #describe(): PaneSnapshot {
    const common = describeWithout({
      ...{ series: this.#series, status: this.#status, errorCode: this.#errorCode, asked: this.#asked },
      ...{
        loader: this.#loader,
        cine: this.cine,
        presentation: this.display.presentation,
        state: this.#state,
        drawn: this.#drawn,
      },
    });
    const viewport = this.#viewport();
    // A tile covers what is drawn under a frame that failed.
    if (this.#drawn === undefined || viewport === undefined || common.frameState === 'failed') return common;
    if (!hasImage(viewport)) return common;
    return { ...common, ...describeDrawn(viewport, this.#drawn, this.display.presentation.isInverted) };
  }
}
