import type { DecodedFrame, RenderedFrame } from '@negatoscope/dicom';
import type { Vector3 } from '../../model/geometry.ts';
import type { SeriesModel } from '../../model/study-model.ts';
import type { Slab } from '../../model/volume.ts';
import type { Phase } from '../../model/volume-phases.ts';
import {
  middleOf,
  normalOf,
  PATIENT_VIEWS,
  stepAlong,
  toPatient,
  turnOthers,
  VIEWS,
  type ViewId,
  type Views,
  withinVolume,
} from '../../model/volume-views.ts';
import type { DrawingStore } from '../measurements.ts';
import { PaneDisplay } from '../pane-display.ts';
import { type LoadMapping, PaneMapping } from '../pane-mapping.ts';
import { type Presentation, present, voiOf } from '../presentation.ts';
import { type Described, describeView } from './mpr-describe.ts';
import { MprDrawing } from './mpr-drawing.ts';
import { MprOpening, type ReadyVolume } from './mpr-opening.ts';
import { EMPTY_MPR, type MprSnapshot, type MprViewSnapshot, type ScreenPoint } from './mpr-snapshot.ts';
import { MprValues } from './mpr-values.ts';
import { MprView } from './mpr-view.ts';

export interface MprPorts {
  readonly loadMapping: LoadMapping;
  readonly store: DrawingStore | undefined;
  /** How the pane showed the series that was left for its planes. */
  readonly presentation?: Presentation | undefined;
}

/** Planes through the volume of one series. React reads it through `subscribe` and `getSnapshot`. Must be closed, which gives its memory back. */
export class MprSession {
  /** How the planes are shown: window, inversion. */
  readonly display: PaneDisplay;
  readonly drawing: MprDrawing;
  readonly #series: SeriesModel;
  readonly #mapping: PaneMapping;
  readonly #opening: MprOpening;
  readonly #listeners = new Set<() => void>();
  readonly #views: Readonly<Record<ViewId, MprView>>;
  readonly #values: MprValues;
  #snapshot: MprSnapshot = EMPTY_MPR;
  #ready: ReadyVolume | undefined;
  #axes: Views = PATIENT_VIEWS;
  #point: Vector3 | undefined;
  #handle: number | undefined;
  #repaint = false;

  constructor(series: SeriesModel, ports: MprPorts) {
    this.#series = series;
    this.#mapping = new PaneMapping(ports.loadMapping);
    this.#views = { axial: this.#makeView('axial'), coronal: this.#makeView('coronal'), sagittal: this.#makeView('sagittal') };
    this.display = new PaneDisplay(
      {
        viewport: () => undefined,
        shown: () => this.#shown(),
        repaint: () => this.#schedule(true),
        onChange: () => this.#schedule(),
      },
      ports.presentation,
    );
    this.#values = new MprValues(
      (name, plane) => this.#ready?.volume.sample(name, plane) ?? Promise.resolve(undefined),
      () => this.#schedule(),
    );
    this.drawing = new MprDrawing({
      measures: () => this.#ready?.measures,
      shownOn: (view) => this.#snapshot.views[view]?.measures ?? [],
      patientAt: (view, at) => this.patientAt(view, at),
      onChange: () => this.#schedule(),
    });
    this.#opening = new MprOpening({
      series,
      mapping: this.#mapping,
      store: ports.store,
      getSnapshot: this.getSnapshot,
      set: (snapshot) => this.#set(snapshot),
      onReady: (ready) => this.#begin(ready),
      onMeasures: () => this.#schedule(),
    });
    this.#opening.open(series.frames, undefined);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): MprSnapshot => this.#snapshot;

  close(): void {
    if (this.#handle !== undefined) cancelAnimationFrame(this.#handle);
    this.#forget();
    this.#opening.close();
    this.#listeners.clear();
  }

  /** Opens one of the phases that lie in one another, or what is open once more. */
  open(phase: Phase | undefined = this.#snapshot.phase): void {
    this.#forget();
    this.#opening.open(phase?.frames ?? this.#series.frames, phase);
  }

  attach(view: ViewId, canvas: HTMLCanvasElement): () => void {
    return this.#views[view].attach(canvas);
  }

  setActive(active: ViewId): void {
    if (active !== this.#snapshot.active) this.#update({ active });
  }

  setSlab(slab: Slab): void {
    this.#update({ slab });
    this.#moved();
  }

  /** Moves the crosshair to a place on the screen of a view. */
  pointAt(view: ViewId, at: ScreenPoint): void {
    const place = this.patientAt(view, at);
    if (place !== undefined && this.#ready !== undefined) this.#goTo(withinVolume(this.#ready.grid, place));
  }

  /** Moves the crosshair by voxels along the screen of a view. */
  moveBy(view: ViewId, right: number, down: number): void {
    const [ready, point] = [this.#ready, this.#point];
    if (ready === undefined || point === undefined) return;
    const axes = this.#axes[view];
    const there = right === 0 ? point : stepAlong(ready.grid, point, axes.right, right);
    this.#goTo(down === 0 ? there : stepAlong(ready.grid, there, axes.down, down));
  }

  /** Goes on through the slices of a view: forwards is from head to feet, from front to back, from right to left. */
  scrollBy(view: ViewId, steps: number): void {
    const [ready, point] = [this.#ready, this.#point];
    if (ready === undefined || point === undefined || steps === 0) return;
    const normal = normalOf(this.#axes[view]);
    this.#goTo(stepAlong(ready.grid, point, normal, view === 'coronal' ? steps : -steps));
  }

  /** Turns the planes of the other views about the point, clockwise on the screen of this one. */
  turn(view: ViewId, degrees: number): void {
    this.#axes = turnOthers(this.#axes, view, degrees);
    this.#moved();
  }

  zoomBy(view: ViewId, factor: number, at?: ScreenPoint): void {
    this.#views[view].zoomBy(factor, at);
    this.#schedule();
  }

  panBy(view: ViewId, dx: number, dy: number): void {
    this.#views[view].panBy(dx, dy);
    this.#schedule();
  }

  /** Planes of the patient through the middle, all of the volume, without a slab; the window as it was opened. */
  reset(): void {
    if (this.#ready === undefined) return;
    this.#axes = PATIENT_VIEWS;
    this.#point = middleOf(this.#ready.grid);
    this.#update({ slab: EMPTY_MPR.slab });
    for (const view of VIEWS) this.#views[view].fit();
    this.display.reset();
    this.#moved();
  }

  /** The place in the patient under a place on the screen of a view. */
  patientAt(view: ViewId, at: ScreenPoint): Vector3 | undefined {
    const { framing, size } = this.#views[view];
    return framing && toPatient(this.#axes[view], framing, size, at);
  }

  /** Tells the value under the pointer, of the slab as it is shown; without a place nothing is told. */
  async hover(view: ViewId, at: ScreenPoint | undefined): Promise<void> {
    const point = at && this.patientAt(view, at);
    const value = point === undefined ? undefined : await this.#values.at('hover', point, this.#axes[view], this.#snapshot.slab);
    if (point === undefined) this.#update({ hover: undefined });
    else if (value !== undefined) this.#update({ hover: { point, value } });
  }

  /** Where the crosshair is in the patient. */
  get crosshair(): Vector3 | undefined {
    return this.#point;
  }

  #makeView(id: ViewId): MprView {
    return new MprView({
      grid: () => this.#ready?.grid,
      axes: () => this.#axes[id],
      point: () => this.#point,
      slab: () => this.#snapshot.slab,
      sample: (plane) => this.#ready?.volume.sample(id, plane) ?? Promise.resolve(undefined),
      present: (frame) => this.#present(frame),
      onChange: () => this.#schedule(),
    });
  }

  #begin(ready: ReadyVolume): void {
    this.#ready = ready;
    this.#axes = PATIENT_VIEWS;
    this.#point = middleOf(ready.grid);
    this.#moved();
  }

  #forget(): void {
    this.#ready = undefined;
    this.#point = undefined;
    this.#values.forget();
    for (const view of VIEWS) this.#views[view].forget();
  }

  #goTo(point: Vector3): void {
    this.#point = point;
    this.#moved();
  }

  /** Every plane may be another now. */
  #moved(): void {
    for (const view of VIEWS) this.#views[view].refresh();
    void this.#tellPoint();
    this.#schedule();
  }

  async #tellPoint(): Promise<void> {
    const point = this.#point;
    const value = point && (await this.#values.at('point', point));
    if (point !== undefined && value !== undefined && point === this.#point) this.#update({ point: { point, value } });
  }

  #present(frame: DecodedFrame): RenderedFrame | undefined {
    const planned = this.#ready?.planned;
    return planned && present(frame, planned, this.display.presentation, this.#mapping.range);
  }

  #shown() {
    const [ready, frame] = [this.#ready, this.#views[this.#snapshot.active].frame ?? this.#views.axial.frame];
    const model = ready?.frames[0];
    if (ready === undefined || frame === undefined || model === undefined) return undefined;
    return { model, frame, planned: ready.planned, voi: voiOf(ready.planned, this.display.presentation, this.#mapping.range) };
  }

  #schedule(isRepaint = false): void {
    this.#repaint ||= isRepaint;
    this.#handle ??= requestAnimationFrame(() => {
      this.#handle = undefined;
      if (this.#repaint) for (const view of VIEWS) this.#views[view].paint();
      this.#repaint = false;
      this.#describe();
    });
  }

  #describe(): void {
    const described = this.#described();
    if (described === undefined) return;
    const views: Partial<Record<ViewId, MprViewSnapshot>> = {};
    for (const id of VIEWS) {
      const view = describeView(id, this.#views[id], described);
      if (view !== undefined) views[id] = view;
    }
    this.#update({ views, measureCount: described.measures.length });
  }

  #described(): Described | undefined {
    const [ready, point, frame] = [this.#ready, this.#point, this.#ready?.frames[0]];
    if (ready === undefined || point === undefined || frame === undefined) return undefined;
    return {
      series: this.#series,
      frame,
      planned: ready.planned,
      voi: voiOf(ready.planned, this.display.presentation, this.#mapping.range),
      isInverted: this.display.presentation.isInverted,
      views: this.#axes,
      point,
      slab: this.#snapshot.slab,
      measures: this.drawing.items,
      selected: this.drawing.selected,
      textOf: (measure) => this.#values.textOf(measure),
    };
  }

  #update(change: Partial<MprSnapshot>): void {
    this.#set({ ...this.#snapshot, ...change });
  }

  #set(snapshot: MprSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}
