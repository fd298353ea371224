import { eventTarget } from '@cornerstonejs/core';
import { annotation, Enums, type Types, utilities } from '@cornerstonejs/tools';
import type { AnnotationGeometry, AnnotationKind } from '@negatoscope/contract';
import { isSameGeometry, type Target } from '../annotations/kept-edit.ts';
import type { FrameModel } from '../model/study-model.ts';
import { geometryOf, groupOf, kindOf, moveTo, toLibrary } from './annotation-mapping.ts';

/** An annotation to be drawn. */
export interface Drawn extends Target {
  readonly id: string;
  readonly geometry: AnnotationGeometry;
  readonly mayChange: boolean;
}

/** Where what is drawn is kept. Nothing is kept for who may only read. */
export interface DrawingStore {
  readonly canWrite: boolean;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => { readonly items: readonly Drawn[] };
  draw(id: string, target: Target, geometry: AnnotationGeometry): void;
  change(id: string, geometry: AnnotationGeometry): void;
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
  readonly imageIdOf: (place: Target) => string | undefined;
  /** The image that the active pane shows. */
  readonly shownImageId: () => string | undefined;
  readonly elements: () => readonly HTMLDivElement[];
}

function measurementOf(event: Event): Types.Annotation | undefined {
  const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
  if (typeof detail !== 'object' || detail === null || !('annotation' in detail)) return undefined;
  // The library declares this event's detail as holding an annotation.
  return detail.annotation as Types.Annotation;
}

const { MOUSE_DOWN, MOUSE_UP, MOUSE_CLICK, TOUCH_START, TOUCH_END, TOUCH_TAP, ANNOTATION_COMPLETED } = Enums.Events;

/**
 * What is drawn, between the library and where it is kept. The library's own copy is made anew from what is kept whenever that changes, so that what is
 * seen is what colleagues see. Who may only read draws for themselves; all of that goes when the session ends.
 */
export class Measurements {
  readonly #ports: MeasurementPorts;
  /** What the library was given, or has drawn, of what is kept. */
  readonly #shown = new Set<string>();
  /** Drawn by who may only read, in order. */
  #own: string[] = [];
  #store: DrawingStore | undefined;
  #unbind: (() => void) | undefined;
  #isDragging = false;

  constructor(ports: MeasurementPorts) {
    this.#ports = ports;
    eventTarget.addEventListener(ANNOTATION_COMPLETED, this.#onCompleted);
  }

  destroy(): void {
    this.#unbind?.();
    eventTarget.removeEventListener(ANNOTATION_COMPLETED, this.#onCompleted);
    annotation.locking.unlockAllAnnotations();
    annotation.state.removeAllAnnotations();
  }

  /** Draws what a store keeps, from now on; gives the end of it. */
  bind(store: DrawingStore): () => void {
    this.#unbind?.();
    this.#store = store;
    const stop = store.subscribe(() => this.refresh());
    this.refresh();
    const unbind = (): void => {
      stop();
      if (this.#store === store) this.#store = undefined;
    };
    this.#unbind = unbind;
    return unbind;
  }

  /** Notices the end of drags on a pane; gives how to stop. */
  watch(element: HTMLDivElement): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    const onDown = (): void => {
      this.#isDragging = true;
    };
    const onUp = (): void => {
      this.#isDragging = false;
      // The tools end their edit on the same event.
      setTimeout(() => this.#keepChanges(), 0);
    };
    for (const type of [MOUSE_DOWN, TOUCH_START]) element.addEventListener(type, onDown, { signal });
    for (const type of [MOUSE_UP, MOUSE_CLICK, TOUCH_END, TOUCH_TAP]) element.addEventListener(type, onUp, { signal });
    return () => stop.abort();
  }

  /** Deletes what is selected, or else the latest of one's own on the image that is shown; false when there is none. */
  remove(): boolean {
    const selected = annotation.selection.getAnnotationsSelected().filter((uid) => this.#mayRemove(uid));
    const uid = selected.at(-1) ?? this.#latest();
    if (uid === undefined) return false;
    annotation.selection.deselectAnnotation(uid);
    if (this.#shown.has(uid)) this.#store?.remove(uid);
    else this.#removeOwn(uid);
    return true;
  }

  /** Takes back the latest drawing, change or deletion on this study; false when there is none. */
  undo(): boolean {
    const last = this.#own.at(-1);
    if (this.#store?.canWrite === true || last === undefined) return this.#store?.undo() ?? false;
    this.#removeOwn(last);
    return true;
  }

  redo(): boolean {
    return this.#store?.redo() ?? false;
  }

  /** Makes what the library draws equal to what is kept, on the frames that are known by now. */
  refresh(): void {
    const wanted = new Set<string>();
    for (const item of this.#store?.getSnapshot().items ?? []) {
      const imageId = this.#ports.imageIdOf(item);
      const frame = imageId === undefined ? undefined : this.#ports.frameOf(imageId)?.frame;
      if (frame !== undefined && this.#draw(item, frame)) wanted.add(item.id);
    }
    for (const uid of [...this.#shown]) {
      if (wanted.has(uid)) continue;
      this.#shown.delete(uid);
      annotation.selection.deselectAnnotation(uid);
      annotation.state.removeAnnotation(uid);
    }
    this.#render();
  }

  #draw(item: Drawn, frame: FrameModel): boolean {
    const present = annotation.state.getAnnotation(item.id);
    if (present === undefined) {
      const made = toLibrary(item, frame);
      if (made === undefined) return false;
      annotation.state.getAnnotationManager().addAnnotation(made, groupOf(frame));
    } else if (!this.#isDragging && !isSameGeometry(geometryOf(present, frame), item.geometry)) {
      moveTo(present, item.geometry, frame);
    }
    this.#shown.add(item.id);
    if (annotation.locking.isAnnotationLocked(item.id) === item.mayChange)
      annotation.locking.setAnnotationLocked(item.id, !item.mayChange);
    return true;
  }

  /** Keeps what a drag has changed. */
  #keepChanges(): void {
    const store = this.#store;
    for (const { id, geometry, mayChange, ...place } of store?.getSnapshot().items ?? []) {
      const present = mayChange ? annotation.state.getAnnotation(id) : undefined;
      const frame = this.#ports.frameOf(this.#ports.imageIdOf(place) ?? '')?.frame;
      if (present === undefined || frame === undefined) continue;
      const now = geometryOf(present, frame);
      if (!isSameGeometry(now, geometry)) store?.change(id, now);
    }
    // What came during the drag.
    this.refresh();
  }

  readonly #onCompleted = (event: Event): void => {
    const measurement = measurementOf(event);
    const { annotationUID: uid, metadata } = measurement ?? {};
    const kind = kindOf(metadata?.toolName ?? '');
    const placed = this.#ports.frameOf(metadata?.referencedImageId ?? '');
    if (measurement === undefined || uid === undefined || kind === undefined || placed === undefined) return;
    if (this.#store?.canWrite !== true) {
      this.#own.push(uid);
      return;
    }
    this.#shown.add(uid);
    this.#store.draw(uid, targetOn(placed, kind), geometryOf(measurement, placed.frame));
  };

  #mayRemove(uid: string): boolean {
    if (!this.#shown.has(uid)) return this.#own.includes(uid);
    return this.#store?.getSnapshot().items.find(({ id }) => id === uid)?.mayChange === true;
  }

  /** The latest of one's own on the image of the active pane: nothing that nobody sees is deleted. */
  #latest(): string | undefined {
    const imageId = this.#ports.shownImageId();
    if (imageId === undefined) return undefined;
    const isHere = (uid: string): boolean => annotation.state.getAnnotation(uid)?.metadata?.referencedImageId === imageId;
    const kept = (this.#store?.getSnapshot().items ?? []).filter(({ id, mayChange }) => mayChange && isHere(id));
    return this.#own.findLast(isHere) ?? kept.at(-1)?.id;
  }

  #removeOwn(uid: string): void {
    this.#own = this.#own.filter((one) => one !== uid);
    annotation.state.removeAnnotation(uid);
    this.#render();
  }

  #render(): void {
    for (const element of this.#ports.elements()) if (element.isConnected) utilities.triggerAnnotationRender(element);
  }
}

const targetOn = ({ frame, seriesInstanceUid }: PlacedFrame, kind: AnnotationKind): Target => ({
  seriesInstanceUid,
  sopInstanceUid: frame.sopInstanceUid,
  frame: frame.frameNumber,
  kind,
});
