import { eventTarget } from '@cornerstonejs/core';
import { annotation, Enums, type Types, utilities } from '@cornerstonejs/tools';

interface Step {
  readonly kind: 'added' | 'removed';
  readonly measurement: Types.Annotation;
  readonly element: HTMLDivElement;
}

/** Undo depth: more than a reader takes back, little enough to cost nothing. */
const MAX_STEPS = 50;

function measurementOf(event: Event): Types.Annotation | undefined {
  const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
  if (typeof detail !== 'object' || detail === null || !('annotation' in detail)) return undefined;
  // The library declares this event's detail as holding an annotation.
  return detail.annotation as Types.Annotation;
}

/** Measurements drawn in this session: deleting, and taking back. They are not stored; all go when the session ends. */
export class Measurements {
  readonly #steps: Step[] = [];
  readonly #activeElement: () => HTMLDivElement | undefined;

  constructor(activeElement: () => HTMLDivElement | undefined) {
    this.#activeElement = activeElement;
    eventTarget.addEventListener(Enums.Events.ANNOTATION_COMPLETED, this.#onCompleted);
  }

  destroy(): void {
    eventTarget.removeEventListener(Enums.Events.ANNOTATION_COMPLETED, this.#onCompleted);
    annotation.state.removeAllAnnotations();
  }

  /** Deletes what is selected, or else the latest measurement; false when there is none. */
  remove(): boolean {
    const element = this.#activeElement();
    const selected = annotation.selection.getAnnotationsSelected();
    const uid = selected.at(-1) ?? annotation.state.getAllAnnotations().at(-1)?.annotationUID;
    const measurement = uid === undefined ? undefined : annotation.state.getAnnotation(uid);
    if (element === undefined || uid === undefined || measurement === undefined) return false;
    annotation.selection.deselectAnnotation(uid);
    annotation.state.removeAnnotation(uid);
    this.#push({ kind: 'removed', measurement, element });
    this.#render(element);
    return true;
  }

  /** Takes back the latest drawing or deletion; false when there is none. */
  undo(): boolean {
    const step = this.#steps.pop();
    if (step === undefined) return false;
    const uid = step.measurement.annotationUID;
    if (step.kind === 'removed') annotation.state.addAnnotation(step.measurement, step.element);
    else if (uid !== undefined) annotation.state.removeAnnotation(uid);
    this.#render(step.element);
    return true;
  }

  #push(step: Step): void {
    this.#steps.push(step);
    if (this.#steps.length > MAX_STEPS) this.#steps.shift();
  }

  #render(element: HTMLDivElement): void {
    if (element.isConnected) utilities.triggerAnnotationRender(element);
  }

  readonly #onCompleted = (event: Event): void => {
    const measurement = measurementOf(event);
    const element = this.#activeElement();
    if (measurement !== undefined && element !== undefined) this.#push({ kind: 'added', measurement, element });
  };
}
