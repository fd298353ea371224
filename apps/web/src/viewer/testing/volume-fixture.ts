import type { DrawingStore } from '../engine/measurements.ts';
import { EMPTY_PANE } from '../engine/snapshot.ts';
import {
  EMPTY_MPR,
  type MprSnapshot,
  type MprViewSnapshot,
  type ScreenPoint,
  type ShownMeasure,
} from '../engine/volume/mpr-snapshot.ts';
import type { Vector3 } from '../model/geometry.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { VIEWS, type ViewId } from '../model/volume-views.ts';
import { noteOf } from './note-fixture.ts';

/** In place of the planes' own part of the engine, which samples volumes in a worker: what the room around the planes knows of it. */
export { attachMprPointer, turnedBy } from '../engine/volume/mpr-pointer.ts';
export { EMPTY_MPR, MPR_TOOLS } from '../engine/volume/mpr-snapshot.ts';

const PLANE: MprViewSnapshot['plane'] = {
  ...{ origin: [0, 0, 0], right: [1, 0, 0], down: [0, 1, 0], normal: [0, 0, 1] },
  ...{ width: 100, height: 100, thicknessMm: 0, projection: 'max' },
};

/** A plane as it is shown, the crosshair at its middle. */
export const planeOf = (fields: Partial<MprViewSnapshot> = {}): MprViewSnapshot => ({
  ...{ label: EMPTY_PANE, point: [50, 50], traces: [], measures: [], isTurned: false, plane: PLANE },
  ...fields,
});

export const measureOf = (fields: Partial<ShownMeasure> = {}): ShownMeasure => ({
  ...{ id: 'm1', points: [], textAt: undefined, isSelected: false, text: undefined },
  ...fields,
});

/** Three planes that are ready. */
export const ready = (fields: Partial<MprSnapshot> = {}): MprSnapshot => ({
  ...EMPTY_MPR,
  status: 'ready',
  views: Object.fromEntries(VIEWS.map((id) => [id, planeOf()])),
  ...fields,
});

/** The same, the axial one like this. */
export const axial = (fields: Partial<MprViewSnapshot>): MprSnapshot => {
  const { views } = ready();
  return ready({ views: { ...views, axial: planeOf(fields) } });
};

/** Planes that show what they are told, and note what is done with them. */
export class MprSession {
  /** The one that was opened last. */
  static latest: MprSession | undefined;
  readonly done: string[] = [];
  readonly series: SeriesModel;
  crosshair: Vector3 | undefined = [1, 2, 3];
  /** What an end of a length lies under the crosshair, for the keyboard to take hold of. */
  endUnder: { readonly other: Vector3; readonly otherAt: ScreenPoint } | undefined;
  readonly #listeners = new Set<() => void>();
  #snapshot: MprSnapshot = EMPTY_MPR;

  constructor(series: SeriesModel, _ports: { readonly store: DrawingStore | undefined }) {
    this.series = series;
    MprSession.latest = this;
  }
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getSnapshot = (): MprSnapshot => this.#snapshot;
  show(snapshot: MprSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
  readonly #note = noteOf(this.done);
  readonly attach = () => () => undefined;
  readonly setActive = (active: ViewId): void => this.show({ ...this.#snapshot, active });
  readonly setSlab = (slab: MprSnapshot['slab']): void => {
    this.done.push(`slab ${slab.thicknessMm} ${slab.projection}`);
    this.show({ ...this.#snapshot, slab });
  };
  readonly open = this.#note('open');
  readonly close = this.#note('close');
  readonly pointAt = this.#note('pointAt');
  readonly moveBy = this.#note('moveBy');
  readonly scrollBy = this.#note('scrollBy');
  readonly turn = this.#note('turn');
  readonly zoomBy = this.#note('zoomBy');
  readonly panBy = this.#note('panBy');
  readonly reset = this.#note('reset');
  readonly hover = (): void => undefined;
  readonly patientAt = (_view: ViewId, [x, y]: ScreenPoint): Vector3 => [x, y, 0];
  readonly display = {
    invert: this.#note('invert'),
    dragWindow: this.#note('window'),
    applyPreset: ({ id }: { readonly id: string }): void => void this.done.push(`preset ${id}`),
  };
  readonly drawing = {
    draw: this.#note('draw'),
    remove: this.#note('remove'),
    setEnd: this.#note('setEnd'),
    undo: this.#said('undo'),
    redo: this.#said('redo'),
    endAt: () => this.endUnder,
    press: () => false,
    move: this.#note('move'),
    release: this.#note('release'),
    click: this.#note('click'),
  };
  #said(what: string): () => boolean {
    return () => this.done.push(what) > 0;
  }
}
