import type { AnnotationGeometry, AnnotationKind } from '@negatoscope/contract';
import { newId } from '../../api/new-id.ts';
import type { Content, Target } from '../annotations/kept-edit.ts';
import { pixelGeometry, placedPoints } from '../annotations/placed-points.ts';
import type { PixelPoint } from '../model/calibration.ts';
import { nextSpineLabel } from '../model/spine.ts';
import type { FrameModel } from '../model/study-model.ts';

/** An annotation to be drawn. */
export interface Drawn extends Target, Content {
  readonly id: string;
  readonly mayChange: boolean;
}

/** Where what is drawn is kept. Nothing is kept for who may only read. */
export interface DrawingStore {
  readonly canWrite: boolean;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => { readonly items: readonly Drawn[] };
  draw(id: string, target: Target, content: Content): void;
  change(id: string, change: Partial<Content>): void;
  remove(id: string): void;
  undo(): boolean;
  redo(): boolean;
}

/** A frame that a series of this session has. */
export interface PlacedFrame {
  readonly frame: FrameModel;
  readonly seriesInstanceUid: string;
}

export interface MeasurementPorts {
  readonly frameOf: (imageId: string) => PlacedFrame | undefined;
  /** The frame that the active pane shows. */
  readonly shown: () => FrameModel | undefined;
  readonly redraw: () => void;
}

/** A text that is asked for: of an annotation that was just placed, or of one that is there. */
export interface Asked {
  readonly paneId: string;
  /** Where in the pane, CSS px. */
  readonly at: PixelPoint;
  readonly kind: AnnotationKind;
  readonly label: string;
  readonly target: { readonly id: string } | { readonly place: Target; readonly geometry: AnnotationGeometry };
}

/** Kinds that are nothing without a text, and one that may have one. */
const ASKS: ReadonlySet<AnnotationKind> = new Set(['TEXT', 'SPINE_LABEL', 'ARROW']);

const NONE: readonly Drawn[] = [];

/** Names a frame, whatever the address of the server. */
export const placeKey = (sopInstanceUid: string, frame: number): string => `${sopInstanceUid}|${frame}`;

/**
 * What is drawn, between the panes and where it is kept. Nothing of it is kept here but what who may only read has drawn for themselves; that goes when the
 * session ends.
 */
export class Measurements {
  readonly #ports: MeasurementPorts;
  readonly #listeners = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  /** Drawn by who may only read, in order. */
  #own: readonly Drawn[] = NONE;
  /** The same before each step, to be taken back. */
  #before: (readonly Drawn[])[] = [];
  #store: DrawingStore | undefined;
  #unbind: (() => void) | undefined;
  /** By image and frame, of the snapshot for which it was made. */
  #index:
    | {
        readonly of: unknown;
        readonly all: readonly Drawn[];
        readonly placed: Map<string, Drawn[]>;
        readonly inSpace: readonly Drawn[];
      }
    | undefined;
  #selected: string | undefined;
  #asked: Asked | undefined;

  constructor(ports: MeasurementPorts) {
    this.#ports = ports;
  }

  destroy(): void {
    this.#unbind?.();
    this.#listeners.clear();
    this.#watchers.clear();
  }

  /** Draws what a store keeps, from now on; gives the end of it. */
  bind(store: DrawingStore): () => void {
    this.#unbind?.();
    this.#store = store;
    this.#own = NONE;
    this.#before = [];
    const stop = store.subscribe(() => this.refresh());
    this.refresh();
    const unbind = (): void => {
      stop();
      if (this.#store === store) this.#store = undefined;
    };
    this.#unbind = unbind;
    return unbind;
  }

  /** Hears when what is asked or selected changes. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Hears when what is drawn changes, for who draws it elsewhere than on a pane. */
  readonly watch = (listener: () => void): (() => void) => {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  };

  /** All that is drawn on the images of the session; the same list while nothing changes. */
  readonly getItems = (): readonly Drawn[] => this.#indexed().all;

  readonly getAsked = (): Asked | undefined => this.#asked;
  readonly getSelected = (): string | undefined => this.#selected;

  readonly select = (id: string | undefined): void => {
    if (this.#selected === id) return;
    this.#selected = id;
    this.#tell();
  };

  /** What lies on a frame, in the order in which it was drawn. */
  itemsOn(frame: FrameModel): readonly Drawn[] {
    const { placed, inSpace } = this.#indexed();
    const here = placed.get(placeKey(frame.sopInstanceUid, frame.frameNumber)) ?? NONE;
    if (inSpace.length === 0) return here;
    // Another series of the same frame of reference shows other things at these places.
    const series = this.#ports.frameOf(frame.imageId)?.seriesInstanceUid;
    const isOn = (item: Drawn): boolean => item.seriesInstanceUid === series && placedPoints(item.geometry, frame) !== undefined;
    return [...here, ...inSpace.filter(isOn)];
  }

  /** Takes what was drawn on a frame; a kind that has a text asks for it first. */
  finish(kind: AnnotationKind, points: readonly PixelPoint[], frame: FrameModel, ask: Pick<Asked, 'paneId' | 'at'>): void {
    const placed = this.#ports.frameOf(frame.imageId);
    if (placed === undefined) return;
    const place = targetOn(placed, kind);
    const geometry = pixelGeometry(points);
    const label = kind === 'SPINE_LABEL' ? this.#nextLabel(place) : '';
    if (ASKS.has(kind)) this.#ask({ ...ask, kind, label, target: { place, geometry } });
    else this.#add(place, { geometry, label: null });
  }

  /** Asks for another text of an annotation that has one; false for others. */
  askAgain({ id, kind, label, mayChange }: Drawn, ask: Pick<Asked, 'paneId' | 'at'>): boolean {
    if (!mayChange || !ASKS.has(kind)) return false;
    this.#ask({ ...ask, kind, label: label ?? '', target: { id } });
    return true;
  }

  /** The answer to what was asked; undefined draws nothing and changes nothing. */
  answer(text: string | undefined): void {
    const asked = this.#asked;
    this.#ask(undefined);
    if (asked === undefined || text === undefined) return;
    const label = text.trim() === '' ? null : text.trim();
    if (label === null && asked.kind !== 'ARROW') return;
    if ('id' in asked.target) this.#change(asked.target.id, { label });
    else this.#add(asked.target.place, { geometry: asked.target.geometry, label });
  }

  /** `textAt`: the middle of its text where that was moved. */
  readonly move = (id: string, points: readonly PixelPoint[], textAt: PixelPoint | undefined): void =>
    this.#change(id, { geometry: pixelGeometry(points, textAt) });

  /** Deletes what is selected, or else the latest of one's own on the image that is shown: nothing that nobody sees. False when there is none. */
  remove(): boolean {
    const shown = this.#ports.shown();
    const own = shown === undefined ? [] : this.itemsOn(shown).filter(({ mayChange }) => mayChange);
    const item = own.find(({ id }) => id === this.#selected) ?? own.at(-1);
    if (item === undefined) return false;
    this.discard(item);
    return true;
  }

  /** Deletes a drawing. */
  discard(item: Drawn): void {
    this.#selected = undefined;
    if (this.#own.includes(item)) this.#keepOwn(this.#own.filter((one) => one !== item));
    else this.#store?.remove(item.id);
  }

  /** Takes back the latest drawing, change or deletion on this study; false when there is none. */
  undo(): boolean {
    const before = this.#before.pop();
    if (before === undefined) return this.#store?.undo() ?? false;
    this.#showOwn(before);
    return true;
  }

  redo(): boolean {
    return this.#store?.redo() ?? false;
  }

  /** Draws what is kept as it is now. */
  refresh(): void {
    this.#ports.redraw();
    for (const listener of [...this.#watchers]) listener();
  }

  #indexed() {
    const items = this.#store?.getSnapshot().items ?? NONE;
    if (this.#index?.of === items) return this.#index;
    const placed = new Map<string, Drawn[]>();
    const inSpace: Drawn[] = [];
    const all = [...items, ...this.#own];
    for (const item of all) {
      // A star is no drawing.
      if (item.kind === 'KEY_IMAGE') continue;
      const key = placeKey(item.sopInstanceUid, item.frame);
      const there = placed.get(key);
      if (item.geometry.space === 'PATIENT') inSpace.push(item);
      else if (there === undefined) placed.set(key, [item]);
      else there.push(item);
    }
    this.#index = { of: items, all, placed, inSpace };
    return this.#index;
  }

  #add(place: Target, content: Content): void {
    const id = newId();
    if (this.#store?.canWrite === true) this.#store.draw(id, place, content);
    else this.#keepOwn([...this.#own, { id, ...place, ...content, mayChange: true }]);
  }

  #change(id: string, change: Partial<Content>): void {
    if (this.#own.some((one) => one.id === id))
      this.#keepOwn(this.#own.map((one) => (one.id === id ? { ...one, ...change } : one)));
    else this.#store?.change(id, change);
  }

  #keepOwn(own: readonly Drawn[]): void {
    this.#before.push(this.#own);
    this.#showOwn(own);
  }

  #showOwn(own: readonly Drawn[]): void {
    this.#own = own;
    this.#index = undefined;
    this.refresh();
  }

  /** After those that were given on this series. */
  #nextLabel({ seriesInstanceUid }: Target): string {
    const given = [...(this.#store?.getSnapshot().items ?? NONE), ...this.#own].filter(
      (item) => item.kind === 'SPINE_LABEL' && item.seriesInstanceUid === seriesInstanceUid,
    );
    return nextSpineLabel(given.map(({ label }) => label ?? ''));
  }

  #ask(asked: Asked | undefined): void {
    this.#asked = asked;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
    this.refresh();
  }
}

const targetOn = ({ frame, seriesInstanceUid }: PlacedFrame, kind: AnnotationKind): Target => ({
  seriesInstanceUid,
  sopInstanceUid: frame.sopInstanceUid,
  frame: frame.frameNumber,
  kind,
});
